"""Two web processes on one database are one portal, whichever of them is asked next."""

import pytest

from .browsers import Browser
from .servers import Portal


@pytest.fixture(scope="module")
def portals(database):
    with Portal(database) as one, Portal(database) as other:
        yield one, other


@pytest.fixture
def somebody(portals) -> Browser:
    return Browser(*portals)


def test_who_logs_in_at_one_is_logged_in_and_out_at_both(portals, somebody):
    somebody.log_in("medarbejder")
    for portal in portals:
        assert somebody.get("/botilbud/bakkehuset/i-dag/", at=portal).status == 200
    somebody.post("/konto/logout/", {}, at=portals[0])
    for portal in portals:
        answer = somebody.get("/botilbud/bakkehuset/i-dag/", at=portal)
        assert answer.path.startswith("/konto/login/")


def test_what_is_registered_at_one_is_told_and_counted_once_at_the_other(portals, somebody):
    somebody.log_in("medarbejder")
    before = len(somebody.exported())
    sent = somebody.registration(note="Kun én gang")
    told = somebody.post("/botilbud/bakkehuset/registrer/", sent)
    assert "Gåtur: gennemført, 7 deltagere" in told.text
    for portal in portals:
        again = somebody.post("/botilbud/bakkehuset/registrer/", sent, at=portal)
        assert again.status == 200
        assert len(somebody.exported()) == before + 1


def test_a_language_holds_at_both(portals, somebody):
    somebody.log_in("medarbejder")
    form = somebody.get("/botilbud/").form("/sprog/")
    somebody.post("/sprog/", {**form.data, "language": "en"})
    for portal in portals:
        assert '<html lang="en"' in somebody.get("/botilbud/", at=portal).text


def test_wrong_passwords_count_together(portals, somebody):
    """Five at one process would be ten at two, and eighty at sixteen."""
    refused = [somebody.try_to_log_in("kollega", "en-forkert-adgangskode") for _ in range(6)]
    assert "For mange forsøg" not in refused[4].text
    assert "For mange forsøg" in refused[5].text
    for portal in portals:
        # The right one too, and from another browser.
        assert "For mange forsøg" in Browser(portal).try_to_log_in("kollega").text


def test_what_was_sent_too_late_to_one_waits_at_the_other(portals, primary, database):
    somebody = Browser(*portals).log_in("leder")
    sent = somebody.registration(note="Skrevet for sent")
    over = "UPDATE django_session SET expire_date = now() - interval '1 minute'"
    primary.ask(over, database=database.rpartition("/")[2])
    asked = somebody.post("/botilbud/bakkehuset/registrer/", sent, at=portals[0])
    assert asked.path.startswith("/konto/login/")
    address = asked.form("/konto/login/").path
    login = {"login": "leder@proeve.example", "password": "en-god-adgangskode-2026"}
    shown = somebody.post(address, {**asked.form("/konto/login/").data, **login}, at=portals[1])
    assert "Skrevet for sent" in shown.text
