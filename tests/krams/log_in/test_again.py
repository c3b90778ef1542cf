"""Whoever has no password is asked at the organisation whether it is still them (ASVS 7.5.1).

An attacker here sits at a page that somebody has left open, with a log-in of their own at the
organisation, or with the victim's session there.
"""

import time
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.test import Client

from krams.enums import AuditKind, Role
from krams.log_in.idle import SHARED_COMPUTER
from krams.models import AuditEntry, LogIn

from ...conftest import PASSWORD
from .provider import START, go, is_in, knows, log_in

pytestmark = pytest.mark.django_db
PAGE, LOG_INS = "/konto/reauthenticate/organisation/", "/konto/log-ins/"
ADDING, FIRST_PASSWORD = "/konto/2fa/webauthn/add/", "/konto/password/set/"
# What adds, shows or takes away a way in.
WAYS_IN = (
    "/konto/2fa/totp/activate/",
    ADDING,
    "/konto/2fa/recovery-codes/generate/",
)


@pytest.fixture(params=[True, False], ids=["passwords", "no passwords"])
def client(request, organisation, person, settings):
    """Somebody who has come through the organisation, and has nothing else."""
    settings.PASSWORD_LOGIN = request.param
    return log_in(organisation, person)


def just_now(tampering, *, seconds_ago: int = 0) -> None:
    tampering.claims = {"auth_time": int(time.time()) - seconds_ago}


def opens(client) -> bool:
    """Whether a passkey could be added."""
    return client.get(ADDING).status_code == 200


@pytest.mark.parametrize("path", WAYS_IN)
def test_whoever_has_only_the_organisation_is_asked_there(client, path):
    for asked in (client.get(path), client.post(path, {"code": "123456"})):
        assert asked.status_code == 302
        assert asked.url.startswith(f"{PAGE}?next=")
    page = client.get(asked.url).content.decode()
    assert "Er det stadig dig?" in page
    assert "Log ind med kommunens login" in page
    assert "adgangskode" not in page
    assert not Authenticator.objects.exists()


def test_it_is_told_to_ask_anew_and_a_log_in_is_not(client):
    def sent(process: str) -> dict[str, list[str]]:
        return parse_qs(urlsplit(client.post(f"{START}?process={process}").url).query)

    asked = sent("again")
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
    assert not {"prompt", "max_age"} & set(sent("login"))


def test_the_same_person_goes_on_to_the_page_that_was_wanted(client, tampering):
    just_now(tampering)
    page = go(client, "a1", process="again", next=ADDING)
    assert page.redirect_chain[-1][0] == ADDING
    assert page.status_code == 200
    assert opens(client)


def test_what_was_pressed_is_done_then(client, organisation, person, tampering):
    other = log_in(organisation, person)
    just_now(tampering)
    [there] = LogIn.objects.exclude(session_id=client.session.session_key)
    asked = client.post(LOG_INS, {"end": there.pk})
    page = go(client, "a1", process="again", next=parse_qs(urlsplit(asked.url).query)["next"][0])
    assert "Du er logget ud dér." in page.content.decode()
    assert (is_in(other), is_in(client)) == (None, person)


def test_another_key_afterwards_and_it_counts_for_five_minutes(client, tampering):
    before = client.session.session_key
    just_now(tampering)
    go(client, "a1", process="again")
    assert client.session.session_key != before
    assert not Session.objects.filter(pk=before).exists()
    assert opens(client)
    with time_machine.travel(time.time() + 301):
        assert not opens(client)


def test_a_shared_computer_is_still_one_afterwards(organisation, person, tampering):
    """Else nobody would be logged out there when nothing happens."""
    client = Client()
    knows(organisation, "a1", email=person.email, email_verified=True)
    go(client, "a1", shared_computer="on")
    just_now(tampering)
    go(client, "a1", process="again")
    assert opens(client)
    assert client.session[SHARED_COMPUTER]


