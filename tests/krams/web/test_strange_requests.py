"""What no browser of ours sends: too much of something, or what is no text.

Each is answered by a page in Danish that says so. What the portal sees is asked of the test client;
what the server before it must let through, of gunicorn with its own configuration.
"""

import os
import re
import socket
import sys
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client
from django.urls import Resolver404, resolve

from krams.enums import Role
from krams.web.middleware import MOST_DROPPED, MOST_OF_ADDRESS, MOST_OF_COOKIES
from scripts.access import routes
from tests.scale.servers import Process

LOGIN = "/konto/login/"
FORM = "application/x-www-form-urlencoded"
MEGABYTE = 1024 * 1024
# Of forms, in the cookie that any page sets.
TOKEN = "csrftoken=" + "a" * 32
TOO_MUCH = "Det er for meget på én gang"


def text(answer) -> str:
    return answer.content.decode()


def is_a_page(answer) -> bool:
    return "<h1>" in text(answer) and "</html>" in text(answer)


# --- Too much -----------------------------------------------------------------------------------


def test_a_form_of_5_megabytes(client, db):
    answer = client.post(LOGIN, b"login=" + b"x" * 5 * MEGABYTE, content_type=FORM)
    assert (answer.status_code, TOO_MUCH in text(answer)) == (413, True)


def test_a_text_of_5_megabytes_beside_a_file(client, db):
    answer = client.post(LOGIN, {"login": "x" * 5 * MEGABYTE})
    assert (answer.status_code, TOO_MUCH in text(answer)) == (413, True)


@pytest.mark.parametrize("kind", ["form", "multipart"])
def test_more_fields_than_a_week_has(client, db, kind):
    fields = {f"felt{number}": "x" for number in range(5_001)}
    sent = {"data": fields}
    if kind == "form":
        sent = {"data": "&".join(f"{name}=x" for name in fields), "content_type": FORM}
    answer = client.post(LOGIN, **sent)
    assert (answer.status_code, TOO_MUCH in text(answer)) == (413, True)


def test_2000_fields_that_no_form_has_are_nothing(client, db):
    fields = {f"felt{number}": "x" for number in range(2_000)}
    answer = client.post(LOGIN, {**fields, "login": "a@b.example", "password": "forkert"})
    assert answer.status_code == 422
    assert "felt1999" not in text(answer)


def test_more_files_than_any_form_takes(client, db):
    part = b'--x\r\nContent-Disposition: form-data; name="f"; filename="a.docx"\r\n\r\na\r\n'
    body = part * 101 + b"--x--\r\n"
    answer = client.post(LOGIN, body, content_type="multipart/form-data; boundary=x")
    assert (answer.status_code, TOO_MUCH in text(answer)) == (413, True)


@pytest.mark.parametrize("path", ["/hjaelp/?q=", "/findes-ikke/", "/static/"])
def test_an_address_longer_than_any_of_ours(client, db, path):
    answer = client.get(path + "x" * MOST_OF_ADDRESS)
    assert (answer.status_code, "Adressen er for lang" in text(answer)) == (414, True)


def test_a_long_address_that_may_be(client, db):
    assert client.get("/hjaelp/?q=" + "x" * (MOST_OF_ADDRESS - 20)).status_code == 200


def test_cookies_of_9_kilobytes(client, db):
    answer = client.get("/hjaelp/", headers={"Cookie": "fremmed=" + "x" * 9_000})
    assert (answer.status_code, "Browseren sendte for meget" in text(answer)) == (431, True)
    # Deleting is for the person to decide: cookies of other services may be among them.
    assert "Clear-Site-Data" not in answer.headers
    assert not answer.cookies


def test_other_services_cookies_that_may_be(client, db):
    cookies = "fremmed=" + "x" * (MOST_OF_COOKIES - 20)
    assert client.get("/hjaelp/", headers={"Cookie": cookies}).status_code == 200


# --- What is no text ----------------------------------------------------------------------------

NO_TEXT = ["%FF", "%C3%28", "%ED%A0%80", "%F4%90%80%80", "%00", "%0d%0aX: y", "%u00e6"]


@pytest.fixture
def coordinator(make_user, cluster):
    client = Client(raise_request_exception=False)
    client.force_login(make_user(Role.COORDINATOR, cluster=cluster))
    return client


@pytest.mark.parametrize("typed", NO_TEXT)
def test_what_is_no_text_breaks_nothing(coordinator, typed):
    """In the path, the query and a form; nothing of it becomes a header."""
    answers = {
        "path": coordinator.get(f"/klynger/{typed}/"),
        "query": coordinator.get(f"/soeg/?q={typed}"),
        "name": coordinator.get(f"/soeg/?{typed}=1"),
        "form": coordinator.post("/sprog/", f"language=da&next=/{typed}", content_type=FORM),
        "field": coordinator.post("/konto/indstillinger/", f"frequency={typed}", content_type=FORM),
        "cookie": coordinator.get("/hjaelp/", headers={"Cookie": f"django_language={typed}"}),
    }
    assert {name: one.status_code for name, one in answers.items() if one.status_code >= 500} == {}
    assert {name for name, one in answers.items() if "X" in one.headers} == set()
    assert answers["path"].status_code == 404
    assert is_a_page(answers["path"])


