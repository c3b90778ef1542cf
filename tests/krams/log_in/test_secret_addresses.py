"""A link that opens an account stays in no address, no page and no table."""

import re
from time import process_time
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core import mail
from django.test import Client

from krams.enums import Role
from krams.log_in.views import account
from krams.models import Letter
from krams.roles.actions.grants import give_role
from krams.roles.places import Kind, Place
from tests.inbox import post_letters

pytestmark = pytest.mark.django_db
NEW = "en-helt-ny-adgangskode-2026"
RESET = "/konto/password/reset/"


def link_in(letter) -> str:
    """Without the portal, which a test of an action alone has no address of."""
    return re.search(r"/(?:konto/password/reset/key|invitation)/\S+", letter.body)[0]


def secret_of(path: str) -> str:
    return path.strip("/").split("/")[-1].split("-", 1)[-1]


def tables_with(secret: str) -> list[str]:
    """Where in the database it stands; sessions are signed, and hold it until it is used."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        if any(secret in str(row) for row in model._base_manager.values_list()):
            found.append(model.__name__)
    return found


def test_a_reset_link_leaves_its_address_at_once(make_user):
    user = make_user()
    Client().post(RESET, {"email": user.email})
    [letter] = post_letters()
    path = link_in(letter)
    secret = secret_of(path)
    browser = Client()
    away = browser.get(path)
    assert away.status_code == 302
    assert secret not in away.url
    page = browser.get(away.url)
    assert secret not in page.content.decode()
    assert page.headers["Referrer-Policy"] == "same-origin"
    done = browser.post(away.url, {"password1": NEW, "password2": NEW}, follow=True)
    assert [url for url, _status in done.redirect_chain if secret in url] == []
    assert secret not in done.content.decode()
    assert tables_with(secret) == []


def test_an_invitation_leaves_its_address_at_once(make_user, facility):
    manager = make_user(Role.MANAGER, facility=facility)
    give_role(
        place=Place(Kind.FACILITY, facility.pk),
        role=Role.STAFF,
        email="ny@proeve.example",
        name="Ny",
        by=manager,
    )
    [letter] = post_letters()
    path = link_in(letter)
    secret = path.strip("/").split("/")[-1]
    browser = Client()
    away = browser.get(path)
    assert (away.status_code, away.url) == (302, "/invitation/")
    assert away.headers["Referrer-Policy"] == "strict-origin"
    page = browser.get(away.url)
    assert secret not in page.content.decode()
    browser.post(away.url, {"password1": NEW, "password2": NEW})
    assert tables_with(secret) == []


@pytest.mark.parametrize("known", [True, False])
def test_asking_for_a_link_tells_nothing_by_status_or_words(make_user, known):
    user = make_user()
    email = user.email if known else "ukendt@proeve.example"
    answer = Client().post(RESET, {"email": email}, follow=True)
    assert answer.redirect_chain == [("/konto/password/reset/done/", 302)]
    assert email not in answer.content.decode()
    assert Letter.objects.count() == known
    assert mail.outbox == []


def test_nor_by_time(make_user, monkeypatch):
    """Each waits until as much time is gone; the processor's time, which no other test takes."""
    waited = []
    monkeypatch.setattr(
        account, "time", SimpleNamespace(monotonic=process_time, sleep=waited.append)
    )
    for email in (make_user().email, "ukendt@proeve.example"):
        Client().post(RESET, {"email": email})
    assert len(waited) == 2
    assert all(0 < seconds < account.EVEN_SECONDS for seconds in waited)


def test_a_closed_account_is_answered_as_an_unknown_one(make_user):
    user = make_user()
    user.is_active = False
    user.save()
    answer = Client().post(RESET, {"email": user.email})
    assert (answer.status_code, answer.url) == (302, "/konto/password/reset/done/")
    assert post_letters() == []


def test_only_so_many_links_are_asked_for(make_user):
    user = make_user()
    statuses = [Client().post(RESET, {"email": user.email}).status_code for _one in range(7)]
    assert statuses == [302] * 5 + [429] * 2
