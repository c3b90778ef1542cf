"""The first page after log-in, by role."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from krams.enums import AuthorityKind, Role
from krams.models import (
    Authority,
    Cluster,
    ClusterMembership,
    Department,
    Facility,
    Invitation,
    Membership,
    User,
)
from krams.pages.halves import halves_of
from krams.roles.actions.grants import give_role
from krams.roles.places import Place
from krams.roles.rules import Kind as PlaceKind
from krams.worklist.sections import Kind


def home(client) -> str:
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


def test_without_log_in_it_leads_to_the_log_in(client, db):
    assert client.get("/").url == "/konto/login/?next=/"


def test_staff_of_one_facility_land_on_their_day(login, make_user, facility):
    response = login(make_user(Role.STAFF, facility=facility)).get("/")
    assert (response.status_code, response.url) == (302, "/botilbud/bakkehuset/i-dag/")


def test_staff_of_several_facilities_see_what_waits_at_each(login, make_user, facility, department):
    user = make_user(Role.STAFF, facility=facility)
    second = Facility.objects.create(department=department, name="Haven", slug="haven")
    Membership.objects.create(user=user, role=Role.STAFF, facility=second)
    page = home(login(user))
    assert "/botilbud/bakkehuset/i-dag/" in page
    assert "/botilbud/haven/i-dag/" in page


def test_a_manager_sees_the_own_departments_and_their_overview(
    login, make_user, facility, other_facility
):
    page = home(login(make_user(Role.MANAGER, department=facility.department)))
    assert "Socialpsykiatrien" in page
    assert reverse("initiatives:overview", args=["socialpsykiatrien"]) in page
    assert "Bakkehuset" in page
    assert "Engen" not in page
    assert "Administration" not in page


def test_a_closed_facility_is_no_longer_offered(login, make_user, facility):
    facility.closed_on = "2026-01-01"
    facility.save()
    page = home(login(make_user(Role.MANAGER, department=facility.department)))
    assert "Bakkehuset" not in page


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.VIEWER])
def test_a_coordinator_sees_the_cluster_and_its_members(login, make_user, cluster, role):
    page = home(login(make_user(role, cluster=cluster)))
    assert "/klynger/proeve/" in page
    assert "Nordby Kommune · Sønderby Kommune · Region Prøve" in page
    assert "Registrér" not in page


def test_an_editor_sees_the_clusters_of_the_authority(login, make_user, cluster, municipality):
    other = Cluster.objects.create(name="Klynge Fremmed", slug="fremmed", region=cluster.region)
    page = home(login(make_user(Role.EDITOR, authority=municipality)))
    assert "Klynge Prøve" in page
    assert other.name not in page


def test_an_administrator_of_the_portal_gets_the_way_to_the_administration(login, db):
    user = User.objects.create_superuser("admin@proeve.example", name="Administrator")
    assert "/admin/krams/user/" in home(login(user))


def test_an_account_without_a_role_learns_whom_to_ask(login, make_user):
    page = home(login(make_user()))
    assert "Din konto har ingen rolle endnu" in page
    assert "Spørg portalens administrator" in page


def test_a_role_that_is_over_no_longer_counts(login, make_user, facility):
    user = make_user(Role.STAFF, facility=facility)
    user.memberships.update(valid_until="2026-01-01")
    assert "Din konto har ingen rolle endnu" in home(login(user))


def test_queries_stay_the_same_from_1_to_30_places(login, make_user, department, cluster):
    user = make_user(Role.MANAGER, department=department)
    Membership.objects.create(user=user, role=Role.VIEWER, authority=department.municipality)
    client = login(user)

    def count():
        with CaptureQueriesContext(connection) as queries:
            home(client)
        return len(queries)

    Facility.objects.create(department=department, name="Hus", slug="hus")
    one = count()
    for number in range(30):
        Facility.objects.create(department=department, name=f"Hus {number}", slug=f"hus-{number}")
        other = Cluster.objects.create(name=f"K{number}", slug=f"k{number}", region=cluster.region)
        ClusterMembership.objects.create(cluster=other, authority=department.municipality)
    assert count() == one <= 8


# --- The switch between the halves --------------------------------------------------------------


def test_each_half_is_shown_to_those_who_have_something_there(
    make_user, facility, cluster, municipality, region
):
    def halves(*args, **scope):
        found = halves_of(make_user(*args, **scope))
        return found.krams, found.clusters

    assert halves(Role.STAFF, facility=facility) == (True, False)
    assert halves(Role.MANAGER, department=facility.department) == (True, False)
    assert halves(Role.COORDINATOR, cluster=cluster) == (False, True)
    assert halves(Role.EDITOR, authority=municipality) == (False, True)
    assert halves(Role.VIEWER, authority=municipality) == (True, True)
    assert halves(Role.VIEWER, authority=region) == (False, True)
    assert halves() == (False, False)


def test_the_line_below_the_name_says_where(make_user, facility, cluster, municipality):
    staff = halves_of(make_user(Role.STAFF, facility=facility), "initiatives")
    assert (staff.current, staff.krams_place) == ("krams", "Nordby Kommune")
    editor = halves_of(make_user(Role.EDITOR, authority=municipality), "clusters")
    assert (editor.current, editor.clusters_place, editor.cluster_slug) == (
        "clusters",
        "Klynge Prøve",
        "proeve",
    )
    # Who belongs to several clusters chooses from the list.
    second = Cluster.objects.create(name="Klynge To", slug="to", region=cluster.region)
    ClusterMembership.objects.create(cluster=second, authority=municipality)
    editor = halves_of(User.objects.get(pk=editor_pk(municipality)))
    assert (editor.clusters, editor.cluster_slug) == (True, "")


def editor_pk(municipality):
    return Membership.objects.get(role=Role.EDITOR, authority=municipality).user_id


def test_the_current_half_is_marked(login, make_user, cluster):
    page = login(make_user(Role.COORDINATOR, cluster=cluster)).get("/klynger/proeve/")
    assert 'href="/klynger/proeve/" aria-current="true"' in page.content.decode()


# --- What waits for a person ----------------------------------------------------------------------


def test_a_person_of_all_roles_sees_each_under_its_place_in_eight_queries(
    login, make_user, department, facility, cluster, municipality, other_municipality
):
    user = make_user(Role.MANAGER, department=department)
    user.is_superuser = True
    user.save()
    add = partial(Membership.objects.create, user=user)
    add(role=Role.COORDINATOR, cluster=cluster)
    add(role=Role.EDITOR, authority=other_municipality)
    add(role=Role.VIEWER, authority=municipality)
    client = login(user)

    def look():
        with CaptureQueriesContext(connection) as queries:
            page = home(client)
        return len(queries), page

    one, page = look()
    places = [place.name for place in client.get("/").context["places"]]
    assert places == ["Socialpsykiatrien", "Klynge Prøve", "Hele portalen"]
    for number in range(30):
        other = Department.objects.create(
            municipality=municipality, name=f"Afdeling {number}", slug=f"afdeling-{number}"
        )
        add(role=Role.MANAGER, department=other)
        house = Facility.objects.create(department=other, name="Hus", slug=f"hus-{number}")
        add(role=Role.STAFF, facility=house)
        third = Cluster.objects.create(name=f"K{number}", slug=f"k{number}", region=cluster.region)
        ClusterMembership.objects.create(cluster=third, authority=other_municipality)
        add(role=Role.COORDINATOR, cluster=third)
    empty = Authority.objects.create(
        kind=AuthorityKind.MUNICIPALITY,
        code="899",
        name="Tomby",
        official_name="Tomby Kommune",
        slug="tomby",
    )
    add(role=Role.ADMINISTRATOR, authority=empty)
    many, page = look()
    assert many == one <= 8
    assert "Kommunen har ingen botilbud her endnu." in page
    assert "/botilbud/hus-29/i-dag/" in page
    assert "/klynger/k29/" in page
    User.objects.filter(pk=user.pk).update(is_superuser=False)
    assert look()[0] <= 8


def test_a_superuser_sees_numbers_not_places_and_each_leads_to_its_list(
    login, department, make_user
):
    houses = [Facility(department=department, name=f"Hus {n}", slug=f"h{n}") for n in range(1500)]
    Facility.objects.bulk_create(houses)
    user = User.objects.create_superuser("admin@proeve.example", name="Administrator")
    client = login(user)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get("/")
    assert len(queries) <= 4
    assert len(answer.content) < 12_000
    page = answer.content.decode()
    assert "1500 botilbud har ingen, der kan registrere." in page
    assert "1 afdeling har ingen leder." in page
    [place] = answer.context["places"]
    [needs] = place.of(Kind.NEEDS)
    for line in needs.lines:
        found = client.get(line.path)
        assert found.status_code == 200
        assert f"{line.text.split()[0]} " in found.content.decode()
    boss = make_user(Role.MANAGER, department=department)
    page = home(client)
    assert "botilbud har ingen, der kan registrere" not in page
    assert "1 person med en rolle har aldrig logget ind." in page
    User.objects.filter(pk=boss.pk).update(last_login=timezone.now())
    assert "alle botilbud har nogen, der må registrere" in home(client)


def test_invitations_are_told_to_who_may_send_them_again(
    login, make_user, department, other_facility, facility
):
    """Those that have run out need somebody; those that wait are good to know."""
    manager = make_user(Role.MANAGER, department=department)
    place = Place(PlaceKind.FACILITY, facility.pk)
    for number in range(3):
        email = f"ny{number}@proeve.example"
        give_role(place=place, role=Role.STAFF, email=email, name="Medarbejder", by=manager)
    assert "3 invitationer venter på et ja." in home(login(manager))
    gone = timezone.now() - timedelta(days=1)
    Invitation.objects.filter(user__email="ny0@proeve.example").update(expires_at=gone)
    client = login(manager)
    page = home(client)
    assert "1 invitation udløb, før der blev sagt ja til den." in page
    assert "2 invitationer venter på et ja." in page
    assert "ny0@proeve.example" in client.get("/personer/?vis=inviteret").content.decode()
    for other in (
        make_user(Role.MANAGER, department=other_facility.department),
        make_user(Role.VIEWER, department=department),
    ):
        assert "invitation" not in home(login(other))


def test_what_a_role_does_not_reach_is_on_no_first_page(
    login, make_user, facility, other_facility, cluster
):
    """Whoever asks: nothing of another municipality, nothing of a cluster that is not theirs."""
    Cluster.objects.create(name="Klynge Fremmed", slug="fremmed", region=cluster.region)
    for role, scope in (
        (Role.MANAGER, {"facility": facility}),
        (Role.STAFF, {"department": facility.department}),
        (Role.VIEWER, {"department": facility.department}),
        (Role.COORDINATOR, {"cluster": cluster}),
    ):
        page = home(login(make_user(role, **scope)))
        for stranger in ("Engen", "engen", "Klynge Fremmed", "/klynger/fremmed/"):
            assert stranger not in page, (role, stranger)
