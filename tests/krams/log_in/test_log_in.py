"""Who gets in, and who does not."""

import datetime as dt
import re
from urllib.parse import urlsplit

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth import get_backends
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from krams.enums import Role
from krams.models import Membership, User
from tests.inbox import post_letters

from ...conftest import PASSWORD

LOGIN = "/konto/login/"


@pytest.fixture
def person(make_user, facility):
    return make_user(Role.MANAGER, facility=facility)


def log_in(client, person, password=PASSWORD, **fields):
    return client.post(LOGIN, {"login": person.email, "password": password, **fields})


def confirm(client):
    """Log-in settings ask once more who it is."""
    client.post("/konto/reauthenticate/", {"password": PASSWORD})


def is_logged_in(client) -> bool:
    return client.get("/konto/indstillinger/").status_code == 200


def text(response) -> str:
    return response.content.decode()


# --- Password -----------------------------------------------------------------------------------


def test_the_right_password_opens_the_first_page(client, person):
    response = log_in(client, person)
    assert (response.status_code, response.url) == (302, "/")
    assert is_logged_in(client)


def test_the_case_of_the_address_does_not_matter(client, person):
    client.post(LOGIN, {"login": person.email.upper(), "password": PASSWORD})
    assert is_logged_in(client)


def test_the_page_that_was_asked_for_follows(client, person):
    asked = client.get("/konto/indstillinger/")
    assert asked.url == f"{LOGIN}?next=/konto/indstillinger/"
    assert log_in(client, person, next="/konto/indstillinger/").url == "/konto/indstillinger/"


@pytest.mark.parametrize("target", ["https://ond.example/", "//ond.example", "javascript:alert(1)"])
def test_nobody_is_sent_to_a_strange_place(client, person, target):
    assert log_in(client, person, next=target).url == "/"


def test_a_wrong_password_says_so_and_keeps_the_address(client, person):
    page = text(log_in(client, person, "forkert-adgangskode"))
    assert "E-mailadressen eller adgangskoden er forkert." in page
    assert f'value="{person.email}"' in page
    assert "<title>Fejl: Log ind" in page
    assert "forkert-adgangskode" not in page
    assert not is_logged_in(client)


def test_an_unknown_address_gets_the_same_answer(client, person):
    known = log_in(client, person, "forkert-adgangskode")
    unknown = client.post(LOGIN, {"login": "x@proeve.example", "password": "forkert-adgangskode"})
    assert known.status_code == unknown.status_code
    assert "E-mailadressen eller adgangskoden er forkert." in text(unknown)


@pytest.mark.parametrize("login", ["", "ikke en adresse", "a\x00b@proeve.example", "x" * 5000])
@pytest.mark.parametrize("password", ["", "a\x00b", "x" * 5000])
def test_bad_input_is_refused_in_peace(client, person, login, password):
    response = client.post(LOGIN, {"login": login, "password": password})
    assert response.status_code == 422
    assert "Fejl:" in text(response)
    assert not is_logged_in(client)


def test_five_wrong_passwords_lock_the_account_for_a_while(client, person, make_user):
    for _ in range(5):
        log_in(client, person, "forkert-adgangskode")

    assert "For mange forsøg." in text(log_in(client, person))
    assert not is_logged_in(client)
    # Others can still get in, and the account itself when the time has passed.
    other = make_user(Role.MANAGER, facility=Membership.objects.get(user=person).facility)
    assert log_in(client, other).status_code == 302
    client.logout()
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=2)):
        assert log_in(client, person).status_code == 302


def test_another_port_in_the_address_gives_no_more_tries(person):
    for port in range(5):
        log_in(Client(headers={"host": f"testserver:{port + 1}"}), person, "forkert-adgangskode")
    assert "For mange forsøg." in text(log_in(Client(), person))


def test_a_closed_account_stays_out(client, person):
    person.is_active = False
    person.save()
    response = log_in(client, person)
    assert response.status_code == 302
    assert "Kontoen er lukket" in text(client.get(response.url))
    assert not is_logged_in(client)


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_signs_up(client, person, method):
    fields = {"email": "ny@proeve.example", "password1": PASSWORD}
    page = text(getattr(client, method)("/konto/signup/", fields))
    assert "Du har ikke en konto endnu" in page
    assert User.objects.count() == 1


