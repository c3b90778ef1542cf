"""The managers' pages of a large municipality: 60 facilities, 20 plans each, 12 weeks."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from initiatives.enums import ActivitySource, Outcome
from initiatives.models import Activity, PlannedActivity
from krams.enums import Role
from krams.models import Facility

from ..planning import TODAY, make_type

HOUSES, PLANS, WEEKS = 60, 20, 12
MONDAY = TODAY - dt.timedelta(days=TODAY.weekday())
PAGES = ("overview", "completeness", "compare")


def fill(department, houses: int) -> None:
    """Plans of which every fourth fades and every fourth has stalled."""
    kind = make_type()
    first = Facility.objects.filter(department=department).count()
    made = Facility.objects.bulk_create(
        Facility(department=department, name=f"Hus {n:03}", slug=f"hus-{n}", place_count=12)
        for n in range(first, first + houses)
    )
    plans = PlannedActivity.objects.bulk_create(
        PlannedActivity(
            facility=house,
            activity_type=kind,
            title=f"Aktivitet {n}",
            factors="KM",
            weekdays="1",
            starts_on=TODAY - dt.timedelta(weeks=30),
        )
        for house in made
        for n in range(PLANS)
    )
    Activity.objects.bulk_create(
        Activity(
            facility_id=plan.facility_id,
            activity_type=kind,
            planned_activity=plan,
            title=plan.title,
            factors="KM",
            held_on=MONDAY - dt.timedelta(weeks=weeks_ago),
            outcome=Outcome.HELD if held else Outcome.CANCELLED,
            participant_count=6 if held else None,
            cancellation_reason="" if held else "weather",
            source=ActivitySource.PORTAL,
        )
        for place, plan in enumerate(plans)
        for weeks_ago in range(1, WEEKS + 1)
        for held in [weeks_ago > 4 or place % 4 > 1 or (place % 4 == 1 and weeks_ago == 2)]
    )


@pytest.fixture
def client_of_manager(login, make_user, department):
    with time_machine.travel(dt.datetime(2026, 11, 21, 12), tick=False):
        yield login(make_user(Role.MANAGER, department=department))


@pytest.fixture
def paths(department):
    return [reverse(f"initiatives:{page}", args=[department.slug]) for page in PAGES]


def queries(client, path) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def test_the_pages_cost_the_same_at_one_facility_and_at_sixty(client_of_manager, department, paths):
    client = client_of_manager
    fill(department, 1)
    client.get(paths[0])
    few = [queries(client, path) for path in paths]
    fill(department, HOUSES - 1)
    many = [queries(client, path) for path in paths]
    assert many == few
    assert max(many) <= 8
    answer = client.get(paths[0])
    verdicts = {verdict.value: n for verdict, n in answer.context["verdicts"]}
    assert verdicts == {"holding": 600, "fading": 300, "stalled": 300}
    assert len(answer.context["concerns"]) == 50
    assert "Vis alle 600" in answer.content.decode()
    assert len(client.get(paths[0] + "?alle=1").context["concerns"]) == 600
