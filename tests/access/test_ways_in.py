"""Where the ways in lead: never elsewhere, and never with a session that somebody else prepared."""

from urllib.parse import urlsplit

import pytest
from django.test import Client

from krams.models import User
from tests.conftest import PASSWORD

ELSEWHERE = (
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "http://evil.example/",
    "https:evil.example",
    "http:///evil.example",
    "http:\\\\evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
    "https://evil.example\\@testserver/",
    "/\t/evil.example",
    "\t//evil.example",
    "\x00//evil.example",
    "/\n/evil.example",
    "//evil.example%2f@testserver",
    "///testserver@evil.example",
)


@pytest.fixture
def person(db):
    return User.objects.create_user("konto@proeve.example", PASSWORD, name="Konto")


def leads_elsewhere(location: str) -> bool:
    """As a browser reads it: backslashes are slashes, and tabs and line ends are not there."""
    seen = location.strip().replace("\\", "/")
    for gone in ("\t", "\n", "\r", "\x00"):
        seen = seen.replace(gone, "")
    parts = urlsplit(seen)
    return seen.startswith("//") or parts.scheme != "" or parts.netloc not in ("", "testserver")


@pytest.mark.parametrize("target", ELSEWHERE)
def test_the_log_in_leads_nowhere_else(client, person, target):
    sent = {"login": person.email, "password": PASSWORD, "next": target}
    answer = client.post("/konto/login/", sent)
    assert answer.status_code == 302
    assert not leads_elsewhere(answer.headers["Location"])
    # Once logged in, the page leads on by itself.
    again = client.get("/konto/login/", {"next": target})
    assert again.status_code == 302
    assert not leads_elsewhere(again.headers["Location"])


@pytest.mark.parametrize("target", ELSEWHERE)
def test_neither_do_the_language_the_log_out_nor_the_administration(client, person, target):
    answer = client.post("/sprog/", {"language": "en", "next": target})
    assert answer.status_code == 302
    assert not leads_elsewhere(answer.headers["Location"])
    answer = client.get("/admin/login/", {"next": target})
    assert answer.status_code == 302
    assert urlsplit(answer.headers["Location"]).path == "/konto/login/"
    assert not leads_elsewhere(answer.headers["Location"])
    client.force_login(person)
    answer = client.post("/konto/logout/", {"next": target})
    assert answer.status_code == 302
    assert not leads_elsewhere(answer.headers["Location"])


def test_a_session_from_before_the_log_in_is_worth_nothing_after_it(person):
    """Whoever knows the key that the browser had, such as by setting it, is not logged in by it."""
    client, other = Client(), Client()
    answer = client.post("/botilbud/mosbjerghus/registrer/", {"note": "Skrevet"})
    assert answer.status_code == 302
    session = client.session
    session["known"] = "before"
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    assert (
        client.post("/konto/login/", {"login": person.email, "password": PASSWORD}).status_code
        == 302
    )
    after = client.cookies["sessionid"].value
    assert after != before
    assert client.get("/konto/indstillinger/").status_code == 200
    other.cookies["sessionid"] = before
    assert other.get("/konto/indstillinger/").status_code == 302


def test_a_session_that_was_never_there_is_not_taken_over(person):
    client = Client()
    client.cookies["sessionid"] = "a" * 32
    sent = {"login": person.email, "password": PASSWORD}
    assert client.post("/konto/login/", sent).status_code == 302
    assert client.cookies["sessionid"].value != "a" * 32


def test_a_session_ends_with_the_log_out_and_with_a_new_password(client, person):
    sent = {"login": person.email, "password": PASSWORD}
    client.post("/konto/login/", sent)
    copied = Client()
    copied.cookies["sessionid"] = client.cookies["sessionid"].value
    assert copied.get("/konto/indstillinger/").status_code == 200
    client.post("/konto/logout/")
    assert copied.get("/konto/indstillinger/").status_code == 302
    client.post("/konto/login/", sent)
    copied.cookies["sessionid"] = client.cookies["sessionid"].value
    person.set_password("en-helt-anden-adgangskode")
    person.save()
    assert copied.get("/konto/indstillinger/").status_code == 302