def test_logging_out_takes_a_press_of_the_button(client, person):
    client.force_login(person)
    assert "Vil du logge ud?" in text(client.get("/konto/logout/"))
    assert is_logged_in(client)
    assert client.post("/konto/logout/").url == LOGIN
    assert not is_logged_in(client)


def test_a_request_from_within_a_page_is_not_answered_with_the_log_in_page(client, db):
    response = client.get("/konto/indstillinger/", headers={"HX-Request": "true"})
    assert (response.status_code, response.content) == (401, b"")


# --- Shared computer ----------------------------------------------------------------------------


@pytest.fixture
def clock():
    with time_machine.travel(dt.datetime(2026, 11, 21, 10, 0, tzinfo=dt.UTC), tick=False) as clock:
        yield clock


def test_on_a_shared_computer_idle_minutes_log_out(client, person, clock):
    log_in(client, person, shared_computer="on")
    assert is_logged_in(client)
    clock.shift(dt.timedelta(minutes=14))
    assert is_logged_in(client)
    clock.shift(dt.timedelta(minutes=14))
    assert is_logged_in(client), "use counts from the last page, not from the log-in"
    clock.shift(dt.timedelta(minutes=16))

    response = client.get("/konto/indstillinger/", follow=True)

    assert response.redirect_chain[0][0].startswith(LOGIN)
    assert "Du er logget ud, fordi der ikke skete noget" in text(response)


def test_pages_stay_in_no_shared_cache_and_on_a_shared_computer_in_none(client, person):
    log_in(client, person)
    assert client.get("/konto/indstillinger/")["Cache-Control"] == "private"
    client.post("/konto/logout/")
    log_in(client, person, shared_computer="on")
    assert set(client.get("/konto/indstillinger/")["Cache-Control"].split(", ")) == {
        "private",
        "no-store",
    }


@pytest.mark.parametrize(
    "name",
    [
        *("mfa_index", "mfa_activate_totp", "second-step", "account_change_password"),
        *("account_reauthenticate", "audit-log", "admin:index", "admin:krams_user_changelist"),
    ],
)
def test_what_opens_something_is_kept_by_no_browser(client, db, name):
    """Decision 12. Also where the page first asks for the password, and where it is refused."""
    admin = User.objects.create_superuser("it@example.com", PASSWORD, name="It")
    log_in(client, admin)
    answer = client.get(reverse(name))
    assert answer.status_code < 400
    assert "no-store" in answer["Cache-Control"]


def test_a_shared_computer_forgets_when_the_browser_closes(client, person):
    log_in(client, person, shared_computer="on")
    client.get("/konto/indstillinger/")
    assert client.session.get_expire_at_browser_close()


def test_on_ones_own_computer_the_day_is_long(client, person, clock):
    log_in(client, person)
    assert not client.session.get_expire_at_browser_close()
    clock.shift(dt.timedelta(hours=9))
    assert is_logged_in(client)
    clock.shift(dt.timedelta(hours=11))
    assert not is_logged_in(client)


def test_the_tick_of_a_failed_attempt_is_forgotten(client, person):
    log_in(client, person, "forkert-adgangskode", shared_computer="on")
    log_in(client, person)
    assert "shared_computer" not in client.session


# --- Forgotten password -------------------------------------------------------------------------


def test_a_forgotten_password_is_replaced_through_an_e_mail(client, person):
    response = client.post("/konto/password/reset/", {"email": person.email}, follow=True)
    assert "Kig i din indbakke" in text(response)
    [message] = post_letters()
    assert message.to == [person.email]
    assert message.subject == "Vælg en adgangskode til KRAMS & Klynge"
    link = urlsplit(re.search(r"http://\S+", message.body)[0]).path

    form = client.get(link, follow=True)
    assert "Vælg en adgangskode" in text(form)
    action = form.request["PATH_INFO"]
    weak = client.post(action, {"password1": "12345678", "password2": "12345678"})
    assert "Fejl:" in text(weak)
    new = "fire-gode-ord-i-traek"
    done = client.post(action, {"password1": new, "password2": new}, follow=True)
    assert "Adgangskoden er gemt" in text(done)

    assert log_in(client, person).status_code == 422
    assert log_in(client, person, new).status_code == 302
    client.logout()
    assert "Linket kan ikke bruges" in text(client.get(link, follow=True))


