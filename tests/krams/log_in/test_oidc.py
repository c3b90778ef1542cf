"""The organisation's own log-in, against a provider that answers on loopback."""

import time
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from allauth.mfa.totp.internal import auth as totp
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from krams.enums import AuditKind, Role
from krams.env import Env
from krams.models import AuditEntry, User
from krams.roles.actions.grants import give_role
from krams.roles.places import Kind, Place
from tests.inbox import post_letters

from ...conftest import PASSWORD
from .provider import START, go, is_in, knows, log_in

pytestmark = pytest.mark.django_db
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def test_a_proven_address_opens_its_account_and_then_the_subject_does(organisation, person):
    assert is_in(log_in(organisation, person)) == person
    link = SocialAccount.objects.get(user=person)
    assert link.uid == "a1"
    assert link.extra_data == {"sub": "a1", "email": person.email, "iss": organisation}
    # The address at the organisation has changed, and is no longer proven.
    assert is_in(log_in(organisation, person, email="ny@x.example", email_verified=False)) == person


def test_the_tick_of_a_shared_computer_counts_there_too(organisation, person):
    assert b"Log ind med kommunens login" in Client().get("/konto/login/").content
    knows(organisation, "a1", email=person.email, email_verified=True)
    client = Client()
    go(client, "a1", shared_computer="on")
    assert is_in(client) == person
    assert client.session["shared_computer"]


def test_asking_whether_the_portal_is_there_sends_nobody_away(organisation, client):
    """The script does so before it lets the form go; of another site it would hear nothing."""
    assert client.options(f"{START}?process=login").status_code == 405


def test_it_asks_for_what_it_says_and_for_nothing_that_the_address_adds(organisation):
    away = Client().post(
        f"{START}?process=login&scope=offline&auth_params=prompt%3Dnone%26nonce%3D1"
    )
    asked = parse_qs(urlsplit(away.url).query)
    assert set(asked["scope"][0].split()) == {"openid", "profile", "email"}
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["nonce"][0]) > 40
    assert "prompt" not in asked
    assert "secret" not in away.url


@pytest.mark.parametrize("verified", [False, None, "false", "true", 1, "yes"])
def test_an_address_that_is_not_proven_opens_nobodys_account(organisation, person, verified):
    client = log_in(organisation, person, email_verified=verified)
    assert is_in(client) is None
    assert not SocialAccount.objects.exists()


def test_a_provider_whose_addresses_are_all_proven_can_be_told_so(organisation, person, settings):
    told = {"OIDC_URL": organisation, "OIDC_CLIENT_ID": "portal", "OIDC_CLIENT_SECRET": "hemmelig"}
    settings.SOCIALACCOUNT_PROVIDERS = Env(told | {"OIDC_EMAIL_IS_VERIFIED": "1"}).openid_connect()
    assert is_in(log_in(organisation, person, email_verified=None)) == person


def test_an_address_without_an_account_makes_none(organisation, person):
    knows(organisation, "b2", email="fremmed@proeve.example", email_verified=True)
    page = go(Client(), "b2")
    assert "Du har ikke en konto endnu" in page.content.decode()
    assert User.objects.count() == 1


def test_a_subject_of_another_issuer_opens_nothing(organisation, person, caplog):
    """``OIDC_URL`` names another provider, where the same subject is somebody else."""
    log_in(organisation, person)
    SocialAccount.objects.update(extra_data={"sub": "a1", "iss": "https://foer.example"})
    client = log_in(organisation, person)
    assert is_in(client) is None
    assert "subject of another issuer" in [one.message for one in caplog.records]
    assert SocialAccount.objects.get().extra_data["iss"] == "https://foer.example"
    # Kept before it was told whose it is: from now on it is.
    SocialAccount.objects.update(extra_data={"sub": "a1"})
    assert is_in(log_in(organisation, person)) == person
    assert SocialAccount.objects.get().extra_data["iss"] == organisation


