"""An authority takes its yes back; roles that clusters gave before these were limited to them."""

import datetime as dt
import uuid
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from clusters.access import editable_columns
from clusters.editions.actions import freeze_edition
from clusters.models import Edition, Effort
from krams.enums import AuditKind, Role
from krams.history.actions.locking import save_kept
from krams.models import AuditEntry, Cluster, ClusterMembership, Membership, RegionMembership
from krams.roles.queries.granting import agreed_authorities
from krams.roles.queries.people import role_of
from tests.roles import appoint, say_yes

from ..conftest import cell_data, cell_path, matrix_path

pytestmark = pytest.mark.django_db
migration = import_module("krams.migrations.0008_consent_and_roles_of_a_cluster")


@pytest.fixture
def administrator(make_user, other_municipality):
    return make_user(Role.ADMINISTRATOR, authority=other_municipality)


@pytest.fixture
def column(cluster, other_municipality):
    return cluster.memberships.get(authority=other_municipality)


@pytest.fixture
def named(cluster, coordinator, other_municipality):
    """An editor whom the coordinator has named for the other municipality's column."""
    appoint(
        cluster=cluster,
        email="navngivet@proeve.example",
        name="Redaktør",
        authority=other_municipality,
        by=coordinator,
    )
    user = say_yes("navngivet@proeve.example")
    user.memberships.update(valid_from=dt.date(2024, 1, 1))
    return user


def take_back(column) -> str:
    return reverse("clusters:member-take-back", args=[column.cluster.slug, column.pk])


def test_of_a_time_that_is_over_no_yes_is_waited_for(
    cluster, column, named, coordinator, other_municipality, login
):
    """The authority left without having agreed, and was added anew by a superuser since."""
    ClusterMembership.objects.create(
        cluster=cluster,
        authority=other_municipality,
        valid_from=dt.date(2020, 1, 1),
        valid_until=dt.date(2020, 12, 31),
        awaits_consent=True,
        position=9,
    )
    page = login(coordinator).get(reverse("clusters:setup-people", args=[cluster.slug]))
    assert page.context["waiting"] == []
    assert other_municipality in agreed_authorities(cluster, coordinator)
    assert role_of(coordinator, named.memberships.get().pk).may_change


def test_what_a_yes_gave_ends_with_it(
    administrator, column, named, coordinator, rows, answer, other_municipality, login
):
    effort, *_ = answer(rows[0], "Café", authority=other_municipality)
    edition = freeze_edition(
        cluster=column.cluster,
        title="Før",
        meeting="Mødet",
        meeting_on=timezone.localdate(),
        submission_id=uuid.uuid4(),
        by=coordinator,
    )
    client = login(administrator)
    path = take_back(column)
    assert path in client.get(matrix_path(column.cluster)).content.decode()
    asks = client.get(path).content.decode()
    assert named.name in asks
    assert not ClusterMembership.objects.filter(awaits_consent=True).exists()
    for _time in range(2):
        assert client.post(path).status_code == 302
    column.refresh_from_db()
    assert column.awaits_consent
    for person in (coordinator, named):
        assert column not in editable_columns(person)
    assert column in editable_columns(administrator)
    assert not Cluster.objects.visible_to(named).exists()
    # The role is kept as one that has ended, and the reason stands once.
    assert Membership.objects.get(user=named).valid_until < timezone.localdate()
    [kept] = AuditEntry.objects.filter(kind=AuditKind.CONSENT)
    assert (kept.actor, kept.authority) == (administrator, other_municipality)
    assert kept.details == {"what": "taken back"}
    reasons = column.cluster.history.values_list("history_change_reason", flat=True)
    assert sum("Sønderby" in (reason or "") for reason in reasons) == 1
    assert Effort.objects.get(pk=effort.pk).text == "Café"
    assert "Café" in str(Edition.objects.get(pk=edition.pk).content)


def test_the_coordinator_is_told_and_cannot_write(
    administrator, column, coordinator, rows, other_municipality, login
):
    login(administrator).post(take_back(column))
    client = login(coordinator)
    told = client.get(matrix_path(column.cluster)).content.decode()
    assert "Sønderby Kommune trak sit samtykke tilbage" in told
    assert take_back(column) not in told
    cell = cell_path(rows[0], other_municipality)
    assert client.post(cell, cell_data(rows[0], "Fremmed")).status_code == 403
    assert not Effort.objects.exists()


def test_a_new_yes_gives_no_old_role_back(administrator, column, named, coordinator, login):
    client = login(administrator)
    client.post(take_back(column))
    agree = reverse("clusters:member-agree", args=[column.cluster.slug, column.pk])
    assert agree in client.get(matrix_path(column.cluster)).content.decode()
    assert client.post(agree).status_code == 302
    column.refresh_from_db()
    assert (column.awaits_consent, column.consent_withdrawn_on) == (False, None)
    assert column in editable_columns(coordinator)
    assert not editable_columns(named).exists()


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("whose", ["own", "other"])
def test_only_the_authoritys_administrator_takes_it_back(
    role,
    whose,
    column,
    municipality,
    other_municipality,
    facility,
    other_facility,
    make_user,
    login,
):
    authority = other_municipality if whose == "own" else municipality
    place = other_facility if whose == "own" else facility
    scope = {
        Role.STAFF: {"facility": place},
        Role.COORDINATOR: {"cluster": column.cluster},
    }.get(role, {"authority": authority})
    may = role == Role.ADMINISTRATOR and whose == "own"
    client = login(make_user(role, **scope))
    for ask in (client.get, client.post):
        status = ask(take_back(column)).status_code
        assert status in ((200, 302) if may else (403, 404))
    column.refresh_from_db()
    assert column.awaits_consent == may


