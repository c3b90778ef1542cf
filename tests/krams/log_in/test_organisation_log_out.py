"""Logged out at the organisation by logging out here, and the other way round; and its strength."""

import base64
import json
import time
import uuid
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.mfa.totp.internal import auth as totp
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from krams.enums import AuditKind, Role
from krams.env import Env
from krams.log_in.actions import end_by_organisation
from krams.log_in.organisation import log_out
from krams.models import AuditEntry, LogIn
from krams.people import secrets

from .provider import go, is_in, knows, log_in, signed

pytestmark = pytest.mark.django_db
BACK = "/konto/oidc/organisation/logout/"
EVENT = "http://schemas.openid.net/event/backchannel-logout"
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def ending(organisation, tampering, settings):
    """The provider tells where one logs out, and the portal is told to do so."""
    settings.OIDC_LOGOUT = True
    tampering.config = {"end_session_endpoint": f"{organisation}/slut"}
    tampering.claims = {"sid": "s1"}
    return f"{organisation}/slut"


# --- From here to there ---------------------------------------------------------------------------


def asked(answer) -> tuple[str, dict]:
    parts = urlsplit(answer.url)
    return parts._replace(query="").geturl(), {
        name: one for name, (one,) in parse_qs(parts.query).items()
    }


def test_logging_out_goes_on_to_the_organisation_and_back(ending, organisation, person):
    client = log_in(organisation, person)
    answer = client.post("/konto/logout/")
    where, sent = asked(answer)
    assert where == ending
    assert sent["post_logout_redirect_uri"] == "http://testserver/konto/login/"
    assert sent["client_id"] == "portal"
    hint = jwt.decode(sent["id_token_hint"], options={"verify_signature": False})
    assert (hint["sub"], hint["sid"]) == ("a1", "s1")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert is_in(client) is None
    # Twice is once: nobody is sent anywhere a second time.
    assert client.post("/konto/logout/").url == "/konto/login/"


def test_the_token_never_leaves_the_server_before_and_no_row_tells_it(ending, organisation, person):
    client = log_in(organisation, person)
    pages = [client.get(path) for path in ("/", "/konto/indstillinger/", "/konto/logout/")]
    kept = str(dict(client.session))
    token = asked(client.post("/konto/logout/"))[1]["id_token_hint"]
    assert token.count(".") == 2
    for part in token.split("."):
        assert part not in kept
        for page in pages:
            assert part not in page.content.decode()
            assert part not in str(page.headers)


def test_the_token_of_a_key_that_is_gone_is_left_out(ending, organisation, person, settings):
    client = log_in(organisation, person)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "en-anden-noegle-" * 4
    kept = client.session["organisation"]["hint"]
    assert log_out._opened(kept).count(".") == 2
    settings.SECRET_KEY_FALLBACKS = []
    assert log_out._opened(kept) == ""


def test_a_token_waits_in_no_session_while_the_second_step_is_asked_for(
    ending, organisation, person
):
    """Neither the ID token in clear nor the access token, which opens what the provider knows."""
    totp.TOTP.activate(person, totp.generate_totp_secret())
    client = log_in(organisation, person)
    assert is_in(client) is None
    waiting = client.session["account_login"]
    assert "token" not in json.loads(json.dumps(waiting))["signal_kwargs"]["sociallogin"]
    assert "eyJ" not in str(waiting)


def test_a_password_log_in_ends_here(ending, organisation, person):
    client = Client()
    client.force_login(person)
    assert client.post("/konto/logout/").url == "/konto/login/"


def test_logging_out_everywhere_goes_there_too(ending, organisation, person, tampering):
    client = log_in(organisation, person)
    tampering.claims = {"auth_time": int(time.time())}
    go(client, "a1", process="again")
    assert asked(client.post("/konto/log-ins/", {"end": "all"}))[0] == ending


NO_ADDRESSES = ("javascript:alert(1)", "javascript://localhost/%0aalert(1)", "http://ond.example/")


@pytest.mark.parametrize("endpoint", [*NO_ADDRESSES, "https:slut", "/slut", 7, ""])
def test_an_address_that_is_none_is_not_gone_to(ending, organisation, person, tampering, endpoint):
    tampering.config = {"end_session_endpoint": endpoint}
    client = log_in(organisation, person)
    assert is_in(client) == person
    assert client.post("/konto/logout/").url == "/konto/login/"


def test_a_token_that_is_too_long_for_an_address_is_left_out(
    ending, organisation, person, tampering
):
    tampering.claims = {"groups": ["g" * 40] * 200}
    client = log_in(organisation, person)
    answer = client.post("/konto/logout/")
    assert "id_token_hint" not in asked(answer)[1]
    assert len(answer.url) < 500