def test_a_proven_address_is_no_second_step(organisation):
    """Of whoever may open the administration pages, say."""
    admin = User.objects.create_superuser("admin@proeve.example", PASSWORD, name="Admin")
    totp.TOTP.activate(admin, totp.generate_totp_secret())
    client = log_in(organisation, admin)
    assert is_in(client) is None
    assert client.get("/admin/krams/user/").status_code == 302


def test_a_closed_account_stays_closed(organisation, person):
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert is_in(log_in(organisation, person)) is None


def refused(organisation, person, **how) -> None:
    """The page says that it did not work, nobody is in, and the log has a line."""
    knows(organisation, "a1", email=person.email, email_verified=True)
    client = Client()
    page = go(client, "a1", **how)
    assert "Det lykkedes ikke at logge ind" in page.content.decode()
    assert is_in(client) is None
    assert not SocialAccount.objects.exists()


def test_a_wrong_nonce_is_refused(organisation, person):
    refused(organisation, person, sent={"nonce": "en-anden-browsers"})


@pytest.mark.parametrize("state", ["gaettet", ""])
def test_a_wrong_state_is_refused(organisation, person, state):
    refused(organisation, person, back={"state": state})


def test_an_answer_to_another_browser_is_refused(organisation, person):
    """Somebody sends a link with a code of their own: log-in CSRF."""
    knows(organisation, "a1", email=person.email, email_verified=True)
    victim, attacker = Client(), Client()
    away = attacker.post(f"{START}?process=login")
    answer = requests.post(away.url, {"sub": "a1"}, allow_redirects=False, timeout=5)
    path = urlsplit(answer.headers["Location"])
    page = victim.get(f"{path.path}?{path.query}", follow=True)
    assert "Det lykkedes ikke at logge ind" in page.content.decode()
    assert is_in(victim) is None


def test_a_code_counts_once(organisation, person):
    knows(organisation, "a1", email=person.email, email_verified=True)
    client = Client()
    away = client.post(f"{START}?process=login")
    answer = requests.post(away.url, {"sub": "a1"}, allow_redirects=False, timeout=5)
    path = urlsplit(answer.headers["Location"])
    assert client.get(f"{path.path}?{path.query}").status_code == 302
    assert is_in(client) == person
    client.post("/konto/logout/")
    client.get(f"{path.path}?{path.query}")
    assert is_in(client) is None


NOW = int(time.time())
PUBLIC = jwt.algorithms.RSAAlgorithm.to_jwk(STRANGER.public_key(), as_dict=True)
TAMPERED = {
    "issuer": {"claims": {"iss": "https://ond.example"}},
    "audience": {"claims": {"aud": "en-anden"}},
    "audience and party": {"claims": {"aud": ["portal", "b"], "azp": "b"}},
    "several audiences, no party": {"claims": {"aud": ["portal", "b"]}},
    "expired": {"claims": {"exp": NOW - 3600}},
    "of the future": {"claims": {"iat": NOW + 3600}},
    "no nonce": {"without": ("nonce",)},
    "nonce None": {"claims": {"nonce": None}},
    "no expiry": {"without": ("exp",)},
    "no subject": {"without": ("sub",)},
    "signed by a stranger": {"key": STRANGER},
    "unsigned": {"key": "", "algorithm": "none"},
    "signed with the secret": {"key": "hemmelig" * 8, "algorithm": "HS256"},
    "unknown key": {"kid": "en-anden"},
    "signed with the public key": {"key": "", "algorithm": "HS256"},
    "brings its own key": {"key": STRANGER, "header": {"jwk": PUBLIC | {"kid": "x"}}},
    "says where its key is": {"key": STRANGER, "header": {"jku": "https://ond.example/jwks"}},
    "no ID token": {"drop_token": True},
    "another's user info": {"userinfo": {"sub": "b2"}},
    "issuer of another": {"config": {"issuer": "https://ond.example"}},
}