def test_a_system_administrator_may_too_and_an_outsider_sees_nothing(
    column, make_user, login, other_cluster
):
    outsider = make_user(Role.COORDINATOR, cluster=other_cluster)
    assert login(outsider).post(take_back(column)).status_code == 404
    system = make_user()
    system.is_superuser = True
    system.save()
    assert login(system).post(take_back(column)).status_code == 302
    column.refresh_from_db()
    assert column.awaits_consent


def test_one_that_has_left_has_nothing_to_take_back(administrator, column, login):
    column.valid_until = timezone.localdate() - dt.timedelta(days=1)
    column.save()
    client = login(administrator)
    assert take_back(column) not in client.get(matrix_path(column.cluster)).content.decode()
    client.post(take_back(column))
    column.refresh_from_db()
    assert not column.awaits_consent


def test_the_yes_of_a_cluster_that_has_ended_does_not_count_in_the_next_once_taken_back(
    administrator, coordinator, column, other_municipality, region, login
):
    old = column.cluster
    ended = timezone.localdate() - dt.timedelta(days=1)
    old.memberships.update(valid_until=ended)
    Cluster.objects.filter(pk=old.pk).update(valid_until=ended)
    client = login(administrator)
    assert take_back(column) in client.get(matrix_path(old)).content.decode()
    client.post(take_back(column))
    RegionMembership.objects.create(municipality=other_municipality, region=region)
    form = {
        "name": "Den næste",
        "kind": "health_council",
        "region": region.pk,
        "valid_from": f"{timezone.localdate():%d.%m.%Y}",
        "confirmation_interval_months": "6",
        "authorities": [other_municipality.pk],
        "submission_id": str(uuid.uuid4()),
    }
    path = reverse("clusters:setup-successors", args=[old.slug])
    assert login(coordinator).post(path, form).status_code == 302
    member = ClusterMembership.objects.get(cluster__name="Den næste")
    assert (member.authority, member.awaits_consent) == (other_municipality, True)


# --- Roles from before ----------------------------------------------------------------------------


def wide(user, authority, by) -> Membership:
    """An editor's role as the page of a cluster gave it before it was limited to the cluster."""
    return save_kept(Membership(user=user, role=Role.EDITOR, authority=authority), by=by)


def coordinates(make_user, *clusters):
    person = make_user()
    for cluster in clusters:
        save_kept(Membership(user=person, role=Role.COORDINATOR, cluster=cluster), by=None)
    return person


def limit(role: Membership) -> Cluster | None:
    migration.limit_roles_that_a_cluster_gave(apps, None)
    role.refresh_from_db()
    return role.within


def test_a_role_that_one_cluster_gave_counts_in_it_alone(make_user, cluster, municipality):
    role = wide(make_user(), municipality, by=coordinates(make_user, cluster))
    assert limit(role) == cluster
    last = role.history.first()
    assert (last.within, last.history_type) == (cluster, "~")
    # Once more changes nothing.
    count = role.history.count()
    assert (limit(role), role.history.count()) == (cluster, count)


@pytest.mark.parametrize("how", ["two clusters", "import", "superuser", "never coordinated"])
def test_where_the_history_does_not_tell_it_stays_and_is_listed(
    how, make_user, cluster, other_cluster, other_municipality, login
):
    by = None if how == "import" else make_user()
    if how == "two clusters":
        by = coordinates(make_user, cluster, other_cluster)
    admin = make_user()
    admin.is_superuser = admin.is_staff = True
    admin.save()
    role = wide(make_user(), other_municipality, by=admin if how == "superuser" else by)
    assert limit(role) is None
    listed = login(admin).get("/admin/krams/user/?gennemse=redaktoerer").content.decode()
    assert (role.user.email in listed) == (how != "superuser")


def test_a_role_that_is_right_as_it_stands_leaves_the_list(make_user, municipality, login):
    admin, editor = make_user(), make_user()
    admin.is_superuser = admin.is_staff = True
    admin.save()
    role = wide(editor, municipality, by=None)
    client, path = login(admin), "/admin/krams/user/?gennemse=redaktoerer"
    assert editor.email in client.get(path).content.decode()
    client.post(path, {"action": "keep_roles", "_selected_action": [editor.pk]})
    assert editor.email not in client.get(path).content.decode()
    last = role.history.first()
    assert (last.history_user, last.within, last.valid_until) == (admin, None, None)


def test_what_the_giver_coordinated_later_does_not_count(make_user, cluster, municipality):
    giver, editor = make_user(), make_user()
    role = wide(editor, municipality, by=giver)
    save_kept(Membership(user=giver, role=Role.COORDINATOR, cluster=cluster), by=None)
    assert limit(role) is None


def test_a_narrow_role_that_was_given_since_is_the_one_that_stays(make_user, cluster, municipality):
    giver, editor = coordinates(make_user, cluster), make_user()
    role = wide(editor, municipality, by=giver)
    narrow = save_kept(
        Membership(user=editor, role=Role.EDITOR, authority=municipality, within=cluster), by=giver
    )
    migration.limit_roles_that_a_cluster_gave(apps, None)
    assert list(editor.memberships.all()) == [narrow]
    assert Membership.history.filter(id=role.pk).first().history_type == "-"