def test_no_address_asks_a_column_for_what_none_can_hold(coordinator):
    """PostgreSQL has no NUL in a text. A slug has none either: of it nothing is asked."""
    part = re.compile(r"<(?!int:)[^>]+>|\(\?P<\w+>[^)]*\)")
    paths = {
        "/" + re.sub(r"[\^$\\]", "", re.sub(r"<int:\w+>", "1", part.sub("a\0b", route)))
        for route in routes().values()
        if part.search(route)
    }
    taken = [path for path in paths if is_an_address(path)]
    assert len(taken) > 10
    answers = {
        path: {send(quote(path)).status_code for send in (coordinator.get, coordinator.post)}
        for path in taken
    }
    assert {path: found for path, found in answers.items() if found - {404, 405}} == {}


def is_an_address(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


@pytest.mark.parametrize("key", [r"abcdefgh\000", r"\377\376aaaaaaa", "a" * 5_000, "%00aaaaaaa"])
def test_a_session_that_is_no_text_is_none(db, key):
    for send in (Client().get, Client().post):
        answer = send("/botilbud/", headers={"Cookie": f'sessionid="{key}"'})
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(LOGIN)


@pytest.mark.parametrize(
    "name", [b"\xff\xfe.docx", b"a\x00.docx", b"../../x.docx", b"\xed\xa0\x80.docx", b"x" * 5_000]
)
def test_a_files_name_that_is_no_text(coordinator, name):
    field = b'Content-Disposition: form-data; name="file"; filename="' + name + b'"\r\n'
    body = b"--x\r\n" + field + b"\r\nindhold\r\n--x--\r\n"
    answer = coordinator.post(
        "/klynger/proeve/indlaesning/", body, content_type="multipart/form-data; boundary=x"
    )
    # A part whose own lines are longer than any is no part of a form.
    assert answer.status_code == (400 if len(name) > 1_000 else 422)
    assert is_a_page(answer)


@pytest.mark.parametrize(
    "kind",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=" + "x" * 300,
        "multipart/form-data; boundary=\xe6",
        f"{FORM}; charset=utf-16",
        f"{FORM}; charset=findes-ikke",
        "application/json",
        "x" * 500,
        "",
    ],
)
def test_a_kind_of_body_that_no_form_has(coordinator, kind):
    answer = coordinator.generic("POST", "/sprog/", b"\xff{language=en", kind)
    assert answer.status_code == 400
    assert "Det forstod portalen ikke" in text(answer)


# --- Behind the server --------------------------------------------------------------------------


