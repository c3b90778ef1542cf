"""Secrets of second steps in the database, and another SECRET_KEY."""

import datetime as dt

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client

from krams.enums import Role
from krams.env import Env
from krams.people import secrets
from tests.inbox import post_letters

from ...conftest import PASSWORD

pytestmark = pytest.mark.django_db
NEW, NEWER = "n" * 60, "m" * 60


@pytest.fixture(autouse=True)
def _clock():
    """A code counts for half a minute."""
    with time_machine.travel(dt.datetime(2026, 11, 21, 10, 0, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def person(make_user, facility):
    return make_user(Role.MANAGER, facility=facility)


def has_app(user) -> str:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def code_for(secret: str) -> str:
    counter = list(totp.yield_hotp_counters_from_time())[-1]
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def gets_in(user, code: str, password=PASSWORD) -> bool:
    cache.clear()
    client = Client()
    client.post("/konto/login/", {"login": user.email, "password": password})
    client.post("/konto/2fa/authenticate/", {"code": code})
    return client.get("/konto/indstillinger/").status_code == 200


def stored() -> dict[str, str]:
    rows = Authenticator.objects.filter(type__in=secrets.FIELDS)
    return {row.type: row.data[secrets.FIELDS[row.type]] for row in rows}


def in_clear(user) -> tuple[str, list[str]]:
    """As an account was before: its secret and its recovery codes."""
    secret = has_app(user)
    call_command("encrypt_secrets", "--clear")
    assert stored()["totp"] == secret
    codes = Authenticator.objects.get(type="recovery_codes")
    return secret, RecoveryCodes(codes).generate_codes()


def test_the_database_alone_gives_no_code(person):
    secret = has_app(person)
    assert all(one.startswith("fernet:") for one in stored().values())
    assert secret not in str(list(Authenticator.objects.values()))
    assert gets_in(person, code_for(secret))
    assert not gets_in(person, "000000")
    [code, *_more] = RecoveryCodes(
        Authenticator.objects.get(type="recovery_codes")
    ).generate_codes()
    assert gets_in(person, code)
    assert not gets_in(person, code), "a recovery code counts once"


def test_the_same_secret_is_never_written_alike():
    assert secrets.encrypted("A") != secrets.encrypted("A")


def test_what_stands_in_clear_counts_and_is_encrypted_by_the_command(person, capsys):
    secret, [code, *_more] = in_clear(person)
    assert gets_in(person, code_for(secret))
    capsys.readouterr()
    call_command("encrypt_secrets")
    assert capsys.readouterr().out == "2 changed.\n"
    assert all(one.startswith("fernet:") for one in stored().values())
    assert gets_in(person, code_for(secret))
    assert gets_in(person, code)
    call_command("encrypt_secrets")
    assert capsys.readouterr().out == "0 changed.\n"


def test_nothing_is_encrypted_beside_what_an_older_version_wrote(person, make_user):
    """It may be serving beside this one, and cannot read it."""
    in_clear(person)
    other = make_user()
    secret = has_app(other)
    assert Authenticator.objects.get(user=other, type="totp").data["secret"] == secret
    call_command("encrypt_secrets")
    third = make_user()
    has_app(third)
    assert Authenticator.objects.get(user=third, type="totp").data["secret"].startswith("fernet:")


def test_another_key_logs_nobody_out_and_keeps_second_steps(person, settings):
    secret = has_app(person)
    client = Client()
    client.force_login(person)
    old, settings.SECRET_KEY = settings.SECRET_KEY, NEW
    settings.SECRET_KEY_FALLBACKS = [old]
    assert client.get("/konto/indstillinger/").status_code == 200
    assert gets_in(person, code_for(secret))
    call_command("encrypt_secrets")
    settings.SECRET_KEY_FALLBACKS = []
    assert gets_in(person, code_for(secret))
    # Its session was signed anew when it was used.
    assert client.get("/konto/indstillinger/").status_code == 200


def test_without_the_old_key_nothing_of_it_counts(person, settings, caplog, capsys):
    secret = has_app(person)
    client = Client()
    client.force_login(person)
    settings.SECRET_KEY = NEWER
    assert client.get("/konto/indstillinger/").status_code == 302
    assert not gets_in(person, code_for(secret))
    assert not gets_in(person, code_for("A" * 32))
    assert "second step unreadable" in caplog.text
    assert secret not in caplog.text
    before = stored()
    call_command("encrypt_secrets")
    told = capsys.readouterr()
    assert (told.out, "2 cannot be read" in told.err) == ("0 changed.\n", True)
    assert stored() == before


def test_a_changed_secret_is_refused_as_a_wrong_code(person):
    secret = has_app(person)
    row = Authenticator.objects.get(type="totp")
    row.data["secret"] = row.data["secret"][:-4] + "AAAA"
    row.save()
    assert not gets_in(person, code_for(secret))


def test_a_new_password_by_a_link_does_not_pass_the_second_step(person):
    """ASVS 6.4.3."""
    secret = has_app(person)
    client = Client()
    client.post("/konto/password/reset/", {"email": person.email})
    [letter] = post_letters()
    path = "/konto/password/reset/key/" + letter.body.split("/reset/key/")[1].split()[0]
    form = client.get(path, follow=True)
    new = "en-helt-ny-adgangskode-2026"
    client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert client.get("/konto/indstillinger/").status_code == 302
    assert not gets_in(person, "000000", new)
    assert not gets_in(person, code_for(secret)), "the old password is gone"
    step = client.post("/konto/login/", {"login": person.email, "password": new})
    assert step.url == "/konto/2fa/authenticate/"
    assert client.get("/konto/indstillinger/").status_code == 302
    assert gets_in(person, code_for(secret), new)


def test_keys_from_before_are_as_long_as_keys():
    assert Env({}).secrets("SECRET_KEY_FALLBACKS") == []
    assert Env({"X": f"{NEW}, {NEWER}"}).secrets("X") == [NEW, NEWER]
    with pytest.raises(ImproperlyConfigured, match="50 characters") as error:
        Env({"X": f"{NEW},kort-noegle"}).secrets("X")
    assert "kort" not in str(error.value)
