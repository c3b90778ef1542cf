"""No column takes a CPR number in, whatever way it is written. Every number here is made up."""

import json
from importlib import import_module

import pytest
from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection, models, transaction
from django.urls import reverse

from krams.danish.names import NameKeyField
from krams.database.guarded import APPS, UNGUARDED, CprRefused
from krams.models import Facility, User
from krams.web.forms.text import RoomyField
from tests.test_architecture import MODULES

NUMBER = "010190-1234"
TEXT = f"Ring {NUMBER}"
# Fields that hold no text of a person, or that are told of elsewhere.
OTHER_FIELDS = {
    "AccountForm.email": "The administration makes it an EmailField; the column says so as well.",
    "AccountForm.name": "The administration makes it a LineField; the column says so as well.",
    "AccountForm.seen_state": "A hash.",
    "AddPasskeyForm.credential": "What the browser's key answers.",
    "AddPasskeyForm.name": "The form makes it a LineField.",
    "EditPasskeyForm.name": "The form makes it a LineField.",
    "ResetPasswordForm.email": "The form makes it an EmailField.",
    "DecisionForm.seen": "Keys of rows and their versions.",
    "EditForm.seen": "Keys of rows and their versions.",
    "HeadForm.was": "A hash.",
    "IntakeForm.html": "A table that is read cell by cell.",
    "IntakeForm.table": "A table that is read cell by cell.",
    "KindForm.klar": "The key of a ready-made indicator.",
    "PasteForm.html": "A table that is read cell by cell.",
    "PasteForm.table": "A table that is read cell by cell.",
    "FileForm.pasted": "A table that is read cell by cell.",
    "RedactForm.sure": "How many places were shown.",
    "RedactForm.words": "What is to be taken away, which may be such a number.",
    "SeenState.seen_state": "A hash.",
    "SeenVersionsForm.v": "Keys of rows and their versions.",
    "LoginForm.password": "A password.",
    "PasswordForm.password1": "A password.",
    "PasswordForm.password2": "A password.",
}


def text_columns():
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.local_concrete_fields:
                if isinstance(field, models.CharField | models.TextField | models.JSONField):
                    yield model, field


def test_every_text_column_refuses_it_or_says_why_not():
    open_columns, told = set(), []
    for model, field in text_columns():
        is_copy = hasattr(model, "instance_type") and field.name != "history_change_reason"
        if is_copy or field.choices or isinstance(field, NameKeyField):
            continue
        value = [{"text": TEXT}] if isinstance(field, models.JSONField) else TEXT
        try:
            field.get_db_prep_save(value, connection)
        except CprRefused as refusal:
            told.append((list(refusal.message_dict) == [field.name], NUMBER in str(refusal)))
        else:
            open_columns.add(f"{model._meta.label}.{field.name}")
    reasons = {
        name for name in open_columns if name in UNGUARDED or name.rpartition(".")[0] in UNGUARDED
    }
    assert open_columns == reasons
    assert set(told) == {(True, False)}
    named = {name for one in open_columns for name in (one, one.rpartition(".")[0])}
    assert UNGUARDED.keys() <= named


