"""Administration: who may open it, and what its saves leave behind."""

import datetime as dt
import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext

from krams.enums import Role
from krams.models import (
    Cluster,
    ClusterMembership,
    Department,
    Facility,
    Membership,
    RegionMembership,
    User,
)
from krams.web.admin import FirstPages
from tests.inbox import post_letters

from ...conftest import seen_state

NO_ROLES = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}


@pytest.fixture
def superuser(db):
    return User.objects.create_superuser("admin@proeve.example", name="Administrator")


@pytest.fixture
def client_of_admin(client, superuser):
    client.force_login(superuser)
    return client


@pytest.mark.parametrize("path", ["/admin/", "/admin/krams/user/", "/admin/login/"])
def test_without_log_in_it_leads_to_the_portals_log_in(client, db, path):
    response = client.get(path, follow=True)
    assert response.redirect_chain[-1][0].startswith("/konto/login/?next=/admin/")
    assert "Log ind med adgangskode" in response.content.decode()


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.MANAGER])
def test_only_superusers_get_in(login, make_user, municipality, role):
    user = make_user(role, authority=municipality)
    User.objects.filter(pk=user.pk).update(is_staff=True)
    client = login(user)
    for path in ("/admin/", "/admin/krams/user/", "/admin/krams/user/add/"):
        response = client.get(path, follow=True)
        assert response.status_code == 403


def test_a_password_is_not_enough_on_the_old_log_in_page(client, superuser):
    superuser.set_password("en-god-adgangskode-2026")
    superuser.save()
    client.post(
        "/admin/login/", {"username": superuser.email, "password": "en-god-adgangskode-2026"}
    )
    assert client.get("/konto/indstillinger/").status_code == 302


def test_secrets_of_the_log_in_are_not_for_reading(client_of_admin):
    shown = {model._meta.app_label for model in admin.site._registry}
    assert shown <= {"krams", "initiatives", "clusters"}


@pytest.mark.parametrize("model", ["user", "authority", "department", "facility", "cluster"])
def test_the_pages_open_and_run_nothing_inline(client_of_admin, cluster, facility, model):
    for path in (f"/admin/krams/{model}/", f"/admin/krams/{model}/add/"):
        page = client_of_admin.get(path)
        assert page.status_code == 200
        scripts = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", page.content.decode())
        assert [attributes for attributes in scripts if "json" not in attributes] == []
    assert client_of_admin.get(f"/admin/krams/{model}/?q=øst").status_code == 200


def test_a_new_account_gets_a_role_and_an_e_mail(client_of_admin, superuser, facility):
    response = client_of_admin.post(
        "/admin/krams/user/add/",
        {
            "email": " Ny@Proeve.example ",
            "name": "Medarbejder, Bakkehuset",
            "is_active": "on",
            "invite": "on",
            "memberships-TOTAL_FORMS": "1",
            "memberships-INITIAL_FORMS": "0",
            "memberships-0-role": "staff",
            "memberships-0-facility": facility.pk,
        },
    )
    assert response.status_code == 302
    user = User.objects.get(email="ny@proeve.example")
    assert not user.has_usable_password()
    assert not user.is_staff
    [membership] = user.memberships.all()
    assert membership.history.get().history_user == superuser
    [message] = post_letters()
    assert message.to == ["ny@proeve.example"]
    assert "/konto/password/reset/key/" in message.body
    assert Facility.objects.loggable_by(user).get() == facility


def test_no_e_mail_without_the_tick(client_of_admin):
    fields = {"email": "ny@proeve.example", "name": "Ny", "is_active": "on"} | NO_ROLES
    assert client_of_admin.post("/admin/krams/user/add/", fields).status_code == 302
    assert post_letters() == []


@pytest.mark.parametrize(
    ("role", "places"),
    [("staff", []), ("staff", ["facility", "department"]), ("coordinator", ["facility"])],
)
def test_a_role_needs_one_place_that_fits(client_of_admin, facility, role, places):
    scope = {"facility": facility.pk, "department": facility.department_id}
    fields = {
        "email": "ny@proeve.example",
        "name": "Ny",
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "0",
        "memberships-0-role": role,
    } | {f"memberships-0-{name}": scope[name] for name in places}
    response = client_of_admin.post("/admin/krams/user/add/", fields)
    assert response.status_code == 200
    assert "Vælg præcis ét sted" in response.content.decode()
    assert not User.objects.filter(email="ny@proeve.example").exists()


@pytest.mark.parametrize("email", ["", "ikke en adresse", "ADMIN@proeve.example"])
def test_an_address_that_cannot_be_used(client_of_admin, email):
    response = client_of_admin.post(
        "/admin/krams/user/add/", {"email": email, "name": "Ny"} | NO_ROLES
    )
    assert response.status_code == 200
    assert User.objects.count() == 1


