"""By whatever way somebody gets in: a session that others know from before is worth nothing."""

from unittest.mock import patch

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn import forms
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from krams.enums import Role
from krams.roles.actions.grants import give_role
from krams.roles.actions.links import new_link
from krams.roles.places import Kind, Place
from tests.conftest import PASSWORD

from . import provider, test_saml
from .test_saml import clock, domain_of_everybody, idp, pairs, told  # noqa: F401

pytestmark = pytest.mark.django_db
NEW = "vandre-roligt-over-engen"


def by_password(browser, person, _request) -> None:
    browser.post("/konto/login/", {"login": person.email, "password": PASSWORD})


def by_an_app(browser, person, request) -> None:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(person, secret)
    cache.clear()
    by_password(browser, person, request)
    assert not is_in(browser)
    counter = list(totp.yield_hotp_counters_from_time())[-1]
    code = totp.format_hotp_value(totp.hotp_value(secret, counter))
    browser.post("/konto/2fa/authenticate/", {"code": code})


def by_a_passkey(browser, person, _request) -> None:
    """What the key proves is the library's to check; here it has proven it."""
    kind = Authenticator.Type.WEBAUTHN
    key = Authenticator.objects.create(user=person, type=kind, data={"name": "Min nøgle"})
    with patch.object(forms.LoginWebAuthnForm, "clean_credential", lambda form: key):
        browser.post("/konto/2fa/webauthn/login/", {"credential": '{"id": "a"}'})


def by_an_invitation(browser, person, request) -> None:
    facility = request.getfixturevalue("facility")
    manager = request.getfixturevalue("make_user")(Role.MANAGER, facility=facility)
    given = give_role(
        place=Place(Kind.FACILITY, facility.pk),
        role=Role.STAFF,
        email="ny@proeve.example",
        name="Ny",
        by=manager,
    )
    browser.get(new_link(given.invitation), follow=True)
    browser.post("/invitation/", {"password1": NEW, "password2": NEW})


def by_openid_connect(browser, person, request) -> None:
    provider.log_in(request.getfixturevalue("organisation"), person, browser)


def by_saml(browser, person, request) -> None:
    test_saml.log_in(request.getfixturevalue("idp"), person, browser)


WAYS = [by_password, by_an_app, by_a_passkey, by_an_invitation, by_openid_connect, by_saml]


def is_in(browser) -> bool:
    return browser.get("/konto/indstillinger/").status_code == 200


def with_key(key: str) -> Client:
    browser = Client()
    browser.cookies["sessionid"] = key
    return browser


@pytest.mark.parametrize("way", WAYS)
def test_a_known_session_is_not_the_one_that_gets_in(way, person, request):
    browser = Client()
    session = browser.session
    session["known"] = "before"
    session.save()
    known = session.session_key
    browser.cookies["sessionid"] = known
    way(browser, person, request)
    assert is_in(browser)
    assert browser.cookies["sessionid"].value != known
    assert not is_in(with_key(known))
    assert not Session.objects.filter(session_key=known).exists()


@pytest.mark.parametrize("way", WAYS)
def test_nor_is_one_that_was_only_made_up(way, person, request):
    browser = with_key("a" * 32)
    way(browser, person, request)
    assert is_in(browser)
    assert not is_in(with_key("a" * 32))