def test_an_unknown_address_learns_nothing_and_gets_no_mail(client, db):
    response = client.post("/konto/password/reset/", {"email": "x@proeve.example"}, follow=True)
    assert "Kig i din indbakke" in text(response)
    assert post_letters() == []


# --- Two steps ----------------------------------------------------------------------------------


def test_a_code_from_an_app_is_asked_for_once_it_is_turned_on(client, person):
    log_in(client, person)
    asked = client.get("/konto/2fa/totp/activate/")
    assert "Er det stadig dig?" in text(client.get(asked.url))
    confirm(client)
    page = client.get("/konto/2fa/totp/activate/")
    assert 'class="qr" src="data:image/svg+xml' in text(page)
    secret = client.session[totp.SECRET_SESSION_KEY]

    def code():
        return totp.format_hotp_value(
            totp.hotp_value(secret, list(totp.yield_hotp_counters_from_time())[-1])
        )

    client.post("/konto/2fa/totp/activate/", {"code": code()})
    assert Authenticator.objects.filter(user=person, type="totp").exists()
    client.post("/konto/logout/")

    response = log_in(client, person, shared_computer="on")
    assert response.url == "/konto/2fa/authenticate/"
    assert not is_logged_in(client)
    assert "Fejl:" in text(client.post(response.url, {"code": "000000"}))
    cache.clear()  # The same code counts once; the next would come in half a minute.
    client.post(response.url, {"code": code()})
    assert is_logged_in(client)
    assert client.session["shared_computer"]


# --- The organisation's own log-in --------------------------------------------------------------


def test_without_a_provider_there_is_no_button_and_no_address(client, db):
    """With one: ``test_oidc.py``."""
    assert "kommunens login" not in text(client.get(LOGIN))
    assert client.get("/konto/oidc/organisation/login/").status_code == 404
    assert client.get("/konto/oidc/organisation/login/callback/").status_code == 404


# --- Every page of it ---------------------------------------------------------------------------

OWN_PAGES = [
    "/konto/password/change/",
    "/konto/2fa/",
    "/konto/2fa/webauthn/",
    "/konto/2fa/webauthn/add/",
    "/konto/2fa/totp/activate/",
    "/konto/reauthenticate/",
    "/konto/logout/",
    "/konto/3rdparty/",
]


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("path", OWN_PAGES)
def test_pages_of_the_account_are_in_the_portals_look(client, person, path, language):
    log_in(client, person)
    confirm(client)
    client.cookies["django_language"] = language
    page = client.get(path)
    assert page.status_code == 200
    assert 'class="skip" href="#indhold"' in text(page)
    assert f'<html lang="{language}">' in text(page)
    assert " style=" not in text(page)


def test_the_address_is_not_for_self_service(client, person):
    client.force_login(person)
    assert client.post("/konto/email/", {"email": "ny@proeve.example"}).url == (
        "/konto/indstillinger/"
    )
    person.refresh_from_db()
    assert person.email != "ny@proeve.example"


def test_the_account_comes_with_its_roles_of_today_in_one_query(
    make_user, facility, municipality, django_assert_num_queries
):
    """Who is logged in is asked on every page."""
    today = timezone.localdate()
    user = make_user(Role.STAFF, facility=facility)
    Membership.objects.create(user=user, role=Role.EDITOR, authority=municipality)
    over = today - dt.timedelta(days=1)
    Membership.objects.create(user=user, role=Role.VIEWER, authority=municipality, valid_until=over)
    [backend] = get_backends()
    with django_assert_num_queries(1):
        found = backend.get_user(user.pk)
        assert [scope.role for scope in found.scopes] == [Role.STAFF, Role.EDITOR]
        assert found.scopes[0].facility.department.municipality == municipality
    nobody = make_user()
    with django_assert_num_queries(1):
        assert backend.get_user(nobody.pk).scopes == []
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert backend.get_user(user.pk) is None
    assert backend.get_user(10**9) is None
