"""No role alters or deletes the history over HTTP, the administration included."""

import datetime as dt

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import get_resolver

from krams.enums import Role
from krams.history.actions.locking import save_kept, save_version
from krams.models import AuditEntry, Department, Facility, Kept, User, Versioned
from krams.web.admin import SeenForm


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


@pytest.mark.parametrize("field", ["name", "role"])
def test_an_account_that_was_saved_meanwhile_is_not_written_over(
    client_of_admin, make_user, facility, field
):
    """It has no version: the page says what it showed, roles included."""
    account = make_user(Role.STAFF, facility=facility)
    path = f"/admin/krams/user/{account.pk}/change/"
    data = data_of(client_of_admin, path) | {"invite": ""}
    if field == "name":
        User.objects.filter(pk=account.pk).update(name="Gemt imens")
    else:
        account.memberships.update(valid_until=dt.date(2030, 1, 1))

    stale = client_of_admin.post(path, data | {"name": "Skrevet her"})

    assert stale.status_code == 409
    assert "Skrevet her" in stale.text
    account.refresh_from_db()
    assert account.name != "Skrevet her"
    form = stale.context["adminform"].form
    again = data | {"name": "Skrevet her", "seen_state": form["seen_state"].value()}
    assert client_of_admin.post(path, again).status_code == 302
    account.refresh_from_db()
    assert account.name == "Skrevet her"


def test_an_authority_too(client_of_admin, municipality, region):
    path = f"/admin/krams/authority/{municipality.pk}/change/"
    data = data_of(client_of_admin, path)
    municipality.region_memberships.create(region=region, valid_from=dt.date(2027, 1, 1))
    assert client_of_admin.post(path, data | {"name": "Skrevet her"}).status_code == 409
    data = data_of(client_of_admin, path)
    assert client_of_admin.post(path, data | {"name": "Skrevet her"}).status_code == 302


def test_every_page_of_the_administration_that_saves_says_what_it_showed(superuser, rf):
    request = rf.get("/")
    request.user = superuser
    silent = {
        model.__name__
        for model, page in admin.site._registry.items()
        if not issubclass(page.get_form(request), SeenForm)
    }
    # A letter has no field that can be written.
    assert silent == {"Letter"}


@pytest.mark.parametrize("model", list(admin.site._registry))
def test_what_is_saved_as_it_was_opened_leaves_no_trace(
    client_of_admin, facility, cluster, superuser, model
):
    row = model.objects.first()
    if row is None:
        assert model.__name__ == "Letter"
        return
    path = f"/admin/krams/{model._meta.model_name}/{row.pk}/change/"
    before, data = kept(), data_of(client_of_admin, path) | {"invite": ""}
    assert client_of_admin.post(path, data).status_code == 302
    assert kept() == before


def test_members_of_a_cluster_are_saved_under_its_version(client_of_admin, cluster):
    path = f"/admin/krams/cluster/{cluster.pk}/change/"
    member = cluster.memberships.order_by("pk").first()
    data = data_of(client_of_admin, path) | {
        "memberships-TOTAL_FORMS": 1,
        "memberships-INITIAL_FORMS": 1,
        "memberships-0-id": member.pk,
        "memberships-0-cluster": cluster.pk,
        "memberships-0-authority": member.authority_id,
        "memberships-0-position": 7,
    }
    assert client_of_admin.post(path, data).status_code == 302
    version = cluster.version
    cluster.refresh_from_db()
    member.refresh_from_db()
    assert (cluster.version, member.position) == (version + 1, 7)


FORGED = {
    "history_id": "1",
    "history_date": "2020-01-01",
    "history_user": "1",
    "history_change_reason": "Forfalsket",
    "history_type": "-",
    "_history_user": "1",
    "_change_reason": "Forfalsket",
    "version": "1",
    "id": "1",
    "history-TOTAL_FORMS": "1",
    "history-INITIAL_FORMS": "1",
    "history-0-history_id": "1",
    "history-0-DELETE": "on",
    "post": "yes",
}


@pytest.mark.parametrize("model", list(admin.site._registry))
def test_no_forged_form_of_the_administration_changes_what_was_kept(
    client_of_admin, facility, cluster, make_user, model
):
    save_kept(make_user(Role.STAFF, facility=facility).memberships.get(), by=None)
    for one in (facility, facility.department, cluster):
        save_version(one, by=None)
    before, base = kept(), f"/admin/krams/{model._meta.model_name}/"
    assert len(before) > 4
    page = admin.site._registry[model]
    keys = [str(pk) for pk in model.objects.values_list("pk", flat=True)]
    for path in [
        "add/",
        *(f"{pk}/{way}/" for pk in keys for way in ("change", "delete", "history")),
    ]:
        client_of_admin.post(base + path, data_of_any(client_of_admin, base + path) | FORGED)
    for action in ("delete_selected", *page.actions):
        client_of_admin.post(base, {"action": action, "_selected_action": keys} | FORGED)
    after = kept()
    assert {key: after.get(key) for key in before} == before
    new = [row for key, row in after.items() if key not in before]
    assert all(row["history_change_reason"] != "Forfalsket" for row in new)


def data_of_any(client, path):
    """Of a page without a form nothing."""
    context = client.get(path).context
    return data_of(client, path) if context and "adminform" in context else {}


@pytest.mark.parametrize("version", ["", "x", "99", "-1"])
def test_a_version_that_never_was_saves_nothing(client_of_admin, department, version):
    path = f"/admin/krams/department/{department.pk}/change/"
    data = data_of(client_of_admin, path)
    answer = client_of_admin.post(path, data | {"name": "Nyt", "seen_version": version})
    assert answer.status_code in (409, 422)
    assert Department.objects.get().name == department.name
