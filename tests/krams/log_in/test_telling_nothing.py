"""Who asks without being logged in does not learn who has an account: by words, status or work.

The work is that of hashing a password, which is nearly all the time that such an answer takes. It
is counted, not timed.
"""

import re

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.cache import cache
from django.test import Client

from krams.models import Letter, User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
UNKNOWN = "ukendt@proeve.example"
SCRIPT = {"X-Requested-With": "XMLHttpRequest"}
WRONG = "en-forkert-adgangskode"


class Counted(PBKDF2PasswordHasher):
    """As in production, but for how often a round goes round."""

    iterations = 3
    rounds = 0

    def encode(self, password, salt, iterations=None):
        Counted.rounds += iterations or self.iterations
        return super().encode(password, salt, iterations)


@pytest.fixture
def accounts(settings, make_user):
    """Of each kind that an address may have."""
    settings.PASSWORD_HASHERS = [f"{__name__}.Counted"]
    cache.clear()
    found = {kind: make_user() for kind in ("in use", "closed", "without a password")}
    for kind, user in found.items():
        user.set_password(PASSWORD if kind in ("in use", "closed") else None)
        user.is_active = kind != "closed"
        user.save()
    return {kind: user.email for kind, user in found.items()}


def answered(path: str, sent: dict, email: str) -> tuple:
    """All that somebody can tell of an answer, but for the address that they wrote themselves."""
    browser, Counted.rounds = Client(), 0
    answer = browser.post(path, sent)
    words = re.sub(r'value="\w{64}"', "", answer.content.decode().replace(email, "…"))
    cookies = tuple(sorted(answer.cookies))
    return answer.status_code, answer.headers.get("Location"), cookies, words, Counted.rounds


def test_a_wrong_password_is_the_same_for_every_address(accounts):
    capitals = accounts["in use"].upper()
    ways = {"in capitals": capitals, "unknown": UNKNOWN, "no address": "ikke-en"} | accounts
    told = {
        kind: answered("/konto/login/", {"login": email, "password": WRONG}, email)
        for kind, email in ways.items()
    }
    # What is no address is told so, to everybody.
    assert told.pop("no address") != told["unknown"]
    assert len(set(told.values())) == 1, told
    assert {one[-1] for one in told.values()} == {Counted.iterations}
    # And the right one opens what is open.
    sent = {"login": accounts["in use"], "password": PASSWORD}
    assert answered("/konto/login/", sent, accounts["in use"])[0] == 302


@pytest.mark.parametrize("path", ["/konto/password/reset/", "/konto/signup/"])
def test_asking_for_a_link_or_an_account_tells_nothing(accounts, path):
    sent = {"password1": PASSWORD, "password2": PASSWORD}
    told = {
        email: answered(path, sent | {"email": email}, email)
        for email in (UNKNOWN, *accounts.values())
    }
    assert len(set(told.values())) == 1, told
    # Nobody who is not known is written to, and no account is made.
    assert Letter.objects.exclude(to__email__in=accounts.values()).count() == 0
    assert not User.objects.filter(email=UNKNOWN).exists()


def test_a_passkey_is_asked_for_without_an_address(accounts):
    """The browser offers whose it is; the portal names no key of an account."""
    path = "/konto/2fa/webauthn/login/"
    for email in (UNKNOWN, *accounts.values()):
        told = Client().get(path, {"email": email, "login": email}, headers=SCRIPT).json()
        options = told["request_options"]["publicKey"]
        assert not options.get("allowCredentials")
        assert email not in str(told)
