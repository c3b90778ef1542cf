"""Sessions that end: by themselves, by a press of the button, everywhere; and what they leave."""

import datetime as dt
import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.conf import settings as django_settings
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.http import HttpRequest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from krams.enums import AuditKind, Role
from krams.models import AuditEntry, User
from krams.people.sessions import SessionStore
from krams.web.addresses import leads_to_a_page, page_before

from ...conftest import PASSWORD

pytestmark = pytest.mark.django_db
SETTINGS, LOGIN, TIME = "/konto/indstillinger/", "/konto/login/", "/konto/tid/"
EVERYWHERE = "/konto/log-ins/"
ALLOWED = {"sessionid", "csrftoken", "django_language"}
PARTIAL = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def person(make_user, facility):
    return make_user(Role.MANAGER, facility=facility)


@pytest.fixture
def clock():
    with time_machine.travel(dt.datetime(2026, 11, 21, 10, 0, tzinfo=dt.UTC), tick=False) as clock:
        yield clock


def log_in(person, client=None, **fields) -> Client:
    client = client or Client()
    client.post(LOGIN, {"login": person.email, "password": PASSWORD, **fields})
    return client


def is_in(client) -> bool:
    return client.get(SETTINGS).status_code == 200


def asks_in(page) -> int:
    return int(re.search(r"load delay:(\d+)s", page.content.decode())[1])


def test_a_log_in_ends_after_its_hours_however_much_it_is_used(person, clock, settings):
    settings.IDLE_MINUTES = 60
    client = log_in(person)
    for _fifty_minutes in range(11):
        clock.shift(dt.timedelta(minutes=50))
        assert is_in(client)
    clock.shift(dt.timedelta(minutes=50))
    page = client.post(SETTINGS, {"digest_frequency": "never"}, follow=True)
    assert page.redirect_chain[0][0].startswith(LOGIN)
    assert "så længe, som man kan være" in page.content.decode()
    # A new one begins anew, with what was sent too late.
    assert is_in(log_in(person, client))


# --- Idle ---------------------------------------------------------------------------------------


def test_two_minutes_before_a_dialog_offers_to_stay(person, clock):
    client = log_in(person, shared_computer="on")
    assert asks_in(client.get(SETTINGS)) == 13 * 60 + 1
    clock.shift(dt.timedelta(minutes=13, seconds=2))
    warned = client.get(TIME, **PARTIAL)
    page = warned.content.decode()
    assert "<dialog" in page
    assert "om 2 minutter" in page
    assert "Bliv logget ind" in page
    clock.shift(dt.timedelta(minutes=1, seconds=50))
    again = client.post(TIME, **PARTIAL)
    assert "<dialog" not in again.content.decode()
    assert asks_in(again) == 13 * 60 + 1
    clock.shift(dt.timedelta(minutes=14))
    assert is_in(client)


def test_asking_is_no_use_and_who_does_not_answer_is_out(person, clock):
    client = log_in(person, shared_computer="on")
    client.get(SETTINGS)
    for _one in range(15):
        clock.shift(dt.timedelta(minutes=1))
        client.get(TIME, **PARTIAL)
    clock.shift(dt.timedelta(seconds=2))
    assert client.get(TIME, **PARTIAL).status_code == 401
    assert not is_in(client)


def test_another_tab_that_is_used_puts_the_warning_off(person, clock):
    client = log_in(person, shared_computer="on")
    client.get(SETTINGS)
    clock.shift(dt.timedelta(minutes=10))
    client.get("/")
    clock.shift(dt.timedelta(minutes=3, seconds=2))
    answer = client.get(TIME, **PARTIAL)
    assert "<dialog" not in answer.content.decode()
    assert asks_in(answer) == 10 * 60 - 1


def test_a_limit_of_a_minute_warns_for_half_of_it(person, clock, settings):
    settings.SHARED_COMPUTER_MINUTES = 1
    client = log_in(person, shared_computer="on")
    assert asks_in(client.get(SETTINGS)) == 31
    clock.shift(dt.timedelta(seconds=32))
    assert "<dialog" in client.get(TIME, **PARTIAL).content.decode()


def test_all_computers_can_have_a_limit(person, clock, settings):
    settings.IDLE_MINUTES = 60
    client = log_in(person)
    assert asks_in(client.get(SETTINGS)) == 58 * 60 + 1
    assert not client.session.get_expire_at_browser_close()
    clock.shift(dt.timedelta(minutes=61))
    page = client.get(SETTINGS, follow=True)
    assert "fordi der ikke skete noget" in page.content.decode()


def test_without_a_limit_nothing_asks(person):
    client = log_in(person)
    assert b'id="idle"' not in client.get(SETTINGS).content
    assert client.get(TIME, **PARTIAL).url == "/"