def test_without_the_setting_nothing_is_kept_and_nobody_sent(
    ending, organisation, person, settings
):
    settings.OIDC_LOGOUT = False
    client = log_in(organisation, person)
    assert "hint" not in client.session["organisation"]
    assert client.post("/konto/logout/").url == "/konto/login/"
    assert Client().post(BACK, {"logout_token": "x"}).status_code == 404


# --- From there to here ---------------------------------------------------------------------------


@pytest.fixture
def token(ending, organisation, server):
    """A log-out token; ``without`` leaves claims away."""

    def make(without=(), header=None, **claims) -> str:
        now = int(time.time())
        told = {
            "iss": organisation,
            "aud": "portal",
            "iat": now,
            "exp": now + 120,
            "jti": uuid.uuid4().hex,
            "events": {EVENT: {}},
            "sub": "a1",
            **claims,
        }
        told = {name: one for name, one in told.items() if name not in without}
        return signed(server, told, **(header or {}))

    return make


def sends(token: str) -> int:
    return Client().post(BACK, {"logout_token": token}).status_code


def test_a_session_is_ended_by_its_name_and_all_by_the_persons(
    token, organisation, person, tampering
):
    one = log_in(organisation, person)
    tampering.claims = {"sid": "s2"}
    two = log_in(organisation, person)
    plain = Client()
    person.refresh_from_db()
    plain.force_login(person)
    answer = Client().post(BACK, {"logout_token": token(sid="s1")})
    assert (answer.status_code, answer.content) == (200, b"")
    assert "no-store" in answer.headers["Cache-Control"]
    assert [is_in(each) for each in (one, two)] == [None, person]
    assert sends(token(sid="s2", without=("sub",))) == 200
    assert is_in(two) is None
    three = log_in(organisation, person)
    assert sends(token()) == 200
    assert is_in(three) is None
    # What was not a log-in of the organisation's is not its to end.
    assert is_in(plain) == person
    entries = AuditEntry.objects.filter(kind=AuditKind.LOG_OUT, details__reason="organisation")
    assert [one.about for one in entries] == [f"account:{person.pk}"] * 3


def test_it_ends_nobody_elses(token, organisation, person, make_user):
    mine = log_in(organisation, person)
    other = make_user(Role.STAFF, facility=person.memberships.get().facility)
    knows(organisation, "b2", email=other.email, email_verified=True)
    theirs = Client()
    go(theirs, "b2")
    assert sends(token(sub="b2")) == 200
    assert [is_in(one) for one in (mine, theirs)] == [person, None]
    # A person and a session that is another's: neither.
    assert sends(token(sub="b2", sid="s1")) == 200
    assert is_in(mine) == person


def test_who_is_not_logged_in_is_no_error(token):
    assert sends(token(sub="ukendt")) == 200


def test_each_token_counts_once(token, organisation, person):
    same = token()
    assert sends(same) == 200
    client = log_in(organisation, person)
    assert sends(same) == 400
    assert is_in(client) == person


NOW = int(time.time())
WRONG = {
    "another issuer": {"iss": "https://ond.example"},
    "another audience": {"aud": "en-anden"},
    "no audience": {"without": ("aud",)},
    "expired": {"exp": NOW - 3600},
    "of the future": {"iat": NOW + 3600 * 24},
    "counts for a year": {"exp": NOW + 3600 * 24 * 365},
    "no issue": {"without": ("iat",)},
    "no expiry": {"without": ("exp",)},
    "no name of its own": {"without": ("jti",)},
    "no event": {"without": ("events",)},
    "another event": {"events": {"http://ond.example/": {}}},
    "an event that is none": {"events": {EVENT: True}},
    "a list of events": {"events": [EVENT]},
    "a nonce": {"nonce": "abc"},
    "an empty nonce": {"nonce": None},
    "nobody": {"without": ("sub",)},
    "an empty person": {"sub": ""},
    "an odd session": {"sid": ["s1"]},
    "an unknown key": {"header": {"kid": "en-anden"}},
}


@pytest.mark.parametrize("how", WRONG)
def test_a_token_that_is_wrong_ends_nothing(token, organisation, person, how, caplog):
    client = log_in(organisation, person)
    answer = Client().post(BACK, {"logout_token": token(**WRONG[how])})
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"})
    assert is_in(client) == person
    assert [one.message for one in caplog.records if one.name == "krams.log_in"] == [
        "log-out refused"
    ]


def test_a_token_that_others_signed_ends_nothing(token, organisation, person):
    client = log_in(organisation, person)
    claims = jwt.decode(token(), options={"verify_signature": False})
    own = jwt.get_unverified_header(token())["kid"]
    for key, algorithm in ((STRANGER, "RS256"), ("hemmelig" * 8, "HS256"), ("", "none")):
        assert sends(jwt.encode(claims, key, algorithm, headers={"kid": own})) == 400
    for text in ("", "x", "a.b.c", "\0", "æ" * 20, token() + "x", "a" * 20_000):
        assert sends(text) == 400
    assert Client().post(BACK).status_code == 400
    assert Client().get(BACK).status_code == 405
    assert is_in(client) == person


