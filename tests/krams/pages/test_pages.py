"""Pages about the portal itself: help, statement, privacy, language, settings, errors."""

import re
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from krams.enums import Role
from krams.models import User

PUBLIC = ["/hjaelp/", "/was", "/privatliv/", "/konto/login/"]


def text(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_need_no_log_in(client, db, path):
    response = client.get(path)
    assert response.status_code == 200
    assert '<html lang="da">' in text(response)
    assert len(re.findall("<h1", text(response))) == 1


@pytest.mark.parametrize("path", ["/hjaelp/", "/was", "/privatliv/"])
def test_public_pages_take_no_post(client, db, path):
    response = client.post(path)
    assert response.status_code == 405
    assert "Det kan ikke lade sig gøre her" in text(response)
    assert "GET" in response.headers["Allow"]


def test_the_statement_says_what_the_law_asks_for(client, db, settings):
    settings.ORGANISATION = "Nordby Kommune"
    settings.ACCESSIBILITY_CONTACT = "tilgaengelig@nordby.example"
    page = text(client.get("/was"))
    for part in (
        "Nordby Kommune",
        "lov nr. 692 af 8. juni 2018",
        "WCAG 2.1 på niveau AA",
        "Hvad der ikke er tilgængeligt",
        'href="mailto:tilgaengelig@nordby.example"',
        "Digitaliseringsstyrelsen",
        "selvevaluering",
        "21.11.2026",
    ):
        assert part in page


def test_the_statement_without_a_contact_says_where_to_look(client, db, settings):
    settings.ACCESSIBILITY_CONTACT = ""
    page = text(client.get("/was"))
    assert "mailto:" not in page
    assert "Find adressen på din organisations hjemmeside" in page


def test_the_privacy_page_names_every_cookie_that_is_set(client, login, make_user, facility):
    user = make_user(Role.STAFF, facility=facility)
    client.post("/konto/login/", {"login": user.email, "password": "en-god-adgangskode-2026"})
    client.post("/sprog/", {"language": "en", "next": "/was"})
    client.get("/konto/login/")
    page = text(client.get("/privatliv/"))
    assert set(client.cookies) >= {"sessionid", "csrftoken", "django_language"}
    assert [name for name in client.cookies if name not in page] == []


# --- Language -----------------------------------------------------------------------------------


def test_danish_whatever_the_browser_asks_for(client, db):
    response = client.get("/hjaelp/", headers={"Accept-Language": "en"})
    assert "<h1>Hjælp</h1>" in text(response)


def test_the_switch_changes_the_language_and_comes_back(client, db):
    response = client.post("/sprog/", {"language": "en", "next": "/hjaelp/?a=1"})
    assert (response.status_code, response.url) == (302, "/hjaelp/?a=1")
    assert "<h1>Help</h1>" in text(client.get("/hjaelp/"))
    client.post("/sprog/", {"language": "da", "next": "/hjaelp/"})
    assert "<h1>Hjælp</h1>" in text(client.get("/hjaelp/"))


@pytest.mark.parametrize("language", ["", "xx", "da\x00", "../../etc", "d" * 500])
def test_a_language_that_there_is_not(client, db, language):
    response = client.post("/sprog/", {"language": language})
    assert response.status_code == 400
    assert "Det forstod portalen ikke" in text(response)


@pytest.mark.parametrize(
    "target",
    ["https://ond.example/", "//ond.example/", "\\\\ond.example", "javascript:alert(1)", ""],
)
def test_the_switch_leads_nowhere_else(client, db, target):
    assert client.post("/sprog/", {"language": "en", "next": target}).url == "/"


def test_the_switch_is_not_for_get(client, db):
    assert client.get("/sprog/").status_code == 405


def test_an_unknown_language_in_the_cookie_is_danish(client, db):
    client.cookies["django_language"] = "tlh"
    assert "<h1>Hjælp</h1>" in text(client.get("/hjaelp/"))


# --- Settings -----------------------------------------------------------------------------------


def test_settings_show_the_own_account(login, make_user, facility):
    user = make_user(Role.STAFF, facility=facility)
    page = text(login(user).get("/konto/indstillinger/"))
    assert user.email in page
    assert "Medarbejder, Bakkehuset" in page
    assert "/konto/password/change/" in page
    assert "/konto/2fa/" in page


# --- Errors -------------------------------------------------------------------------------------


def test_a_page_that_is_not_there(client, login, make_user, db):
    for visitor in (client, login(make_user())):
        response = visitor.get("/findes-ikke/")
        assert response.status_code == 404
        assert "Siden findes ikke her" in text(response)
        assert 'class="skip"' in text(response)


def test_a_form_without_its_token_saves_nothing_and_says_so(make_user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user())
    response = client.post("/sprog/", {"language": "en"})
    assert response.status_code == 403
    assert "Formularen er for gammel" in text(response)
    assert "django_language" not in client.cookies


def test_what_one_may_not_do(login, make_user):
    response = login(make_user()).get("/admin/login/")
    assert response.status_code == 403
    assert "Det har du ikke adgang til" in text(response)


@pytest.fixture
def broken_home(monkeypatch):
    def break_down(user, namespace=""):
        raise RuntimeError("Hans Hansen 010203-1234")

    monkeypatch.setattr("krams.pages.views.home.halves_of", break_down)


def test_an_error_in_the_portal(make_user, broken_home):
    client = Client(raise_request_exception=False)
    client.force_login(make_user())
    response = client.get("/")
    assert response.status_code == 500
    assert "Noget gik galt i portalen" in text(response)
    assert "Hansen" not in text(response)


@pytest.mark.parametrize("status", [405, 500, 503])
def test_some_error_pages_need_no_database(status):
    # pytest-django refuses the database to a test that did not ask for it.
    from krams.web import errors

    page = text(errors._bare(status))
    assert 'class="skip"' in page
    assert "csrfmiddlewaretoken" not in page


def test_it_lives_whatever_is_away(client):
    # pytest-django refuses the database to a test that did not ask for it.
    response = client.get("/healthz", headers={"Host": "10.0.0.7:8000"})
    assert (response.status_code, response.content) == (200, b"ok")


def test_it_is_ready_when_the_database_answers(client, db):
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (200, b"ready")


def test_it_is_not_ready_without_a_database(client, db):
    with patch.object(connection, "cursor", side_effect=OperationalError("gone")):
        response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"the database does not answer")


def test_it_is_not_ready_before_its_migrations_have_run(client, db):
    with patch.object(MigrationExecutor, "migration_plan", return_value=["one"]):
        response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"migrations are missing")


def test_the_account_menu_logs_out_by_post(login, make_user, db):
    page = text(login(make_user()).get("/hjaelp/"))
    assert re.search(
        r'<form\s+action="/konto/logout/"\s+method="post"\s*>.{1,200}Log ud', page, re.S
    )
    assert "/admin/" not in page


def test_the_account_menu_of_a_superuser_leads_to_the_administration(login, db):
    user = User.objects.create_superuser("admin@proeve.example", name="Administrator")
    assert 'href="/admin/"' in text(login(user).get("/hjaelp/"))


def test_the_foot_says_demo_only_where_demo_is_loaded(client, db, settings):
    assert "Demo:" not in text(client.get("/hjaelp/"))
    settings.DEBUG = True
    assert "Demo:" in text(client.get("/hjaelp/"))