def test_the_address_itself_is_no_page(person, clock):
    client = log_in(person, shared_computer="on")
    assert client.get(TIME).url == "/"
    assert Client().get(TIME, **PARTIAL).status_code == 401


def test_what_is_sent_after_an_idle_time_is_kept(person, clock, facility):
    client = log_in(person, shared_computer="on")
    client.get(SETTINGS)
    clock.shift(dt.timedelta(minutes=20))
    url = reverse("initiatives:register", args=[facility.slug])
    assert client.post(url, {"note": "Gåtur i regn"}).url == f"{LOGIN}?next=/ikke-sendt/"
    log_in(person, client)
    assert "Gåtur i regn" in client.get("/ikke-sendt/").content.decode()


# --- Leaving ------------------------------------------------------------------------------------


def test_logging_out_empties_the_browser(person, clock):
    client = log_in(person)
    assert "Clear-Site-Data" not in client.get(SETTINGS).headers
    assert client.post("/konto/logout/").headers["Clear-Site-Data"] == '"cache", "storage"'
    client = log_in(person, shared_computer="on")
    client.get(SETTINGS)
    clock.shift(dt.timedelta(minutes=20))
    assert client.get(SETTINGS).headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in client.get(LOGIN).headers


def test_who_logs_in_finds_nothing_of_whoever_was_there_before(person):
    """Their session may have ended elsewhere: no answer to this browser has emptied it."""
    client = log_in(person)
    client.session.delete()
    came = client.post(LOGIN, {"login": person.email, "password": PASSWORD})
    assert (came.status_code, came.headers["Clear-Site-Data"]) == (302, '"storage"')
    assert "Clear-Site-Data" not in client.get(SETTINGS).headers
    refused = Client().post(LOGIN, {"login": person.email, "password": "forkert"})
    assert "Clear-Site-Data" not in refused.headers


def test_logging_out_everywhere_ends_all_of_ones_sessions_and_nobody_elses(
    person, make_user, facility
):
    here, there, other = log_in(person), log_in(person), log_in(make_user())
    assert is_in(there)
    here.post("/konto/reauthenticate/", {"password": PASSWORD})
    done = here.post(EVERYWHERE, {"end": "all"})
    assert (done.url, "Clear-Site-Data" in done.headers) == (LOGIN, True)
    assert "Du er logget ud overalt." in here.get(LOGIN).content.decode()
    assert [is_in(one) for one in (here, there, other)] == [False, False, True]
    assert is_in(log_in(person))
    entry = AuditEntry.objects.get(kind=AuditKind.LOG_OUT_EVERYWHERE)
    assert (entry.actor, entry.about) == (person, f"account:{person.pk}")


def test_it_takes_a_form_of_ones_own(person):
    client = log_in(person, Client(enforce_csrf_checks=True))
    client.force_login(person)
    assert client.post(EVERYWHERE, {"end": "all"}).status_code == 403
    assert is_in(client)


def test_an_account_that_never_did_stays_logged_in_over_the_upgrade(person):
    """The hash that sessions hold is Django's own until then."""
    plain = super(User, person)._get_session_auth_hash()
    assert person.get_session_auth_hash() == plain
    person.sessions_ended_at = timezone.now()
    assert person.get_session_auth_hash() != plain


def test_who_loses_a_phone_is_logged_out_on_it(person, client):
    there = log_in(person)
    Authenticator.objects.create(user=person, type="totp", data={})
    client.force_login(User.objects.create_superuser("admin@proeve.example", name="Admin"))
    data = {"action": "reset_second_step", "_selected_action": [person.pk]}
    client.post("/admin/krams/user/", data)
    assert not is_in(there)
    kept = AuditEntry.objects.filter(kind=AuditKind.SECOND_STEP)
    assert kept.filter(about=f"account:{person.pk}").exists()


def test_a_session_that_was_there_before_the_log_in_is_not_the_one_after_it(person):
    client = Client()
    client.post(LOGIN, {"login": person.email, "password": "forkert-adgangskode"})
    client.cookies["sessionid"] = "a" * 32
    log_in(person, client)
    assert client.cookies["sessionid"].value != "a" * 32
    assert is_in(client)


# --- Cookies ------------------------------------------------------------------------------------


def test_there_are_three_cookies(person, facility, clock):
    client = Client()
    seen = set()
    register = reverse("initiatives:register", args=[facility.slug])
    for method, path, data in (
        ("get", LOGIN, {}),
        ("post", LOGIN, {"login": person.email, "password": "forkert-adgangskode"}),
        ("post", LOGIN, {"login": person.email, "password": PASSWORD, "shared_computer": "on"}),
        ("get", "/", {}),
        ("post", "/sprog/", {"language": "en", "next": "/"}),
        ("post", SETTINGS, {"frequency": "weekly", "reminder_days": "3", "language": "da"}),
        ("get", "/konto/2fa/", {}),
        ("post", "/konto/logout/", {}),
        ("get", LOGIN, {}),
        ("post", register, {"note": "Gåtur"}),
        ("post", "/konto/password/reset/", {"email": person.email}),
    ):
        answer = getattr(client, method)(path, data)
        seen |= answer.cookies.keys()
    assert seen == ALLOWED


