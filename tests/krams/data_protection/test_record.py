"""The record of processing follows the models and the settings."""

import re

from django.apps import apps
from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise

from krams.data_protection.authors import APPS
from krams.data_protection.record import record, stored
from krams.database.guarded import guarded_fields
from krams.enums import Role
from krams.models import User
from scripts.data_protection import main
from tests.demo import DemoTestCase
from tests.pages import PAGES


def tables():
    return {table.key: table for table in record()}


def test_the_document_is_this_record():
    assert main(["--check"]) == 0


def test_what_is_kept_follows_the_settings(settings):
    settings.RETENTION_DAYS = settings.RETENTION_DAYS | {"RETENTION_LETTERS": 17}
    row = next(row for row in tables()["kept"].rows if row[3] == "RETENTION_LETTERS")
    assert row[1] == "17 dage"
    assert {row[3] for row in tables()["kept"].rows} == set(settings.RETENTION_DAYS)


def test_every_row_with_a_person_or_a_text_is_in_it():
    names = {row[0] for row in tables()["stored"].rows}
    assert {"Konto", "Registrering"} <= names
    found = {one.name: one for one in stored()}
    assert "e-mail" in found["Konto"].people
    assert found["Registrering"].has_history


def test_kinds_of_rows_have_names_that_people_know():
    """A model without one is called by its class, in English: here and in one's own data."""
    nameless = {
        model.__name__
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        if not hasattr(model, "instance_type")
        and (hasattr(model, "history") or names_an_account(model) or any(guarded_fields(model)))
        and not isinstance(model._meta.verbose_name, Promise)
    }
    assert nameless == set()


def names_an_account(model) -> bool:
    return any(one.related_model is User for one in model._meta.local_concrete_fields)


def test_on_a_phone_no_label_stands_before_nothing(login, make_user, municipality):
    page = login(make_user(Role.ADMINISTRATOR, authority=municipality)).get(
        reverse("data-protection")
    )
    cells = re.findall(r"<td([^>]*)>(.*?)</td>", page.text)
    assert [cell for cell in cells if "data-l" in cell[0] and not cell[1]] == []
    assert ("", "") in [(more.strip(), text) for more, text in cells]


def test_who_may_see_it(login, make_user, municipality, facility):
    path = reverse("data-protection")
    assert login(make_user(Role.STAFF, facility=facility)).get(path).status_code == 403
    page = login(make_user(Role.ADMINISTRATOR, authority=municipality)).get(path)
    assert page.status_code == 200
    assert "RETENTION_AUDIT" in page.text
    assert page.text.count("<table") == 5


class TestCookies(DemoTestCase):
    def test_no_page_sets_another_cookie_than_the_record_names(self):
        allowed = {row[0] for row in tables()["cookies"].rows}
        assert allowed == {
            settings.SESSION_COOKIE_NAME,
            settings.CSRF_COOKIE_NAME,
            settings.LANGUAGE_COOKIE_NAME,
        }
        seen = set()
        for page in PAGES:
            seen |= self.answer_of(page).cookies
        assert seen - allowed == set()