def test_an_address_that_was_taken_away_opens_nothing(client_of_admin, make_user):
    user = make_user()
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    path = f"/admin/krams/user/{user.pk}/change/"
    data = {"email": "rigtig@proeve.example", "name": user.name, "is_active": "on"} | NO_ROLES
    client_of_admin.post(path, data | seen_state(client_of_admin, path))
    user.refresh_from_db()
    assert user.email == "rigtig@proeve.example"
    assert not EmailAddress.objects.filter(user=user).exists()
    assert user.has_usable_password()


def act(client, model, action, *objects):
    fields = {"action": action, "_selected_action": [each.pk for each in objects], "post": "yes"}
    return client.post(f"/admin/krams/{model}/", fields)


def test_an_invitation_can_be_sent_again_but_not_to_a_closed_account(client_of_admin, make_user):
    user, closed = make_user(), make_user()
    User.objects.filter(pk=closed.pk).update(is_active=False)
    act(client_of_admin, "user", "send_password_link", user, closed)
    assert [message.to for message in post_letters()] == [[user.email]]


def test_a_lost_phone_is_taken_off_the_account(client_of_admin, make_user):
    user = make_user()
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    act(client_of_admin, "user", "reset_second_step", user)
    assert not Authenticator.objects.exists()


def test_a_changed_facility_says_who_did_it(client_of_admin, superuser, facility):
    fields = {
        "department": facility.department_id,
        "kind": "treatment",
        "name": "Bakkehuset",
        "slug": "bakkehuset",
        "seen_version": facility.version,
    }
    response = client_of_admin.post(f"/admin/krams/facility/{facility.pk}/change/", fields)
    assert response.status_code == 302
    facility.refresh_from_db()
    assert (facility.kind, facility.version) == ("treatment", 2)
    assert facility.history.first().history_user == superuser


def test_removing_several_leaves_a_trace_of_each(client_of_admin, superuser, department):
    pair = [
        Facility.objects.create(department=department, name=name, slug=name.lower())
        for name in ("Et", "To")
    ]
    act(client_of_admin, "facility", "delete_selected", *pair)
    assert not Facility.objects.exists()
    records = Facility.history.filter(history_type="-")
    assert {record.history_user for record in records} == {superuser}
    assert records.count() == 2


def test_a_cluster_gets_members_with_dates(client_of_admin, region, municipality):
    response = client_of_admin.post(
        "/admin/krams/cluster/add/",
        {
            "kind": "health_council",
            "name": "Sundhedsråd Prøve",
            "slug": "raad",
            "region": region.pk,
            "confirmation_interval_months": "6",
            "valid_from": "01.01.2027",
            "memberships-TOTAL_FORMS": "1",
            "memberships-INITIAL_FORMS": "0",
            "memberships-0-authority": municipality.pk,
            "memberships-0-position": "0",
            "memberships-0-valid_from": "01.01.2027",
        },
    )
    assert response.status_code == 302
    cluster = Cluster.objects.get(slug="raad")
    assert str(ClusterMembership.objects.get(cluster=cluster).valid_from) == "2027-01-01"


def test_removing_a_role_leaves_a_trace(client_of_admin, superuser, make_user, facility):
    user = make_user(Role.STAFF, facility=facility)
    membership = user.memberships.get()
    path = f"/admin/krams/user/{user.pk}/change/"
    client_of_admin.post(
        path,
        seen_state(client_of_admin, path)
        | {
            "email": user.email,
            "name": user.name,
            "is_active": "on",
            "memberships-TOTAL_FORMS": "1",
            "memberships-INITIAL_FORMS": "1",
            "memberships-0-id": membership.pk,
            "memberships-0-user": user.pk,
            "memberships-0-role": "staff",
            "memberships-0-facility": facility.pk,
            "memberships-0-DELETE": "on",
        },
    )
    assert not Membership.objects.exists()
    assert Membership.history.get(history_type="-").history_user == superuser


def test_a_role_that_stands_there_is_told_and_not_an_error(client_of_admin, make_user, facility):
    """Sent twice at once, or as new though it is there: what two windows or a forger send."""
    person, other = make_user(Role.STAFF, facility=facility), make_user()
    line = {"role": "staff", "facility": facility.pk}
    for user, lines in ((person, 1), (other, 2)):
        path = f"/admin/krams/user/{user.pk}/change/"
        sent = {"email": user.email, "name": user.name, "is_active": "on"}
        sent |= {"memberships-TOTAL_FORMS": str(lines), "memberships-INITIAL_FORMS": "0"}
        for number in range(lines):
            sent |= {f"memberships-{number}-{name}": value for name, value in line.items()}
        answer = client_of_admin.post(path, seen_state(client_of_admin, path) | sent)
        assert answer.status_code == 200
        assert "Denne linje står her allerede." in answer.content.decode()
    assert Membership.objects.get().user == person