def test_the_cookie_outlives_the_session_by_a_night_and_opens_nothing(person, clock):
    client = log_in(person)
    cookie = client.cookies[django_settings.SESSION_COOKIE_NAME]
    assert cookie["max-age"] == django_settings.SESSION_COOKIE_AGE + 24 * 3600
    row = Session.objects.get(pk=cookie.value)
    age = dt.timedelta(seconds=django_settings.SESSION_COOKIE_AGE)
    assert row.expire_date == timezone.now() + age
    clock.shift(dt.timedelta(seconds=django_settings.SESSION_COOKIE_AGE + 1))
    assert not is_in(client)


def test_after_the_night_nobody_knows_whose_it_was(person, clock, facility):
    client = log_in(person)
    clock.shift(dt.timedelta(hours=35))
    url = reverse("initiatives:register", args=[facility.slug])
    answer = client.post(url, {"note": "Gåtur"}, follow=True)
    assert "intet blev gemt" in answer.content.decode()


# --- Where a log-in leads -----------------------------------------------------------------------


def addresses(patterns=None, prefix="/"):
    for one in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from addresses(one.url_patterns, path)
        elif "(?P" not in path and "^" not in path:
            filled = re.sub(r"<int:\w+>", "1", path)
            yield re.sub(r"<(?:\w+:)?\w+>", "noget", filled)


def test_no_address_after_a_log_in_is_one_that_only_takes_forms(person):
    """Of every address: it says so itself (405), or a log-in may lead there."""
    client = Client()
    client.force_login(person)
    pages = [path for path in addresses() if leads_to_a_page(path)]
    wrong = [path for path in pages if client.get(path).status_code == 405]
    only_forms = [path for path in addresses() if not leads_to_a_page(path)]
    assert wrong == []
    assert len(only_forms) > 20
    assert [path for path in only_forms if client.get(path).status_code == 200] == []


@pytest.mark.parametrize("asked", ["/rundtur/luk/", "/rundtur/luk"])
def test_asking_for_such_an_address_leads_to_the_first_page(person, asked):
    assert Client().get(asked, follow=True).redirect_chain[-1][0] == f"{LOGIN}?next=/"
    assert (
        Client().post(LOGIN, {"login": person.email, "password": PASSWORD, "next": asked}).url
        == "/"
    )


@pytest.mark.parametrize(
    ("referer", "page"),
    [
        ("http://testserver/soeg/?q=x", "/soeg/?q=x"),
        ("http://testserver/rundtur/luk/", "/"),
        ("http://ond.example/soeg/", "/"),
        ("http://testserver//ond.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_what_is_not_kept_leads_back_to_the_page_of_the_form(referer, page):
    request = HttpRequest()
    request.META = {"HTTP_HOST": "testserver", "HTTP_REFERER": referer}
    assert page_before(request) == page


# --- Every form ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/konto/indstillinger/", {"frequency": "monthly", "reminder_days": "7"}),
        ("/personer/inviter/botilbud-1/", {"name": "Vagt, Bakkehuset", "email": "a@b.example"}),
        ("/admin/krams/user/add/", {"name": "Vagt, Bakkehuset", "email": "a@b.example"}),
        ("/kom-i-gang/nordby/afdeling/", {"name": "Socialpsykiatrien"}),
    ],
)
def test_forms_beside_the_two_halves_are_kept_too(person, path, data, clock):
    client = log_in(person)
    clock.shift(dt.timedelta(hours=11))
    answer = client.post(path, data)
    if answer.status_code == 404:
        pytest.fail(f"{path} is no address")
    assert answer.url == f"{LOGIN}?next=/ikke-sendt/"
    log_in(person, client)
    kept = client.get("/ikke-sendt/")
    assert dict(kept.context["fields"]) == data
    assert f'action="{path}"' in kept.content.decode()


def test_a_session_that_the_database_cannot_save_is_not_taken_for_one_that_was_ended(
    person, monkeypatch
):
    """Else who sends something while the database goes away is told that it was wrong (400)."""

    def away(*_arguments, **_options):
        raise OperationalError("the connection is closed")

    client = log_in(person)
    monkeypatch.setattr(Session, "save", away)
    store = SessionStore(client.cookies[django_settings.SESSION_COOKIE_NAME].value)
    store["something"] = 1
    with pytest.raises(OperationalError):
        store.save()
    monkeypatch.undo()
    Session.objects.all().delete()
    with pytest.raises(UpdateError):
        store.save()