def test_who_must_set_up_a_second_step_is_asked_there_first(
    organisation, make_user, facility, settings, tampering
):
    settings.REQUIRE_SECOND_STEP, settings.PASSWORD_LOGIN = True, False
    client = log_in(organisation, make_user(Role.MANAGER, facility=facility))
    assert client.get(LOG_INS).url == "/konto/andet-trin/"
    asked = client.get("/konto/2fa/totp/activate/", follow=True)
    assert asked.redirect_chain[-1][0].startswith(f"{PAGE}?next=")
    assert asked.status_code == 200
    just_now(tampering)
    page = go(client, "a1", process="again", next="/konto/2fa/totp/activate/")
    assert page.redirect_chain[-1] == ("/konto/2fa/totp/activate/", 302)
    assert page.status_code == 200


def refused(client, page) -> None:
    assert page.status_code == 403
    assert not opens(client)
    assert AuditEntry.objects.filter(kind=AuditKind.LOG_IN_FAILED).count() == 1


@pytest.mark.parametrize("known", [False, True], ids=["a stranger", "a colleague"])
def test_another_persons_log_in_opens_nothing_and_ends_nothing(
    client, organisation, person, tampering, make_user, known, caplog
):
    colleague = make_user(Role.STAFF, facility=person.memberships.get().facility)
    email = colleague.email if known else person.email
    knows(organisation, "b2", email=email, email_verified=True)
    just_now(tampering)
    page = go(client, "b2", process="again", next=ADDING)
    assert "Det login hører til en anden konto end din." in page.content.decode()
    refused(client, page)
    # Whoever was logged in still is; the address that it proves connects nothing.
    assert is_in(client) == person
    assert [one.uid for one in SocialAccount.objects.all()] == ["a1"]
    line = next(one for one in caplog.records if one.message == "not confirmed")
    assert (line.user_id, line.reason) == (person.pk, "another_account")


NOT_FRESH = {
    "before it was asked": lambda: {"auth_time": int(time.time()) - 3600},
    "of the future": lambda: {"auth_time": int(time.time()) + 3600},
    "not told": lambda: None,
    "a text": lambda: {"auth_time": str(int(time.time()))},
    "yes": lambda: {"auth_time": True},
    "nothing": lambda: {"auth_time": None},
}


@pytest.mark.parametrize("how", NOT_FRESH)
def test_who_was_logged_in_there_already_has_not_been_asked(client, person, tampering, how):
    """A provider that did not ask, or an attacker who took ``prompt`` out of the address."""
    if (told := NOT_FRESH[how]()) is None:
        tampering.without = ("auth_time",)
    else:
        tampering.claims = told
    page = go(client, "a1", process="again")
    assert "at du lige har logget ind dér" in page.content.decode()
    refused(client, page)
    assert is_in(client) == person


def test_clocks_may_be_a_minute_apart(client, tampering):
    just_now(tampering, seconds_ago=50)
    go(client, "a1", process="again")
    assert opens(client)


def test_the_user_info_proves_no_time(client, tampering):
    """What is not signed says nothing of when."""
    tampering.without = ("auth_time",)
    tampering.userinfo = {"auth_time": int(time.time())}
    refused(client, go(client, "a1", process="again"))


def test_an_ordinary_log_in_does_not_count(client, tampering):
    just_now(tampering)
    go(client, "a1", process="login")
    assert not opens(client)


def test_a_forged_answer_leaves_one_logged_in(client, person, tampering):
    just_now(tampering)
    page = go(client, "a1", process="again", sent={"nonce": "en-anden-browsers"})
    assert page.status_code == 401
    assert "Til indstillingerne" in page.content.decode()
    assert is_in(client) == person
    assert not opens(client)


def test_who_gives_up_there_is_still_logged_in(client, person):
    away = client.post(f"{START}?process=again")
    state = parse_qs(urlsplit(away.url).query)["state"][0]
    told = {"state": state, "error": "access_denied"}
    page = client.get("/konto/oidc/organisation/login/callback/", told, follow=True)
    assert "Din konto er ikke ændret." in page.content.decode()
    assert "Du er ikke logget ind" not in page.content.decode()
    assert is_in(client) == person