@pytest.mark.parametrize("how", TAMPERED)
def test_a_forged_answer_is_refused(organisation, person, tampering, how):
    knows(organisation, "a1", email=person.email, email_verified=True)
    client = Client()
    if how == "issuer of another":
        tampering.config = TAMPERED[how]["config"]
        page = client.post(f"{START}?process=login")
    else:
        for name, value in TAMPERED[how].items():
            setattr(tampering, name, value)
        if how == "signed with the public key":
            tampering.key = requests.get(f"{organisation}/jwks", timeout=5).content
        page = go(client, "a1")
    assert "Det lykkedes ikke at logge ind" in page.content.decode()
    assert is_in(client) is None
    assert not SocialAccount.objects.exists()


def test_the_same_answer_untouched_gets_in(organisation, person, tampering):
    """So that those above are refused for what was changed, and not for being signed anew."""
    tampering.claims = {"extra": "x"}
    assert is_in(log_in(organisation, person)) == person
    tampering.kid = None
    assert is_in(log_in(organisation, person)) == person


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
@pytest.mark.parametrize(("bits", "gets_in"), [(1024, False), (2048, True)])
def test_a_key_that_is_too_short_proves_nothing(organisation, person, tampering, bits, gets_in):
    tampering.own_key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    assert (is_in(log_in(organisation, person)) == person) is gets_in


@pytest.mark.parametrize(
    ("taken", "algorithm", "gets_in"),
    [("RS256", "RS256", True), ("PS256", "RS256", False), ("PS256", "PS256", True)],
)
def test_whoever_can_leaves_the_older_signatures_out(
    organisation, person, tampering, settings, taken, algorithm, gets_in
):
    settings.OIDC_ALGORITHMS = [taken]
    tampering.own_key, tampering.algorithm = STRANGER, algorithm
    assert (is_in(log_in(organisation, person)) == person) is gets_in


def test_what_was_refused_is_a_line_and_an_entry(organisation, person, tampering, caplog):
    tampering.key = STRANGER
    refused(organisation, person)
    assert [one.reason for one in caplog.records if one.name == "krams.log_in"] == ["organisation"]
    entry = AuditEntry.objects.get(kind=AuditKind.LOG_IN_FAILED)
    assert entry.details == {"reason": "organisation"}


def test_a_provider_that_is_away_is_told_of_on_a_page(settings, person):
    told = {"OIDC_URL": "http://localhost:1", "OIDC_CLIENT_ID": "a", "OIDC_CLIENT_SECRET": "b"}
    settings.SOCIALACCOUNT_PROVIDERS = Env(told).openid_connect()
    page = Client().post(f"{START}?process=login")
    assert page.status_code < 500
    assert "Det lykkedes ikke at logge ind" in page.content.decode()


# --- Its second step, and no other way in ---------------------------------------------------------


def test_its_second_step_counts_where_the_setting_says_so(
    organisation, make_user, facility, settings
):
    settings.REQUIRE_SECOND_STEP = True
    manager = make_user(Role.MANAGER, facility=facility)
    client = log_in(organisation, manager)
    assert client.get("/konto/indstillinger/").url == "/konto/andet-trin/"
    settings.OIDC_SECOND_STEP = True
    assert is_in(client) == manager
    assert is_in(log_in(organisation, manager)) == manager
    # The first log-in there has taken the password away, and with it older sessions.
    manager.refresh_from_db()
    assert not manager.has_usable_password()
    plain = Client()
    plain.force_login(manager)
    assert plain.get("/konto/indstillinger/").url == "/konto/andet-trin/"


@pytest.fixture
def alone(organisation, settings):
    settings.PASSWORD_LOGIN = False


def test_the_list_of_log_ins_says_what_somebody_without_a_password_can_do(organisation, person):
    by_password = Client()
    by_password.force_login(person)
    page = by_password.get("/konto/log-ins/").content.decode()
    assert "vælg en ny adgangskode" in page
    assert "Du bliver spurgt om din adgangskode" in page
    page = log_in(organisation, person).get("/konto/log-ins/").content.decode()
    assert "sig det til din administrator" in page
    assert "adgangskode" not in page


def connects(client, sub: str, email: str, organisation) -> str:
    knows(organisation, sub, email=email, email_verified=True)
    return go(client, sub, process="connect").content.decode()


