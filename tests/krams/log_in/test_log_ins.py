"""The list of one's own log-ins: what it says, and how they are ended."""

import datetime as dt

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from krams.audit.networks import in_words
from krams.enums import AuditKind, Role
from krams.models import AuditEntry, LogIn, User
from krams.people.browsers import families

from ...conftest import PASSWORD

pytestmark = pytest.mark.django_db
PAGE, SETTINGS, AGAIN = "/konto/log-ins/", "/konto/indstillinger/", "/konto/reauthenticate/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def person(make_user, facility):
    return make_user(Role.STAFF, facility=facility)


@pytest.fixture
def clock():
    with time_machine.travel(dt.datetime(2026, 11, 21, 10, 0, tzinfo=dt.UTC), tick=False) as clock:
        yield clock


def log_in(person, agent=FIREFOX, address="192.0.2.17", **fields) -> Client:
    client = Client(HTTP_USER_AGENT=agent, REMOTE_ADDR=address)
    client.post("/konto/login/", {"login": person.email, "password": PASSWORD, **fields})
    return client


def is_in(client) -> bool:
    return client.get(SETTINGS).status_code == 200


def listed(client) -> list:
    return client.get(PAGE).context["log_ins"]


def confirm(client) -> None:
    assert client.post(AGAIN, {"password": PASSWORD}).status_code == 302


def test_the_list_says_where_and_when(person, clock, make_user):
    log_in(person, PHONE, "2001:db8:1:2::3")
    log_in(make_user())
    clock.shift(dt.timedelta(minutes=31))
    here = log_in(person)
    page = here.get(PAGE).content.decode()
    assert "Firefox på Windows" in page
    assert "Safari på iPhone" in page
    assert "netværk 192.0.2.x" in page
    assert "netværk 2001:db8:1:x" in page
    assert "192.0.2.17" not in page
    assert page.count("her og nu") == 1
    assert [one.system for one in listed(here)] == ["Windows", "iPhone"]
    assert [one.since for one in listed(here)] == [
        dt.datetime(2026, 11, 21, 10, 31, tzinfo=dt.UTC),
        dt.datetime(2026, 11, 21, 10, 0, tzinfo=dt.UTC),
    ]


def test_use_is_noted_about_every_ten_minutes(person, clock):
    client = log_in(person)
    clock.shift(dt.timedelta(minutes=9))
    client.get("/")
    assert listed(client)[0].last_seen == timezone.now() - dt.timedelta(minutes=9)
    clock.shift(dt.timedelta(minutes=2))
    client.get("/")
    assert listed(client)[0].last_seen == timezone.now()


def test_what_opens_nothing_any_more_is_not_listed(person, clock):
    """Logged out, run out, unused for too long, and ended by a new password."""
    here = log_in(person)
    assert len(listed(here)) == 1
    log_in(person).post("/konto/logout/")
    log_in(person, shared_computer="on")
    assert len(listed(here)) == 2
    clock.shift(dt.timedelta(minutes=20))
    assert len(listed(here)) == 1
    person.set_password(PASSWORD + "-2")
    person.save()
    new = Client()
    new.post("/konto/login/", {"login": person.email, "password": PASSWORD + "-2"})
    assert len(listed(new)) == 1
    clock.shift(dt.timedelta(hours=11))
    newest = Client()
    newest.post("/konto/login/", {"login": person.email, "password": PASSWORD + "-2"})
    assert len(listed(newest)) == 1


def test_one_is_ended_after_the_password_and_the_others_stay(person):
    there, here = log_in(person, PHONE), log_in(person)
    phone = next(one for one in listed(here) if one.system == "iPhone")
    asked = here.post(PAGE, {"end": phone.pk})
    assert asked.url.startswith(f"{AGAIN}?next=")
    assert is_in(there)
    # The password given, what was pressed is done.
    done = here.post(asked.url, {"password": PASSWORD, "next": PAGE}, follow=True)
    assert "Du er logget ud dér." in done.content.decode()
    assert [is_in(one) for one in (there, here)] == [False, True]
    assert [one.system for one in listed(here)] == ["Windows"]
    entry = AuditEntry.objects.filter(kind=AuditKind.LOG_OUT).get()
    assert (entry.actor, entry.details) == (person, {"what": "ended"})


