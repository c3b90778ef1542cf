"""Activities taken over from another facility's plan."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from initiatives.models import ActivityType, Initiative, PlannedActivity
from initiatives.plans.actions import copies
from initiatives.plans.queries.copies import match_types
from krams.enums import Role
from krams.models import Facility

from ..planning import NOON, TODAY, make_pause, make_plan, make_type

pytestmark = pytest.mark.django_db

MONDAY = dt.date(2026, 11, 23)


@pytest.fixture(autouse=True)
def saturday_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def manager(make_user, facility):
    return make_user(Role.MANAGER, facility=facility)


@pytest.fixture
def desk(login, manager):
    return login(manager)


@pytest.fixture
def kind():
    return make_type()


def url(name, facility, *args, **query):
    return reverse(f"initiatives:{name}", args=[facility.slug, *args], query=query or None)


def errors(response) -> dict:
    return response.context["form"].errors


@pytest.fixture
def neighbour(facility):
    return Facility.objects.create(department=facility.department, name="Nabo", slug="nabo")


@pytest.fixture
def head(login, make_user, facility):
    return login(make_user(Role.MANAGER, department=facility.department))


def test_activities_are_copied_from_a_facility_once(head, facility, neighbour):
    initiative = Initiative.objects.create(department=facility.department, title="KRAMS")
    swim = make_plan(neighbour, "Svømning", "36", start_time=dt.time(13), initiative=initiative)
    walk = make_plan(neighbour, "Gåtur", "1")
    make_plan(neighbour, "Slut", "1", ends_on=TODAY - dt.timedelta(days=1))
    make_pause(swim, TODAY)
    path = url("plan-copy", facility, fra="nabo")
    offered = head.get(path).context["form"].fields["plans"].choices
    assert {pk for pk, _label in offered} == {swim.pk, walk.pk}
    sent = {"plans": [swim.pk], "starts_on": "23.11.2026"}
    for _time in range(2):
        assert head.post(path, sent).status_code == 302
    copy = facility.planned_activities.get()
    assert (copy.title, copy.weekdays, copy.start_time) == ("Svømning", "36", dt.time(13))
    assert (copy.starts_on, copy.initiative, copy.copied_from) == (MONDAY, initiative, swim)
    assert not copy.pauses.exists()
    offered = head.get(path).context["form"].fields["plans"].choices
    assert [pk for pk, _label in offered] == [walk.pk]


def test_types_that_look_alike_are_one_when_plans_are_copied(facility, municipality):
    here = ActivityType.objects.create(municipality=municipality, name="Fiskeri", factors="M")
    there = ActivityType.objects.create(name="ﬁskeri", factors="M")
    plan = make_plan(facility, "Tur", "6")
    plan.activity_type = there
    assert match_types(facility, [plan]) == {plan.pk: here.pk}


def test_copying_without_a_tick_or_a_day_is_refused(head, facility, neighbour):
    plan = make_plan(neighbour)
    path = url("plan-copy", facility, fra="nabo")
    response = head.post(path, {"starts_on": "x", "plans": []})
    assert response.status_code == 422
    assert set(errors(response)) == {"plans", "starts_on"}
    stranger = make_plan(facility)
    response = head.post(path, {"starts_on": "23.11.2026", "plans": [stranger.pk, "abc"]})
    assert "plans" in errors(response)
    assert head.get(url("plan-copy", facility, fra="findes-ikke")).status_code == 404
    assert plan.copies.count() == 0


def test_nothing_is_copied_from_where_one_may_not_look(desk, facility, other_facility, manager):
    theirs = make_plan(other_facility)
    assert desk.get(url("plan-copy", facility, fra=other_facility.slug)).status_code == 404
    with pytest.raises(PlannedActivity.DoesNotExist):
        copies.copy_plans(
            facility=facility,
            sources=[theirs],
            type_ids={theirs.pk: theirs.activity_type_id},
            starts_on=TODAY,
            by=manager,
        )


def test_a_type_of_another_municipality_is_found_by_origin_or_name(
    login, make_user, facility, other_facility
):
    user = make_user(Role.MANAGER, facility=facility)
    user.memberships.create(role=Role.VIEWER, facility=other_facility)
    client = login(user)
    there = other_facility.department.municipality
    here = facility.department.municipality
    common = make_type("Gåtur")
    types = {
        name: make_type(name, municipality=there, copied_from=origin)
        for name, origin in (("Spadseretur", common), ("Kajak", None), ("Curling", None))
    }
    own = make_type("Vandring", municipality=here, copied_from=common)
    same_name = here.activity_types.create(name="kajak", factors="M")
    plans = {
        name: make_plan(other_facility, "", activity_type=kind) for name, kind in types.items()
    }
    path = url("plan-copy", facility, fra=other_facility.slug)
    page = client.get(path)
    assert page.context["type_ids"] == {
        plans["Spadseretur"].pk: own.pk,
        plans["Kajak"].pk: same_name.pk,
    }
    assert "Curling" in page.content.decode()
    sent = {"plans": [plan.pk for plan in plans.values()], "starts_on": "23.11.2026"}
    assert "plans" in errors(client.post(path, sent))
    sent["plans"] = [plans["Spadseretur"].pk, plans["Kajak"].pk]
    assert client.post(path, sent).status_code == 302
    copied = facility.planned_activities.values_list("activity_type_id", flat=True)
    assert set(copied) == {own.pk, same_name.pk}
