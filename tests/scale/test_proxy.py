"""Two portals behind the proxy: one may stop, at a restart or for good, and nobody notices."""

import http.client
import json
import socket
import urllib.request
from collections import Counter

import pytest

from .browsers import Browser
from .servers import HOST, Caddy, Portal

PAGES = ["/botilbud/", "/botilbud/bakkehuset/i-dag/", "/botilbud/bakkehuset/uge/"]


@pytest.fixture(scope="module")
def portals(database):
    # As behind a proxy on another machine; each tells its requests in its log.
    own = {"BEHIND_PROXY": "1", "LOG_LEVEL": "INFO"}
    with Portal(database, **own) as one, Portal(database, **own) as other:
        yield one, other


@pytest.fixture(scope="module")
def proxy(portals):
    with Caddy(*portals) as running:
        yield running


def requests_at(portals) -> Counter:
    return Counter({portal.port: portal.said().count("/botilbud/") for portal in portals})


def test_a_journey_goes_through_both(portals, proxy):
    somebody = Browser(proxy).log_in("medarbejder")
    before = len(somebody.exported())
    for number in range(6):
        somebody.register(note=f"Nummer {number}")
        assert {somebody.get(page).status for page in PAGES} == {200}
    assert len(somebody.exported()) == before + 6
    # Both had their share, without one noticing.
    assert all(count > 5 for count in requests_at(portals).values())


def test_the_proxy_gives_each_request_its_id_and_nobody_else_does(portals, proxy):
    own = "11111111-1111-4111-8111-111111111111"
    request = urllib.request.Request(
        f"{proxy.address}/hjaelp/", headers={"Host": HOST, "X-Request-ID": own}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        given = answer.headers["X-Request-ID"]
    # Caddy's has dashes, the portal's has none.
    assert given != own
    assert given.count("-") == 4
    lines = [line for portal in portals for line in portal.said().splitlines() if given in line]
    assert [json.loads(line)["path"] for line in lines] == ["/hjaelp/"]


def sent(proxy, head: str, body: bytes = b"") -> str:
    """What comes back; "" where the proxy hung up."""
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=20) as connection:
        try:
            connection.sendall(f"{head}Host: {HOST}\r\nConnection: close\r\n\r\n".encode() + body)
            answer = b"".join(iter(lambda: connection.recv(65_536), b""))
        except ConnectionError:
            return ""
    return answer.decode(errors="replace")


def test_long_cookies_and_addresses_get_a_page_of_the_portal(proxy):
    assert "Browseren sendte for meget" in sent(
        proxy, f"GET /hjaelp/ HTTP/1.1\r\nCookie: a={'x' * 9_000}\r\n"
    )
    assert "Adressen er for lang" in sent(proxy, f"GET /hjaelp/?q={'x' * 9_000} HTTP/1.1\r\n")
    parts = "POST /konto/login/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
    assert "ikke, hvor meget den sender" in sent(proxy, parts, b"3\r\na=b\r\n0\r\n\r\n")


def test_what_is_broken_on_purpose_takes_the_portal_from_nobody(portals):
    """As many times as there are portals: each could be taken for one that is down."""
    broken = "POST /konto/login/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
    form = "POST /konto/login/ HTTP/1.1\r\nContent-Length: 3\r\n"
    with Caddy(portals[0]) as alone:
        for _try in range(3):
            assert "HTTP/1.1 502" in sent(alone, broken, b"zz\r\nabc")
            assert "Formularen er for gammel" in sent(alone, form, b"a=b")


def test_nobody_notices_that_one_portal_stops(portals, proxy):
    somebody = Browser(proxy).log_in("leder")
    sent = somebody.registration(note="Skrevet imens")
    portals[0].stop()
    for _round in range(5):
        assert {somebody.get(page).status for page in PAGES} == {200}
    assert somebody.post("/botilbud/bakkehuset/registrer/", sent).status == 200
    assert sum("Skrevet imens" in line for line in somebody.exported()) == 1


def test_over_plain_http_browsers_are_sent_on_and_a_calendar_is_refused(portals, proxy):
    for path, status, where in (
        ("/hjaelp/?q=a", 301, f"https://{HOST}/hjaelp/?q=a"),
        ("/kalender/en-hemmelighed.ics", 403, None),
    ):
        plain = http.client.HTTPConnection("127.0.0.1", proxy.plain, timeout=10)
        plain.request("GET", path, headers={"Host": HOST})
        answer = plain.getresponse()
        assert (answer.status, answer.headers["Location"]) == (status, where)
        plain.close()