class Server(Process):
    """Gunicorn as it is shipped, with a portal that has no database to ask."""

    def __init__(self) -> None:
        super().__init__("strange")
        own = {
            "DJANGO_SETTINGS_MODULE": "tests.scale.settings",
            "SECRET_KEY": "tests-of-requests-only-0123456789-abcdefghijklmnopqrst",
            "DATABASE_URL": f"sqlite:///{self.folder}/portal.sqlite3",
            "BIND": f"127.0.0.1:{self.port}",
            "WEB_WORKERS": "1",
            "DEBUG": "0",
            "HTTPS": "0",
        }
        command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
        self.run([*command, "krams.wsgi"], cwd=settings.BASE_DIR, env={**os.environ, **own})
        self.wait()

    def answers(self) -> bool:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", self.port)):
                return False
        return " 200 " in self.ask(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")

    def ask(self, sent: bytes, body: bytes = b"") -> str:
        """All of it is sent before anything is read, as browsers do: a broken pipe is a failure."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as connection:
            connection.sendall(sent + body)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65_536), b"")).decode(errors="replace")

    def post(self, path: str, body: bytes, *more: str, kind: str = FORM) -> str:
        return self.ask(head(path, f"Content-Length: {len(body)}", *more, kind=kind), body)

    def get(self, path: str, *more: str) -> str:
        lines = [f"GET {path} HTTP/1.1", "Host: localhost", *more, "Connection: close"]
        return self.ask("\r\n".join([*lines, "", ""]).encode())


def head(path: str, *more: str, kind: str = FORM) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Type: {kind}", *more]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode()


def in_parts(body: bytes) -> bytes:
    """As whoever sends it who does not say how long it is."""
    parts = [body[at : at + MEGABYTE] for at in range(0, len(body), MEGABYTE)]
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in [*parts, b""])


@pytest.fixture(scope="module")
def server():
    with Server() as running:
        yield running


def status(answer: str) -> int:
    return int(answer.split(" ", 2)[1])


@pytest.mark.parametrize("megabytes", [5, 40])
@pytest.mark.parametrize(
    ("path", "cookie", "expected"),
    [
        (LOGIN, TOKEN, 413),
        # Whose form it is, is asked before anybody reads it.
        (LOGIN, "", 403),
        ("/findes-ikke/", "", 404),
        ("/static/ui.js", "", 405),
    ],
)
def test_a_large_body_is_taken_in_and_answered(server, path, cookie, expected, megabytes):
    answer = server.post(path, b"x" * megabytes * MEGABYTE, f"Cookie: {cookie}")
    assert status(answer) == expected
    # Of a file there is no page that says so.
    assert ("</html>" in answer) is (expected != 405)
    assert (TOO_MUCH in answer) is (expected == 413)


PART = b'--x\r\nContent-Disposition: form-data; name="login"%b\r\n\r\n%b\r\n--x--\r\n'
MULTIPART = "multipart/form-data; boundary=x"
# Kind and body, and what is said to it: whose form it is, is seen as far as there is a form.
BODIES = {
    "a text beside files": (MULTIPART, PART % (b"", b"x" * 5 * MEGABYTE), 413),
    "a file": (MULTIPART, PART % (b'; filename="a.docx"', b"x" * 5 * MEGABYTE), 403),
    "a kind that no form has": ("application/json", b'"' + b"x" * 5 * MEGABYTE + b'"', 403),
    "fields": (FORM, b"&".join(b"felt%d=x" % number for number in range(5_001)), 413),
}


@pytest.mark.parametrize("what", BODIES)
def test_every_kind_of_body_is_taken_in_and_answered_by_a_page(server, what):
    kind, body, expected = BODIES[what]
    length = f"Content-Length: {len(body)}"
    for cookie, said in ((TOKEN, expected), ("", 403)):
        answer = server.post(LOGIN, body, f"Cookie: {cookie}", kind=kind)
        assert (status(answer), "</html>" in answer) == (said, True)
    # The health of the portal too is asked for without a body.
    for path, said in (("/healthz", 200), ("/findes-ikke/", 404)):
        assert status(server.ask(head(path, length, kind=kind), body)) == said
    # The same, in parts: nobody knows how much is to come.
    parts = head(LOGIN, "Transfer-Encoding: chunked", f"Cookie: {TOKEN}", kind=kind)
    answer = server.ask(parts, in_parts(body))
    assert (status(answer), "ikke, hvor meget" in answer) == (411, True)


def test_a_body_in_parts_that_are_none_is_no_error_of_the_portal(server):
    parts, before = head(LOGIN, "Transfer-Encoding: chunked"), len(server.said())
    for body in (b"zz\r\nabc", b"5\r\nabc", b"-1\r\n", b"0\r\nX: \x00\r\n\r\n", b""):
        assert status(server.ask(parts, body)) == 411, body
    assert '"level": "ERROR"' not in server.said()[before:]


def test_what_is_larger_than_the_proxy_lets_through_costs_no_time(server):
    """Nobody reads it to its end; whether the page still arrives depends on the sender."""
    length = MOST_DROPPED + 1
    answer = server.ask(head(LOGIN, f"Content-Length: {length}", f"Cookie: {TOKEN}"))
    assert status(answer) == 413


def test_gunicorn_leaves_long_addresses_and_cookies_to_the_portal(server):
    for long in (5_000, 9_000, 100_000):
        answer = server.get("/hjaelp/?q=" + "x" * long)
        assert (status(answer), "Adressen er for lang" in answer) == (414, True), long
    for long in (9_000, 60_000):
        answer = server.get("/hjaelp/", "Cookie: a=" + "x" * long)
        assert (status(answer), "Browseren sendte for meget" in answer) == (431, True), long


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "PUT", "DELETE", "PATCH", "FINDESIKKE"])
def test_a_method_that_no_page_knows(server, method):
    lines = f"{method} /hjaelp/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    answer = server.ask(f"{lines}X-Hemmelig: ekko\r\n\r\n".encode())
    assert status(answer) == 405
    assert "ekko" not in answer


@pytest.mark.parametrize(
    "sent",
    [
        "GET /hjaelp/ HTTP/1.1\r\n\r\n",
        "GET /hjaelp/ HTTP/1.1\r\nHost: ond.example\r\n\r\n",
        "GET /hjaelp/ HTTP/1.1\r\nHost: localhost\r\nHost: ond.example\r\n\r\n",
        "GET http://ond.example/hjaelp/ HTTP/1.1\r\nHost: ond.example\r\n\r\n",
        "POST /sprog/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        "POST /sprog/ HTTP/1.1\r\nHost: localhost\r\n"
        "Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "get /hjaelp/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /hjaelp/ HTTP/9.9\r\nHost: localhost\r\n\r\n",
    ],
)
def test_a_request_that_is_none_is_refused(server, sent):
    assert status(server.ask(sent.encode())) == 400
