"""A municipality's activity types: the common list, the first change, order, and who may."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from initiatives.models import ActivityType
from initiatives.plans.actions import activity_types as actions
from initiatives.plans.queries.activity_types import offered_types
from krams.enums import Role
from krams.models import Authority

from ..planning import make_activity, make_plan, make_type

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def common(db):
    return [
        make_type(name, factors, position=position)
        for position, (name, factors) in enumerate(
            [("Gåtur", "M"), ("Madlavning", "K"), ("Sanserum", "MS")], start=1
        )
    ]


@pytest.fixture
def desk(login, make_user, department):
    return login(make_user(Role.MANAGER, department=department))


def url(name, municipality, *args):
    return reverse(f"initiatives:{name}", args=[municipality.slug, *args])


def kind(**values) -> dict:
    return {
        "name": "Boldspil",
        "factors": ["M"],
        "submission_id": str(uuid.uuid4()),
        "version": 1,
        **values,
    }


def names(municipality, **values) -> list[str]:
    return [row.name for row in municipality.activity_types.filter(**values)]


def test_the_first_change_makes_the_list_the_municipalitys_own(desk, municipality, common):
    page = desk.get(url("types", municipality))
    assert page.context["is_common"]
    assert [row.name for row in page.context["types"]] == ["Gåtur", "Madlavning", "Sanserum"]
    response = desk.post(
        url("type-edit", municipality, common[0].pk), kind(name="Spadseretur", factors=["M", "S"])
    )
    own = municipality.activity_types.get(name="Spadseretur")
    assert response.url == f"{url('types', municipality)}#type-{own.pk}"
    assert (own.factors, own.copied_from) == ("MS", common[0])
    assert names(municipality) == ["Spadseretur", "Madlavning", "Sanserum"]
    common[0].refresh_from_db()
    assert (common[0].name, common[0].municipality) == ("Gåtur", None)
    assert not desk.get(url("types", municipality)).context["is_common"]


def test_plans_and_log_go_along_with_the_first_change(
    desk, municipality, other_facility, facility, common
):
    plan, elsewhere = make_plan(facility), make_plan(other_facility)
    activity = make_activity(facility, plan)
    desk.post(url("types", municipality), kind())
    own = municipality.activity_types.get(name="Gåtur")
    for row in (plan, elsewhere, activity):
        row.refresh_from_db()
    assert (plan.activity_type, activity.activity_type) == (own, own)
    assert elsewhere.activity_type == common[0]


def test_a_type_is_added_once_at_the_end(desk, municipality, common):
    sent = kind()
    assert desk.post(url("types", municipality), sent).status_code == 302
    response = desk.post(url("types", municipality), sent, headers=HTMX)
    assert response.status_code == 200
    assert names(municipality) == ["Gåtur", "Madlavning", "Sanserum", "Boldspil"]
    assert response.headers["HX-Retarget"] == "#typer"
    added = municipality.activity_types.last()
    assert added.history.get().history_user is not None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "x" * 300}, "name"),
        ({"name": "Tur\x07"}, "name"),
        ({"name": "gÅtur"}, "name"),
        ({"factors": []}, "factors"),
        ({"factors": ["Q"]}, "factors"),
        ({"submission_id": "1"}, "submission_id"),
    ],
)
def test_bad_types_are_refused_at_the_field(desk, municipality, common, values, field):
    for headers in ({}, HTMX):
        response = desk.post(url("types", municipality), kind(**values), headers=headers)
        assert response.status_code == 422
        assert list(response.context["form"].errors) == [field]
    assert not ActivityType.objects.filter(name="Boldspil").exists()


@pytest.mark.parametrize("name", ["🏐 Volley", "‏כדורעף‏", "Å" * 120])
def test_names_in_any_script(desk, municipality, common, name):
    assert desk.post(url("types", municipality), kind(name=name)).status_code == 302
    assert name in names(municipality)


def test_a_stale_name_shows_both(desk, municipality, common):
    path = url("type-edit", municipality, common[1].pk)
    assert desk.post(path, kind(name="Bagning", factors=["K"])).status_code == 302
    # The same once more, by the id that the page had: sent twice, no conflict.
    assert desk.post(path, kind(name="Bagning", factors=["K"])).status_code == 302
    response = desk.post(path, kind(name="Grill", factors=["K"]), headers=HTMX)
    assert response.status_code == 409
    [difference] = response.context["differences"]
    assert (difference.theirs, difference.mine) == ("Bagning", "Grill")
    assert 'value="Grill"' in response.content.decode()
    assert "Bagning" in names(municipality)
    # A new place in the list is no conflict with a new name.
    own = municipality.activity_types.get(name="Sanserum")
    desk.post(url("type-move", municipality, own.pk), {"place": 1})
    path = url("type-edit", municipality, own.pk)
    assert desk.post(path, kind(name="Ro", factors=["M", "S"])).status_code == 302
    assert names(municipality) == ["Ro", "Gåtur", "Bagning"]


@pytest.mark.parametrize("version", ["", "abc", str(10**30)])
def test_a_version_that_is_none(desk, municipality, common, version):
    path = url("type-edit", municipality, common[1].pk)
    response = desk.post(path, kind(version=version))
    assert response.status_code == 422
    assert "version" in response.context["form"].errors


def test_the_order_is_set_by_place(desk, municipality, common):
    path = url("type-move", municipality, common[2].pk)
    for _time in range(2):
        assert desk.post(path, {"place": 2}).status_code == 302
        assert names(municipality) == ["Gåtur", "Sanserum", "Madlavning"]
    assert desk.post(path, {"place": 999}, headers=HTMX).status_code == 200
    assert names(municipality) == ["Gåtur", "Madlavning", "Sanserum"]
    for place in ("0", "-1", "abc", str(10**12), ""):
        assert desk.post(path, {"place": place}).status_code == 422


def test_a_retired_type_is_no_longer_offered_but_keeps_its_log(
    desk, municipality, facility, common
):
    activity = make_activity(facility)
    path = url("type-retire", municipality, common[0].pk)
    assert desk.post(path).status_code == 302
    offered = offered_types(municipality.pk)
    assert [row.name for row in offered] == ["Madlavning", "Sanserum"]
    activity.refresh_from_db()
    assert activity.activity_type.retired
    page = desk.get(url("types", municipality))
    assert [row.name for row in page.context["retired"]] == ["Gåtur"]
    taken = desk.post(url("types", municipality), kind(name="Gåtur"))
    assert "name" in taken.context["form"].errors
    assert desk.post(path, {"tilbage": "1"}).status_code == 302
    assert names(municipality, retired=False) == ["Gåtur", "Madlavning", "Sanserum"]


def test_the_last_type_stays(desk, municipality, common):
    for row in common[:2]:
        desk.post(url("type-retire", municipality, row.pk))
    response = desk.post(url("type-retire", municipality, common[2].pk))
    assert response.status_code == 422
    assert names(municipality, retired=False) == ["Sanserum"]


@pytest.mark.parametrize(
    ("role", "scope", "may"),
    [
        (Role.MANAGER, "authority", True),
        (Role.ADMINISTRATOR, "authority", True),
        (Role.MANAGER, "department", True),
        (Role.MANAGER, "facility", False),
        (Role.STAFF, "department", False),
        (Role.STAFF, "facility", False),
        (Role.VIEWER, "authority", False),
    ],
)
def test_who_keeps_the_list(
    login, make_user, municipality, department, facility, common, role, scope, may
):
    place = {"authority": municipality, "department": department, "facility": facility}[scope]
    client = login(make_user(role, **{scope: place}))
    assert client.get(url("types", municipality)).status_code == 200
    for name, args in (
        ("types", []),
        ("type-edit", [common[0].pk]),
        ("type-move", [common[0].pk]),
        ("type-retire", [common[0].pk]),
    ):
        response = client.post(url(name, municipality, *args), kind(place=1, name=name))
        assert response.status_code == (302 if may else 403), name
    assert municipality.activity_types.exists() == may


def test_the_list_of_another_municipality_is_not_there(
    desk, login, make_user, municipality, other_municipality, region, common
):
    theirs = other_municipality.activity_types.create(name="Kajak", factors="M")
    assert desk.get(url("types", other_municipality)).status_code == 404
    assert desk.post(url("types", other_municipality), kind()).status_code == 404
    for name in ("type-edit", "type-move", "type-retire"):
        path = url(name, municipality, theirs.pk)
        assert desk.post(path, kind(place=1)).status_code == 404
    editor = make_user(Role.EDITOR, authority=municipality)
    assert login(editor).get(url("types", municipality)).status_code == 404
    assert (
        login(make_user(Role.VIEWER, authority=region)).get(url("types", region)).status_code == 404
    )
    with pytest.raises(Authority.DoesNotExist):
        actions.retire_type(municipality=municipality, type_id=theirs.pk, retired=True, by=editor)


def test_queries_do_not_grow_with_the_list(desk, municipality, facility, common):
    def count():
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(url("types", municipality)).status_code == 200
        return len(queries)

    municipality.activity_types.create(name="Type", factors="M")
    one = count()
    for number in range(30):
        row = municipality.activity_types.create(name=f"Type {number}", factors="K")
        make_plan(facility, activity_type=row)
    assert count() == one <= 8