@pytest.mark.django_db
class TestEveryWay:
    def test_save(self, facility):
        facility.remark = TEXT
        with pytest.raises(CprRefused) as refusal, transaction.atomic():
            facility.save()
        assert NUMBER not in str(refusal.value)
        assert Facility.history.filter(remark__contains="010190").count() == 0

    def test_full_clean_tells_the_field(self, facility):
        facility.slug = "hus-0101901234"
        with pytest.raises(ValidationError) as refusal:
            facility.full_clean()
        assert "slug" in refusal.value.message_dict

    def test_queryset(self, facility):
        with pytest.raises(CprRefused), transaction.atomic():
            Facility.objects.update(remark=TEXT)
        facility.remark = TEXT
        with pytest.raises(CprRefused), transaction.atomic():
            Facility.objects.bulk_update([facility], ["remark"])
        with pytest.raises(CprRefused), transaction.atomic():
            User.objects.bulk_create([User(email="a@example.com", name=TEXT)])

    def test_the_reason_of_a_change(self, facility):
        facility._change_reason = TEXT
        with pytest.raises(CprRefused), transaction.atomic():
            facility.save()

    def test_a_file_of_data(self, tmp_path, facility):
        call_command("dumpdata", "krams.facility", output=str(tmp_path / "data.json"))
        [row] = json.loads((tmp_path / "data.json").read_text())
        row["fields"]["remark"] = TEXT
        (tmp_path / "data.json").write_text(json.dumps([row]))
        with pytest.raises(CprRefused):
            call_command("loaddata", str(tmp_path / "data.json"), verbosity=0)

    def test_an_address_of_an_account(self):
        with pytest.raises(CprRefused), transaction.atomic():
            User.objects.create_user(f"{NUMBER}@example.com", name="Medarbejder")

    def test_what_stood_before_does_not_hold_up_the_rest(self, facility):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE krams_facility SET remark = %s", [TEXT])
        facility.refresh_from_db()
        facility.place_count = 7
        facility.save()
        facility.remark = f"{TEXT}."
        with pytest.raises(CprRefused), transaction.atomic():
            facility.save()


def form_classes():
    """Those of the modules of forms: what others have imported besides makes no difference."""
    rooms = {name for name in MODULES if "forms" in name.split(".") or name.endswith(".admin")}
    for name in rooms:
        import_module(name)
    waiting, seen = [forms.BaseForm], set()
    while waiting:
        for one in waiting.pop().__subclasses__():
            if one not in seen:
                seen.add(one)
                waiting.append(one)
    return {one for one in seen if one.__module__ in rooms}


def test_every_text_field_of_every_form_refuses_it():
    found = {
        f"{form.__name__}.{name}": field
        for form in form_classes()
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.CharField) and not isinstance(field, forms.UUIDField)
    }
    assert len(found) > 100
    open_fields = {name for name, one in found.items() if not isinstance(one, RoomyField)}
    assert open_fields == OTHER_FIELDS.keys()
    for name, field in found.items():
        if name in open_fields:
            continue
        with pytest.raises(ValidationError) as refusal:
            field.clean(TEXT)
        assert "cpr" in {one.code for one in refusal.value.error_list}, name
        assert NUMBER not in str(refusal.value), name


@pytest.mark.django_db
class TestPages:
    @pytest.fixture
    def root(self, client):
        client.force_login(
            User.objects.create_superuser("a@example.com", "x", name="Administrator")
        )
        return client

    @pytest.mark.parametrize(
        ("page", "change"),
        [
            ("krams_facility_change", {"remark": TEXT}),
            ("krams_facility_change", {"slug": f"hus-{NUMBER}"}),
            ("krams_cluster_change", {"name": TEXT}),
            ("krams_cluster_change", {"slug": f"klynge-{NUMBER}"}),
        ],
    )
    def test_the_administration_says_so_beside_the_field(
        self, root, facility, cluster, page, change
    ):
        row = facility if "facility" in page else cluster
        path = reverse(f"admin:{page}", args=[row.pk])
        form = root.get(path).context["adminform"].form
        typed = {name: form[name].value() for name in form.fields}
        typed = {name: value for name, value in typed.items() if value is not None}
        response = root.post(path, typed | change)
        errors = response.context["adminform"].form.errors
        assert list(errors) == list(change)
        assert "CPR" in str(errors)
        assert NUMBER not in str(errors)
        row.refresh_from_db()
        assert NUMBER not in str(vars(row))

    def test_a_column_that_no_field_told_of_is_422(self, root, facility, monkeypatch):
        def refused(*_args, **_more):
            facility.remark = TEXT
            facility.save()

        monkeypatch.setattr("krams.search.views.search", refused)
        response = root.get("/soeg/?q=kost")
        assert response.status_code == 422
        assert "CPR" in response.text
        assert NUMBER not in response.text
