"""Somebody at a browser, speaking real HTTP to one portal or, page by page, to several."""

import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from http.cookiejar import CookieJar
from itertools import cycle

from tests.forms_on_pages import PageForm, read_page

from .servers import HOST, Caddy, Portal, until

PASSWORD = "en-god-adgangskode-2026"


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    path: str

    def form(self, ending: str) -> PageForm:
        """The form of the page that posts to an address with this ending."""
        forms, _links = read_page(self.text, self.path)
        [found] = [one for one in forms if urllib.parse.urlsplit(one.path).path.endswith(ending)]
        return found


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments):
        return None


class Browser:
    """With several portals each request goes to the next one, as with the least kind proxy."""

    def __init__(self, *portals: Portal | Caddy) -> None:
        self.jar = CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.jar), _NoRedirect
        )
        self._next = cycle(portals)

    def get(self, path: str, *, at: Portal | None = None) -> Answer:
        return self._ask(path, None, at)

    def post(
        self, path: str, fields: dict, *, at: Portal | None = None, follow: bool = True
    ) -> Answer:
        return self._ask(path, self._body(fields), at, follow=follow)

    def send(self, path: str, fields: dict | None = None, *, seconds: float = 60) -> Answer:
        """One request, by GET without ``fields``; a redirection is an answer of its own."""
        data = None if fields is None else self._body(fields)
        return self._once(next(self._next), path, data, seconds)[0]

    def _body(self, fields: dict) -> bytes:
        token = next(one.value for one in self.jar if one.name == "csrftoken")
        sent = {"csrfmiddlewaretoken": token, **fields}
        return urllib.parse.urlencode(sent, doseq=True).encode()

    def _ask(
        self, path: str, data: bytes | None, at: Portal | None, *, follow: bool = True
    ) -> Answer:
        """Follows redirections, each of them to the next portal."""
        for _ in range(5):
            answer, leads_to = self._once(at or next(self._next), path, data, 60)
            if answer.status not in (301, 302, 303) or not follow:
                return answer
            path, data = urllib.parse.urljoin(path, leads_to), None
        raise AssertionError(f"{path}: redirected for ever")

    def _once(
        self, portal: Portal | Caddy, path: str, data: bytes | None, seconds: float
    ) -> tuple[Answer, str]:
        """The answer, and where it leads."""
        request = urllib.request.Request(portal.address + path, data, {"Host": HOST})
        try:
            with self._opener.open(request, timeout=seconds) as response:
                return Answer(response.status, response.read().decode(), path), ""
        except urllib.error.HTTPError as error:
            with error:
                answer = Answer(error.code, error.read().decode(), path)
                return answer, error.headers["Location"] or ""

    def try_to_log_in(self, name: str, password: str = PASSWORD) -> Answer:
        # 503 on a machine with much else to do: whoever gets that page loads it again.
        until(lambda: self.get("/konto/login/").status == 200, every=0.5, what="the log-in")
        return self.post("/konto/login/", {"login": f"{name}@proeve.example", "password": password})

    def log_in(self, name: str) -> "Browser":
        answer = self.try_to_log_in(name)
        assert answer.status == 200, answer.text
        assert "/konto/logout/" in answer.text
        return self

    def registration(self, **fields: str) -> dict:
        """The form for something unplanned, filled in."""
        form = self.get("/botilbud/bakkehuset/i-dag/").form("/registrer/")
        sent = {name: values for name, values in form.data.items() if name != "csrfmiddlewaretoken"}
        sent["activity_type"] = form.offers["activity_type"]
        return {**sent, "participant_count": "7", **fields}

    def register(self, **fields: str) -> Answer:
        answer = self.post("/botilbud/bakkehuset/registrer/", self.registration(**fields))
        assert answer.status == 200, answer.text
        return answer

    def exported(self, query: str = "") -> list[str]:
        """The lines of the log as a file, without the head."""
        answer = self.get("/botilbud/bakkehuset/registreringer.csv" + query)
        assert answer.status == 200, answer.text
        return answer.text.splitlines()[1:]