def test_a_stranger_is_not_let_in_by_it(organisation, person, tampering):
    knows(organisation, "a1", email=person.email, email_verified=True)
    just_now(tampering)
    client = Client()
    page = go(client, "a1", process="again")
    assert page.redirect_chain[-1][0] == "/konto/login/"
    assert is_in(client) is None
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize(
    "onwards", ["//ond.example", "https://ond.example/", "javascript:alert(1)"]
)
def test_it_leads_on_to_no_other_site(client, tampering, onwards):
    assert "process=again&amp;next" not in client.get(PAGE, {"next": onwards}).content.decode()
    just_now(tampering)
    page = go(client, "a1", process="again", next=onwards)
    assert page.redirect_chain[-1][0] == "/konto/indstillinger/"


def test_a_first_password_is_a_way_in_too(organisation, person, tampering):
    """Somebody at an open page chooses one, to come back with."""
    client = log_in(organisation, person)
    words = {"password1": "en-helt-ny-adgangskode-2026", "password2": "en-helt-ny-adgangskode-2026"}
    posted = client.post(FIRST_PASSWORD, words, follow=True)
    assert posted.redirect_chain[-1][0].startswith(f"{PAGE}?next=")
    # No session keeps a password.
    assert words["password1"] not in str(dict(client.session))
    person.refresh_from_db()
    assert not person.has_usable_password()
    just_now(tampering)
    go(client, "a1", process="again", next=FIRST_PASSWORD)
    client.post(FIRST_PASSWORD, words)
    person.refresh_from_db()
    assert person.check_password(words["password1"])


# --- Beside other ways ----------------------------------------------------------------------------


def test_a_second_step_will_do_too(client, person):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(person, secret)
    asked = client.get(ADDING)
    assert asked.url.startswith("/konto/2fa/reauthenticate/")
    page = client.get(asked.url).content.decode()
    assert f'href="{PAGE}?next=' in page
    counter = list(totp.yield_hotp_counters_from_time())[-1]
    code = totp.format_hotp_value(totp.hotp_value(secret, counter))
    done = client.post(asked.url, {"code": code, "next": ADDING})
    assert done.url == ADDING
    assert client.get(ADDING).status_code == 200


def test_a_password_that_opens_nothing_is_not_asked_for(organisation, person, settings):
    """Chosen before ``PASSWORD_LOGIN`` was switched off."""
    settings.PASSWORD_LOGIN = False
    client = Client()
    client.force_login(person)
    SocialAccount.objects.create(user=person, provider="organisation", uid="a1")
    assert client.get(ADDING).url.startswith(PAGE)
    asked = client.post("/konto/reauthenticate/", {"password": PASSWORD})
    assert asked.url.startswith(PAGE)
    assert not opens(client)


@pytest.mark.parametrize("passwords", [True, False])
def test_an_account_without_any_way_is_told_why(person, settings, passwords):
    """Such as one whose connection was taken away while it was logged in."""
    settings.PASSWORD_LOGIN = passwords
    person.set_unusable_password()
    person.save()
    client = Client()
    client.force_login(person)
    asked = client.get(ADDING, follow=True)
    assert asked.redirect_chain[-1][0].startswith(PAGE)
    assert "Portalen kan ikke spørge, om det er dig" in asked.content.decode()
    assert not opens(client)


def test_what_somebody_wanted_at_an_open_page_is_not_done_when_its_owner_is_asked(
    client, organisation, tampering
):
    """They begin to connect a log-in of their own, are asked who they are, and leave it at that."""
    knows(organisation, "ond", email="ond@x.example", email_verified=True)
    go(client, "ond", process="connect")
    assert STATE_SESSION_KEY in client.session
    client.get(ADDING)
    just_now(tampering)
    go(client, "a1", process="again", next=ADDING)
    assert [one.uid for one in SocialAccount.objects.all()] == ["a1"]