def test_a_region_that_stands_there_is_told_and_not_an_error(client_of_admin, municipality, region):
    line = {"region": region.pk, "valid_from": "01.01.2020"}
    RegionMembership.objects.filter(municipality=municipality).delete()
    RegionMembership.objects.create(
        municipality=municipality, region=region, valid_from=dt.date(2020, 1, 1)
    )
    path = f"/admin/krams/authority/{municipality.pk}/change/"
    sent = seen_state(client_of_admin, path) | {
        "kind": municipality.kind,
        "name": municipality.name,
        "slug": municipality.slug,
        "code": municipality.code,
        "region_memberships-TOTAL_FORMS": "1",
        "region_memberships-INITIAL_FORMS": "0",
    }
    sent |= {f"region_memberships-0-{name}": value for name, value in line.items()}
    answer = client_of_admin.post(path, sent)
    assert "Denne linje står her allerede." in answer.content.decode()
    assert municipality.region_memberships.count() == 1


def test_a_department_is_made_for_a_municipality(client_of_admin, municipality):
    client_of_admin.post(
        "/admin/krams/department/add/",
        {"municipality": municipality.pk, "name": "Ældre & sundhed", "slug": "aeldre"},
    )
    assert Department.objects.get(slug="aeldre").municipality == municipality


def test_a_list_counts_no_further_than_it_shows(client_of_admin, make_user, monkeypatch):
    monkeypatch.setattr(FirstPages, "MOST", 3)
    monkeypatch.setattr(admin.site._registry[User], "list_per_page", 2)
    make_user()
    few = client_of_admin.get("/admin/krams/user/")
    assert few.context["cl"].result_count == 2
    assert "Kun de første" not in few.content.decode()
    for _number in range(4):
        make_user()
    with CaptureQueriesContext(connection) as queries:
        many = client_of_admin.get("/admin/krams/user/")
    counting = [one["sql"] for one in queries if "COUNT(" in one["sql"].upper()]
    assert many.context["cl"].result_count == 3
    assert len(many.context["cl"].result_list) == 2
    second = client_of_admin.get("/admin/krams/user/", {"p": "2"})
    assert len(second.context["cl"].result_list) == 1
    assert "Kun de første 3 vises." in many.content.decode()
    assert counting
    assert all("LIMIT 3" in sql for sql in counting)
    # What is looked for is found beyond them.
    last = User.objects.order_by("-email")[0]
    found = client_of_admin.get("/admin/krams/user/", {"q": last.email})
    assert [row.pk for row in found.context["cl"].result_list] == [last.pk]
    assert "Kun de første" not in found.content.decode()


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model.__name__)
def test_no_list_of_the_administration_reads_a_whole_table_to_count(model):
    shown = admin.site._registry[model]
    assert shown.paginator is FirstPages
    assert not shown.show_full_result_count
    assert not shown.date_hierarchy


@pytest.mark.parametrize("sent", [" ", "x", "-1", "²", "1.5", "9" * 30, "\x00", "1' OR 1"])
def test_what_is_no_key_of_a_place_is_refused_at_the_field(login, superuser, department, sent):
    """Django's own field draws what was sent by looking it up, and breaks (found by fuzzing)."""
    client = login(superuser)
    for path in (
        "/admin/krams/department/add/",
        f"/admin/krams/department/{department.pk}/change/",
        "/admin/krams/cluster/add/",
    ):
        typed = {"name": "Et sted", "municipality": sent, "region": sent}
        answer = client.post(path, typed | {"seen_version": department.version})
        assert answer.status_code == 200, path
        assert "errorlist" in answer.content.decode(), path
    department.refresh_from_db()
    assert department.name != "Et sted"


def test_the_place_that_was_chosen_still_stands_in_a_form_with_errors(
    login, superuser, municipality
):
    sent = {"name": "", "municipality": str(municipality.pk)}
    page = login(superuser).post("/admin/krams/department/add/", sent).content.decode()
    assert f'<option value="{municipality.pk}" selected>' in page


def test_a_form_that_claims_to_have_a_thousand_rows_has_two_hundred(login, superuser):
    """Each would ask the database for its places (found by fuzzing)."""
    sent = {"memberships-TOTAL_FORMS": "100000", "memberships-INITIAL_FORMS": "0"}
    answer = login(superuser).post("/admin/krams/user/add/", sent | {"email": "a@b.example"})
    assert answer.status_code == 200
    rows = set(re.findall(r'name="memberships-(\d+)-role"', answer.content.decode()))
    assert len(rows) == 200
