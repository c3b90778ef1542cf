"""No role alters or deletes the history over HTTP, the administration included."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import get_resolver

from krams.history.actions.locking import save_version
from krams.models import AuditEntry, Department, Facility, Kept, User, Versioned


@pytest.fixture
def superuser(db):
    return User.objects.create_superuser("admin@proeve.example", name="Administrator")


@pytest.fixture
def client_of_admin(client, superuser):
    client.force_login(superuser)
    return client


def data_of(client, path):
    """What the form of a page of the administration sends as it stands."""
    form = client.get(path).context["adminform"].form
    data = {form.add_prefix(name): form[name].value() for name in form.fields}
    for formset in client.get(path).context["inline_admin_formsets"]:
        data[f"{formset.formset.prefix}-TOTAL_FORMS"] = 0
        data[f"{formset.formset.prefix}-INITIAL_FORMS"] = 0
    return {name: "" if value is None else value for name, value in data.items()}


def histories():
    return [model.history.model for model in apps.get_models() if issubclass(model, Kept)]


def kept():
    return {
        (model, row.pk): {name: value for name, value in vars(row).items() if name[0] != "_"}
        for model in histories()
        for row in model.objects.all()
    }


def test_no_page_of_the_administration_is_about_a_history():
    never = {
        *histories(),
        AuditEntry,
        *(apps.get_model("clusters", name) for name in ("Edition", "EditionRedaction")),
        apps.get_model("initiatives", "SectionChange"),
    }
    assert len(never) > 30
    assert not never & admin.site._registry.keys()
    names = {model._meta.model_name for model in never}
    addresses = {
        name
        for name in get_resolver().namespace_dict["admin"][1].reverse_dict
        if isinstance(name, str)
    }
    assert not {name for name in addresses if name.split("_")[1:2] and name.split("_")[1] in names}


@pytest.mark.parametrize("way", ["delete", "action"])
def test_what_is_deleted_keeps_its_history_and_gets_an_entry_more(
    client_of_admin, superuser, department, way
):
    facility = Facility.objects.create(department=department, name="Ny", slug="ny")
    before = kept()

    base = "/admin/krams/facility/"
    if way == "delete":
        client_of_admin.post(f"{base}{facility.pk}/delete/", {"post": "yes"})
    else:
        data = {"action": "delete_selected", "_selected_action": [facility.pk], "post": "yes"}
        client_of_admin.post(base, data)

    assert not Facility.objects.exists()
    after = kept()
    assert {key: after.get(key) for key in before} == before
    [new] = [row for key, row in after.items() if key not in before]
    assert (new["history_type"], new["history_user_id"]) == ("-", superuser.pk)


@pytest.mark.parametrize(
    "model", [one for one in admin.site._registry if issubclass(one, Versioned)]
)
def test_a_save_of_the_administration_names_its_version(client_of_admin, facility, cluster, model):
    row = model.objects.get()
    path = f"/admin/krams/{model._meta.model_name}/{row.pk}/change/"
    data = data_of(client_of_admin, path)
    assert str(data["seen_version"]) == "1"
    row.name = "Gemt imens"
    save_version(row, by=None)

    stale = client_of_admin.post(path, data | {"name": "Skrevet her"})

    assert stale.status_code == 409
    text = stale.content.decode()
    assert "Skrevet her" in text
    assert "gemt" in text
    row.refresh_from_db()
    assert (row.name, row.version) == ("Gemt imens", 2)

    again = data | {"name": "Skrevet her", "seen_version": 2}
    assert client_of_admin.post(path, again).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.version) == ("Skrevet her", 3)
    assert row.history.count() == 3


@pytest.mark.parametrize("version", ["", "x", "99", "-1"])
def test_a_version_that_never_was_saves_nothing(client_of_admin, department, version):
    path = f"/admin/krams/department/{department.pk}/change/"
    data = data_of(client_of_admin, path)
    answer = client_of_admin.post(path, data | {"name": "Nyt", "seen_version": version})
    assert answer.status_code in (409, 422)
    assert Department.objects.get().name == department.name
