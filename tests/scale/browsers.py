"""Somebody at a browser, speaking real HTTP to one portal or, page by page, to several."""

import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from http.cookiejar import CookieJar
from itertools import cycle

from tests.forms_on_pages import PageForm, read_page

from .servers import HOST, Caddy, Portal

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
        token = next(one.value for one in self.jar if one.name == "csrftoken")
        sent = {"csrfmiddlewaretoken": token, **fields}
        data = urllib.parse.urlencode(sent, doseq=True).encode()
        return self._ask(path, data, at, follow=follow)

    def _ask(
        self, path: str, data: bytes | None, at: Portal | None, *, follow: bool = True
    ) -> Answer:
        """Follows redirections, each of them to the next portal."""
        for _ in range(5):
            portal = at or next(self._next)
            request = urllib.request.Request(portal.address + path, data, {"Host": HOST})
            try:
                with self._opener.open(request, timeout=60) as response:
                    return Answer(response.status, response.read().decode(), path)
            except urllib.error.HTTPError as error:
                if error.code not in (301, 302, 303) or not follow:
                    return Answer(error.code, error.read().decode(), path)
                path, data = urllib.parse.urljoin(path, error.headers["Location"]), None
        raise AssertionError(f"{path}: redirected for ever")

    def try_to_log_in(self, name: str, password: str = PASSWORD) -> Answer:
        self.get("/konto/login/")
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
