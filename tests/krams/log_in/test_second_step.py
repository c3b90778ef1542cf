"""Whose role needs a second step gets nowhere without one, and sets it up under guidance."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from krams.enums import AuditKind, Role
from krams.log_in import second_step
from krams.models import AuditEntry, Membership, User

from ...conftest import PASSWORD

pytestmark = pytest.mark.django_db
HERE = "/konto/andet-trin/"
# allauth tells that a step was added when it is committed, which a test's own transaction is not.
really_commits = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def required(settings):
    settings.REQUIRE_SECOND_STEP = True


@pytest.fixture
def manager(make_user, facility):
    return make_user(Role.MANAGER, facility=facility)


def log_in(user, password=PASSWORD) -> Client:
    client = Client()
    client.post("/konto/login/", {"login": user.email, "password": password})
    return client


def code_for(secret: str) -> str:
    counter = list(totp.yield_hotp_counters_from_time())[-1]
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def set_up_app(client) -> str:
    client.post("/konto/reauthenticate/", {"password": PASSWORD})
    client.get("/konto/2fa/totp/activate/")
    secret = client.session[totp.SECRET_SESSION_KEY]
    done = client.post("/konto/2fa/totp/activate/", {"code": code_for(secret)})
    assert done.url == "/konto/2fa/recovery-codes/"
    return secret


def has_app(user) -> str:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def make(who, make_user, facility, cluster, municipality):
    if who == "superuser":
        return User.objects.create_superuser("admin@proeve.example", PASSWORD, name="Admin")
    places = {
        Role.MANAGER: {"facility": facility},
        Role.STAFF: {"facility": facility},
        Role.VIEWER: {"facility": facility},
        Role.COORDINATOR: {"cluster": cluster},
        Role.ADMINISTRATOR: {"authority": municipality},
        Role.EDITOR: {"authority": municipality},
    }
    return make_user(who, **places[who])


@pytest.mark.parametrize("who", [Role.MANAGER, Role.COORDINATOR, Role.ADMINISTRATOR, "superuser"])
def test_who_opens_what_is_others_too_is_led_to_it_from_everywhere(
    who, make_user, facility, cluster, municipality
):
    client = log_in(make(who, make_user, facility, cluster, municipality))
    asked = ["/", "/konto/indstillinger/", "/konto/2fa/", "/personer/", "/admin/", "/soeg/?q=x"]
    asked += ["/admin/krams/user/", "/konto/password/change/", "/konto/2fa/recovery-codes/"]
    asked += [facility.get_absolute_url(), f"/klynger/{cluster.slug}/"]
    for path in asked:
        for answer in (client.get(path), client.post(path)):
            assert (answer.status_code, answer.url) == (302, HERE), path
    page = client.get(HERE)
    assert page.status_code == 200
    assert "Din rolle åbner også det, der er andres" in page.content.decode()


@pytest.mark.parametrize("who", [Role.STAFF, Role.VIEWER, Role.EDITOR])
def test_others_are_not_asked(who, make_user, facility, cluster, municipality):
    client = log_in(make(who, make_user, facility, cluster, municipality))
    assert client.get("/konto/indstillinger/").status_code == 200


def test_without_the_setting_nobody_is_asked(settings, manager):
    settings.REQUIRE_SECOND_STEP = False
    assert log_in(manager).get("/konto/indstillinger/").status_code == 200


@really_commits
def test_who_has_set_up_an_app_goes_on_to_what_was_asked_for(manager, facility):
    client = log_in(manager)
    client.get(facility.get_absolute_url())
    set_up_app(client)
    codes = client.get("/konto/2fa/recovery-codes/")
    assert "Fra nu af logger du ind i to trin." in codes.content.decode()
    assert f'href="{HERE}"' in codes.content.decode()
    assert client.get(HERE).url == facility.get_absolute_url()
    assert client.get(facility.get_absolute_url()).status_code == 200
    entries = AuditEntry.objects.filter(kind=AuditKind.SECOND_STEP, actor=manager)
    assert {one.details["kind_of"] for one in entries} == {"totp", "recovery_codes"}


def test_the_next_log_in_asks_for_the_code_and_then_for_nothing(manager):
    secret = has_app(manager)
    client = log_in(manager)
    assert client.get("/konto/indstillinger/").url.startswith("/konto/login/")
    client.post("/konto/2fa/authenticate/", {"code": code_for(secret)})
    assert client.get("/konto/indstillinger/").status_code == 200


def test_setting_it_up_takes_the_password_once_more(manager):
    client = log_in(manager)
    assert client.get("/konto/2fa/totp/activate/").url.startswith("/konto/reauthenticate/")
    assert client.get("/konto/2fa/webauthn/add/").url.startswith("/konto/reauthenticate/")


@really_commits
def test_what_was_typed_when_the_role_was_given_is_kept(manager, facility, make_user):
    staff = make_user(Role.STAFF, facility=facility)
    client = log_in(staff)
    Membership.objects.filter(user=staff).update(role=Role.MANAGER)
    url = reverse("initiatives:register", args=[facility.slug])
    assert client.post(url, {"note": "Gåtur i regn", "participant_count": "4"}).url == HERE
    set_up_app(client)
    kept = client.get(client.get(HERE).url)
    assert "Gåtur i regn" in kept.content.decode()


def test_a_request_within_a_page_leads_the_whole_page_there(manager, facility):
    client = log_in(manager)
    answer = client.get(facility.get_absolute_url(), headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == HERE
    assert answer.content == b""


def test_public_pages_and_the_way_out_stay_open(manager):
    client = log_in(manager)
    assert client.get("/privatliv/").status_code == 200
    assert client.get("/hjaelp/").status_code == 200
    assert client.post("/konto/logout/").url == "/konto/login/"


def test_the_last_one_stays_and_one_of_two_can_go(manager):
    secret = has_app(manager)
    client = log_in(manager)
    client.post("/konto/2fa/authenticate/", {"code": code_for(secret)})
    client.post("/konto/reauthenticate/", {"password": PASSWORD})
    refused = client.post("/konto/2fa/totp/deactivate/", follow=True)
    assert "Tilføj et andet først" in refused.content.decode()
    assert Authenticator.objects.filter(user=manager, type="totp").exists()
    Authenticator.objects.create(user=manager, type="webauthn", data={"name": "x"})
    client.post("/konto/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=manager, type="totp").exists()
    assert second_step.is_last(manager)
    key = Authenticator.objects.get(user=manager, type="webauthn")
    client.post(f"/konto/2fa/webauthn/keys/{key.pk}/remove/")
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_a_session_of_another_person_does_not_count(manager, make_user, facility):
    secret = has_app(manager)
    client = log_in(manager)
    client.post("/konto/2fa/authenticate/", {"code": code_for(secret)})
    other = make_user(Role.MANAGER, facility=facility)
    client.post("/konto/login/", {"login": other.email, "password": PASSWORD})
    client.force_login(other)
    assert client.get("/konto/indstillinger/").url == HERE


def test_wrong_codes_wait_too_and_are_kept(manager):
    has_app(manager)
    client = log_in(manager)
    pages = [client.post("/konto/2fa/authenticate/", {"code": "000000"}) for _one in range(6)]
    assert "For mange forsøg" in pages[-1].content.decode()
    entries = AuditEntry.objects.filter(kind=AuditKind.LOG_IN_FAILED)
    assert {one.details["reason"] for one in entries} == {"second_step"}
    cache.clear()


@really_commits
def test_the_page_without_the_setting_offers_it(settings, make_user):
    settings.REQUIRE_SECOND_STEP = False
    client = log_in(make_user())
    assert "En adgangskode alene kan gættes" in client.get(HERE).content.decode()
    set_up_app(client)
    assert client.get(HERE).url == "/"


def test_a_superuser_cannot_be_deleted_while_one(client):
    first = User.objects.create_superuser("a@proeve.example", PASSWORD, name="A")
    other = User.objects.create_superuser("b@proeve.example", PASSWORD, name="B")
    has_app(first)
    client.force_login(first)
    session = client.session
    session[second_step.ADDED] = first.pk
    session.save()
    for user in (first, other):
        assert (
            client.post(f"/admin/krams/user/{user.pk}/delete/", {"post": "yes"}).status_code == 403
        )
    data = {"action": "delete_selected", "_selected_action": [other.pk], "post": "yes"}
    client.post("/admin/krams/user/", data)
    assert User.objects.filter(is_superuser=True).count() == 2
