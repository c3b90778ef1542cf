"""The page of the people at one's places: who is shown to whom, found and counted."""

import pytest
from django.urls import reverse

from krams.enums import Role
from krams.models import Membership, User
from krams.roles.actions.grants import give_role
from krams.roles.places import Place
from krams.roles.queries.people import PER_PAGE
from krams.roles.rules import Kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(make_user, department):
    return make_user(Role.MANAGER, department=department)


def names(client, query="") -> list[str]:
    page = client.get(reverse("people") + query)
    assert page.status_code == 200
    return [one.user.name for one in page.context["people"]]


def crowd(facility, number: int) -> None:
    users = User.objects.bulk_create(
        User(email=f"v{n:04}@proeve.example", name=f"Vagt {n:04}") for n in range(number)
    )
    Membership.objects.bulk_create(
        Membership(user=user, role=Role.STAFF, facility=facility) for user in users
    )


def test_each_sees_the_people_of_their_own_places(
    login, manager, make_user, facility, other_facility, municipality, cluster
):
    here = make_user(Role.STAFF, facility=facility)
    there = make_user(Role.STAFF, facility=other_facility)
    boss = make_user(Role.ADMINISTRATOR, authority=municipality)
    coordinator = make_user(Role.COORDINATOR, cluster=cluster)
    assert set(names(login(boss))) == {boss.name, manager.name, here.name}
    assert names(login(coordinator)) == [coordinator.name]
    assert set(names(login(manager))) == {manager.name, here.name}
    client = login(manager)
    assert client.get(reverse("person", args=[here.pk])).status_code == 200
    assert client.get(reverse("person", args=[there.pk])).status_code == 404
    assert client.get(reverse("role-end", args=[there.memberships.get().pk])).status_code == 404


@pytest.mark.parametrize("role", [Role.STAFF, Role.VIEWER])
def test_who_gives_no_roles_has_no_such_page(login, make_user, facility, role):
    client = login(make_user(role, facility=facility))
    for name in ("people", "role-place"):
        assert client.get(reverse(name)).status_code == 403
    assert reverse("people") not in client.get(facility.get_absolute_url()).content.decode()


def test_people_are_found_by_name_address_and_place(login, manager, facility, make_user):
    crowd(facility, 3)
    give_role(
        place=Place(Kind.FACILITY, facility.pk),
        role=Role.STAFF,
        email="ny@proeve.example",
        name="Nattevagt",
        by=manager,
    )
    client = login(manager)
    assert names(client, "?q=vagt+0001") == ["Vagt 0001"]
    assert names(client, "?q=v0002%40") == ["Vagt 0002"]
    assert names(client, f"?q={facility.name}+natte") == ["Nattevagt"]
    assert names(client, "?vis=inviteret") == ["Nattevagt"]
    assert names(client, "?vis=afsluttet") == []
    assert client.get(reverse("people") + "?vis=noget").status_code == 422
    assert client.get(reverse("people") + "?foer=Vagt").status_code == 404


def test_a_long_list_goes_on_by_name_and_back_again(login, manager, facility):
    crowd(facility, 2 * PER_PAGE)
    client, path, found = login(manager), reverse("people"), []
    query = ""
    while query is not None:
        page = client.get(path + query)
        found.append([one.user.name for one in page.context["people"]])
        query = page.context["pages"].older or None
    everybody = sorted([manager.name, *(f"Vagt {n:04}" for n in range(2 * PER_PAGE))])
    assert [name for part in found for name in part] == everybody
    back = client.get(path + page.context["pages"].newer)
    assert [one.user.name for one in back.context["people"]] == found[-2]


def test_the_page_asks_the_same_number_of_times_for_one_and_for_many(
    login, manager, facility, django_assert_max_num_queries
):
    client = login(manager)
    crowd(facility, 1)
    with django_assert_max_num_queries(8) as few:
        names(client)
    User.objects.filter(email__startswith="v0").delete()
    crowd(facility, 30)
    with django_assert_max_num_queries(8) as many:
        names(client)
    assert len(few) == len(many)


def test_who_has_one_place_goes_straight_to_it(login, make_user, facility):
    client = login(make_user(Role.MANAGER, facility=facility))
    answer = client.get(reverse("role-place"))
    assert answer.headers["Location"] == reverse("role-give", args=[f"botilbud-{facility.pk}"])


def test_the_history_of_a_role_is_shown_to_who_oversees_it(
    login, manager, make_user, facility, other_facility
):
    role = make_user(Role.STAFF, facility=facility).memberships.get()
    path = reverse("history", args=["rolle", role.pk])
    assert login(manager).get(path).status_code == 200
    other = make_user(Role.MANAGER, department=other_facility.department)
    assert login(other).get(path).status_code == 404