@pytest.mark.parametrize("passwords", [True, False])
def test_who_cannot_be_asked_once_more_connects_no_other_log_in(
    organisation, person, settings, passwords
):
    """Somebody at an open page of hers connects a log-in of their own, to come back with."""
    settings.PASSWORD_LOGIN = passwords
    person.set_unusable_password()
    person.save()
    client = Client()
    client.force_login(person)
    page = connects(client, "ond", "ond@x.example", organisation)
    assert not SocialAccount.objects.exists()
    assert "Du kan ikke knytte et login mere til din konto." in page
    other = Client()
    go(other, "ond")
    assert is_in(other) is None


@pytest.mark.parametrize("passwords", [True, False])
def test_who_has_only_the_organisation_is_asked_there_before_another_log_in_is_connected(
    organisation, person, settings, tampering, passwords
):
    settings.PASSWORD_LOGIN = passwords
    client = log_in(organisation, person)
    page = connects(client, "ond", "ond@x.example", organisation)
    assert "Er det stadig dig?" in page
    assert go(client, "ond", process="again").status_code == 403
    assert [one.uid for one in SocialAccount.objects.all()] == ["a1"]
    connects(client, "b2", "arbejde@x.example", organisation)
    tampering.claims = {"auth_time": int(time.time())}
    go(client, "a1", process="again")
    assert [one.uid for one in SocialAccount.objects.order_by("uid")] == ["a1", "b2"]


def test_who_has_a_password_is_asked_for_it_and_connects(organisation, person):
    client = Client()
    client.post("/konto/login/", {"login": person.email, "password": PASSWORD})
    connects(client, "a1", "arbejde@x.example", organisation)
    assert not SocialAccount.objects.exists()
    client.post("/konto/reauthenticate/", {"password": PASSWORD})
    assert SocialAccount.objects.get().user == person


def test_without_passwords_the_organisation_is_the_only_way_in(alone, organisation, person):
    client = Client()
    page = client.get("/konto/login/").content.decode()
    assert "Log ind med kommunens login" in page
    assert "password" not in page
    assert "passkey" not in page
    sent = {"login": person.email, "password": PASSWORD}
    client.post("/konto/login/", sent)
    assert is_in(client) is None
    assert client.login(email=person.email, password=PASSWORD) is False
    assert is_in(log_in(organisation, person)) == person


@pytest.mark.parametrize(
    "path",
    [
        "/konto/password/reset/",
        "/konto/password/reset/key/1-abc/",
        "/konto/password/change/",
        "/konto/password/set/",
        "/konto/2fa/webauthn/login/",
    ],
)
def test_nor_are_there_pages_of_passwords(alone, client, person, path):
    for answer in (client.get(path), client.post(path, {"email": person.email})):
        # Some ask for a log-in first.
        assert answer.status_code == 404 or answer.url.startswith("/konto/login/")
    client.force_login(person)
    assert client.get(path).status_code == 404
    assert client.post(path, {"email": person.email}).status_code == 404


def test_who_is_invited_says_yes_after_logging_in_there(alone, organisation, make_user, facility):
    manager = make_user(Role.MANAGER, facility=facility)
    place = Place(Kind.FACILITY, facility.pk)
    give_role(place=place, role=Role.STAFF, email="ny@proeve.example", name="Ny", by=manager)
    [letter] = post_letters()
    path = "/invitation/" + letter.body.split("/invitation/")[1].split()[0]
    client = Client()
    page = client.get(path, follow=True).content.decode()
    assert "Log ind med din arbejdsplads" in page
    assert "password1" not in page
    words = {"password1": "en-helt-ny-adgangskode-2026", "password2": "en-helt-ny-adgangskode-2026"}
    assert client.post("/invitation/", words).status_code == 403
    new = User.objects.get(email="ny@proeve.example")
    log_in(organisation, new, client)
    assert is_in(client) == new
    assert client.post("/invitation/", follow=True).status_code == 200
    assert new.memberships.get().role == Role.STAFF