def test_a_wrong_password_ends_nothing(person):
    there, here = log_in(person, PHONE), log_in(person)
    here.post(PAGE, {"end": "all"})
    here.post(AGAIN, {"password": "forkert-adgangskode", "next": PAGE})
    assert is_in(there)
    assert is_in(here)


def test_this_one_is_a_log_out(person):
    here = log_in(person)
    confirm(here)
    answer = here.post(PAGE, {"end": listed(here)[0].pk})
    assert (answer.url, "Clear-Site-Data" in answer.headers) == ("/konto/login/", True)
    assert not is_in(here)


@pytest.mark.parametrize("which", ["", "x", "0", "-1", "9" * 30, "\0", "1 OR 1=1"])
def test_what_is_none_of_ones_own_is_over_already(person, make_user, which):
    other, here = log_in(make_user()), log_in(person)
    confirm(here)
    for one in (which, LogIn.objects.exclude(user=person).get().pk):
        page = here.post(PAGE, {"end": one}, follow=True)
        assert "Det login er allerede slut." in page.content.decode()
    assert is_in(other)


def test_one_that_ends_meanwhile_is_over_already(person, monkeypatch):
    there, here = log_in(person, PHONE), log_in(person)
    confirm(here)
    found = listed(here)
    there.post("/konto/logout/")
    monkeypatch.setattr("krams.log_in.views.account.open_log_ins", lambda user: found)
    [other] = [one.pk for one in found if one.system == "iPhone"]
    page = here.post(PAGE, {"end": other}, follow=True)
    assert "Det login er allerede slut." in page.content.decode()
    assert not AuditEntry.objects.filter(kind=AuditKind.LOG_OUT, details__what="ended").exists()


def test_another_key_after_the_password_was_given_once_more(person):
    """ASVS 7.2.4: whoever has copied the cookie does not get what was confirmed."""
    here = log_in(person)
    before = here.cookies["sessionid"].value
    confirm(here)
    after = here.cookies["sessionid"].value
    assert before != after
    assert not Session.objects.filter(pk=before).exists()
    assert [one.key for one in listed(here)] == [after]
    assert LogIn.objects.count() == 1


def test_the_row_goes_with_its_session(person, clock):
    client = log_in(person)
    assert LogIn.objects.get().user == person
    client.post("/konto/logout/")
    assert not LogIn.objects.exists()
    log_in(person)
    clock.shift(dt.timedelta(days=3))
    call_command("retention")
    assert not LogIn.objects.exists()


def test_a_session_from_before_the_upgrade_is_listed_when_it_is_used(person, clock):
    client = log_in(person)
    LogIn.objects.all().delete()
    session = client.session
    del session["noted"], session["last_seen"], session["logged_in_from"]
    super(type(session), session).save()
    assert is_in(client)
    assert [one.browser for one in listed(client)] == [""]
    assert "Ukendt browser" in client.get(PAGE).content.decode()


def test_an_administrator_of_the_portal_logs_somebody_out(person, client):
    there = log_in(person)
    admin = User.objects.create_superuser("admin@proeve.example", name="Admin")
    client.force_login(admin)
    data = {"action": "end_sessions", "_selected_action": [person.pk]}
    client.post("/admin/krams/user/", data)
    assert not is_in(there)
    assert is_in(log_in(person))
    entry = AuditEntry.objects.get(kind=AuditKind.LOG_OUT_EVERYWHERE)
    assert (entry.actor, entry.about) == (admin, f"account:{person.pk}")


@pytest.mark.parametrize(
    ("agent", "found"),
    [
        (FIREFOX, ("Firefox", "Windows")),
        (PHONE, ("Safari", "iPhone")),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36", ("Chrome", "Linux")),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537 Edg/140", ("Edge", "Windows")),
        (
            "Mozilla/5.0 (Linux; Android 15) SamsungBrowser/28 Chrome/1",
            ("Samsung Internet", "Android"),
        ),
        ("Mozilla/5.0 (X11; CrOS x86_64) Chrome/140 Safari/537", ("Chrome", "ChromeOS")),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15) Version/18 Safari/605", ("Safari", "Mac")),
        ("<script>alert(1)</script>", ("", "")),
        ("", ("", "")),
    ],
)
def test_families_of_browsers(agent, found):
    assert families(agent) == found


def test_networks_in_words():
    assert in_words("192.0.2.0/24") == "192.0.2.x"
    assert in_words("2001:db8:1::/48") == "2001:db8:1:x"
    assert in_words("") == ""