def nested(depth: int) -> str:
    return base64.urlsafe_b64encode(b"[" * depth).decode().rstrip("=")


def test_what_is_nested_deeply_is_no_token(ending):
    """Anybody may send one."""
    head = base64.urlsafe_b64encode(b'{"alg": "RS256"}').decode().rstrip("=")
    assert sends(f"{nested(12_000)}.e30.AA") == 400
    assert sends(f"{head}.{nested(12_000)}.AA") == 400


def test_a_time_that_is_a_text_is_no_error_of_ours(token, organisation, person):
    client = log_in(organisation, person)
    assert sends(token(exp=str(int(time.time()) + 120))) == 200
    assert is_in(client) is None


def test_nobody_named_ends_nobody(person):
    client = Client()
    client.force_login(person)
    assert end_by_organisation(subject_hash="", sid_hash="") == 0
    assert is_in(client) == person


def test_the_id_token_of_a_log_in_logs_nobody_out(token, organisation, person):
    client = log_in(organisation, person)
    kept = client.session["organisation"]["hint"]
    assert sends(secrets.decrypted(kept, secrets.LOG_OUT)) == 400
    assert is_in(client) == person


def test_it_needs_no_form_of_ours_and_is_limited(token, organisation, person, settings):
    log_in(organisation, person)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(BACK, {"logout_token": token()}).status_code == 200
    cache.clear()
    settings.ACCOUNT_RATE_LIMITS = {"back_channel": "2/m/ip"}
    assert [sends("x") for _one in range(3)] == [400, 400, 429]


def test_a_provider_that_is_away_logs_nobody_out(token, organisation, person, tampering):
    client = log_in(organisation, person)
    mine = token()
    tampering.config = {"jwks_uri": "http://localhost:1/"}
    assert sends(mine) == 400
    assert is_in(client) == person


def test_another_provider_is_none(ending):
    assert Client().post("/konto/oidc/ukendt/logout/", {"logout_token": "x"}).status_code == 404


# --- Strength, and where the portal asks ----------------------------------------------------------


@pytest.mark.parametrize(
    ("claims", "counts"),
    [
        ({"acr": "hoej"}, True),
        ({"amr": ["pwd", "mfa"]}, True),
        ({"amr": "mfa"}, True),
        ({"acr": "lav", "amr": ["pwd"]}, False),
        ({"acr": ["hoej"]}, False),
        ({"acr": None, "amr": [["mfa"]]}, False),
        ({}, False),
    ],
)
def test_the_token_says_whether_it_took_a_second_step(
    organisation, make_user, facility, settings, tampering, claims, counts
):
    settings.REQUIRE_SECOND_STEP, settings.OIDC_ACR = True, ["hoej", "mfa"]
    manager = make_user(Role.MANAGER, facility=facility)
    tampering.claims = claims
    answer = log_in(organisation, manager).get("/konto/indstillinger/")
    assert (answer.status_code, answer.headers.get("Location")) == (
        (200, None) if counts else (302, "/konto/andet-trin/")
    )


def test_what_the_user_info_says_is_no_strength(
    organisation, make_user, facility, settings, tampering
):
    settings.REQUIRE_SECOND_STEP, settings.OIDC_ACR = True, ["mfa"]
    tampering.userinfo = {"amr": ["mfa"]}
    manager = make_user(Role.MANAGER, facility=facility)
    assert log_in(organisation, manager).get("/konto/indstillinger/").status_code == 302


def test_one_of_two_settings_says_what_counts():
    read = Env({"OIDC_SECOND_STEP": "0", "OIDC_ACR": "mfa, hoej"}).oidc_second_step
    assert read() == (False, ["mfa", "hoej"])
    with pytest.raises(ImproperlyConfigured, match="OIDC_ACR"):
        Env({"OIDC_SECOND_STEP": "1", "OIDC_ACR": "mfa"}).oidc_second_step()


@pytest.mark.parametrize("path", ["/jwks", "/userinfo", "/oauth2/token"])
def test_an_answer_that_leads_elsewhere_is_not_followed(organisation, person, tampering, path):
    knows(organisation, "a1", email=person.email, email_verified=True)
    tampering.leads_on, tampering.leads_to = path, f"{organisation}/andetsteds"
    client = Client()
    page = go(client, "a1")
    assert "Det lykkedes ikke at logge ind" in page.content.decode()
    assert is_in(client) is None
    assert not SocialAccount.objects.exists()
    assert not LogIn.objects.exists()


def test_nor_is_the_first_answer(organisation, tampering):
    there = "/.well-known/openid-configuration"
    tampering.leads_on, tampering.leads_to = there, f"{organisation}/jwks"
    page = Client().post("/konto/oidc/organisation/login/?process=login")
    assert "Det lykkedes ikke at logge ind" in page.content.decode()
