"""Which facility registered what was expected: counted by plan and week, late ones marked."""

import csv
import datetime as dt
import io

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext

from initiatives.enums import ActivitySource, Outcome
from initiatives.followup.completeness import Filled
from initiatives.followup.queries.completeness import read_completeness
from initiatives.followup.queries.overview import departments_of
from initiatives.models import Activity
from krams.danish.weeks import Week
from krams.enums import Role
from krams.models import Facility

from ..planning import TODAY, make_activity, make_pause, make_plan

MONDAY = TODAY - dt.timedelta(days=TODAY.weekday())
LAST = Week.of(TODAY) - 1


@pytest.fixture(autouse=True)
def on_a_day():
    with time_machine.travel(dt.datetime(2026, 11, 21, 12), tick=False):
        yield


@pytest.fixture
def manager(make_user, department):
    return make_user(Role.MANAGER, department=department)


@pytest.fixture
def path(department):
    return reverse("initiatives:completeness", args=[department.slug])


@pytest.fixture
def last_week(department, manager):
    """What the last complete week looks like: facility -> what was filled in."""

    def read():
        found = read_completeness(departments_of(manager).get(), manager, TODAY)
        assert found.weeks[-1] == LAST
        assert len(found.weeks) == 12
        return {row.facility.name: row.weeks[-1][1] for row in found.rows}

    return read


def register(plan, weeks_ago=1, written_after=0, **values) -> Activity:
    day = MONDAY - dt.timedelta(weeks=weeks_ago)
    activity = make_activity(plan.facility, plan, day, **values)
    written = dt.datetime.combine(day + dt.timedelta(days=written_after), dt.time(12), dt.UTC)
    Activity.objects.filter(pk=activity.pk).update(registered_at=written)
    return activity


def test_held_and_cancelled_count_and_removed_does_not(last_week, facility):
    plan = make_plan(facility, weekdays="1234")
    register(plan)
    register(plan, outcome=Outcome.CANCELLED)
    register(plan, removed_at=dt.datetime(2026, 11, 20, tzinfo=dt.UTC))
    assert last_week() == {"Bakkehuset": Filled(4, 2, 0)}
    assert last_week()["Bakkehuset"].percent == 50


def test_one_busy_activity_does_not_fill_the_gap_of_another(last_week, facility):
    busy = make_plan(facility, weekdays="1")
    make_plan(facility, "Svømning", weekdays="2")
    for _time in range(3):
        register(busy)
    assert last_week() == {"Bakkehuset": Filled(2, 1, 0)}


def test_a_registration_under_the_old_rhythm_counts_for_the_activity(last_week, facility):
    tuesday = MONDAY - dt.timedelta(days=6)
    old = make_plan(facility, weekdays="", times_per_week=3, ends_on=tuesday)
    make_plan(facility, weekdays="4", starts_on=tuesday + dt.timedelta(days=1), replaces=old)
    register(old)
    register(old)
    assert last_week() == {"Bakkehuset": Filled(2, 2, 0)}


def test_pauses_and_unplanned_activities_are_left_out(last_week, facility):
    paused = make_plan(facility, weekdays="1")
    make_pause(paused, TODAY - dt.timedelta(weeks=8))
    make_activity(facility, None, MONDAY - dt.timedelta(weeks=1))
    assert last_week() == {"Bakkehuset": Filled(0, 0, 0)}
    assert last_week()["Bakkehuset"].percent is None


@pytest.mark.parametrize(("days", "late"), [(0, 0), (13, 0), (14, 1), (60, 1)])
def test_late_is_later_than_the_week_after(last_week, facility, days, late):
    register(make_plan(facility, weekdays="1"), written_after=days)
    assert last_week() == {"Bakkehuset": Filled(1, 1, late)}


def test_what_was_imported_is_never_late(last_week, facility):
    plan = make_plan(facility, weekdays="1")
    register(plan, written_after=60, source=ActivitySource.IMPORT)
    assert last_week() == {"Bakkehuset": Filled(1, 1, 0)}


def test_almost_all_is_not_all():
    assert Filled(1000, 999).percent == 99


def test_the_page_leads_to_the_week_that_lacks_something(login, manager, facility, path, make_user):
    register(make_plan(facility, weekdays="12"), written_after=60)
    grid = reverse("initiatives:grid", args=[facility.slug, str(LAST)])
    html = login(manager).get(path).content.decode()
    assert f'href="{grid}"' in html
    assert "1/2" in html
    assert gettext("of them late:") in html
    viewer = make_user(Role.VIEWER, facility=facility)
    html = login(viewer).get(path).content.decode()
    assert "1/2" in html
    assert grid not in html


def test_who_works_at_one_house_sees_that_one(login, make_user, facility, department, path):
    Facility.objects.create(department=department, name="Hus 2", slug="hus-2")
    found = login(make_user(Role.STAFF, facility=facility)).get(path).context["found"]
    assert [row.facility.name for row in found.rows] == ["Bakkehuset"]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "page"])
def test_others_are_404(login, make_user, other_facility, department, municipality, kind):
    path = reverse("initiatives:completeness", args=[department.slug])
    if kind != "page":
        path = reverse("initiatives:completeness-export", args=[department.slug, kind])
    for user in (
        make_user(),
        make_user(Role.MANAGER, facility=other_facility),
        make_user(Role.EDITOR, authority=municipality),
    ):
        assert login(user).get(path).status_code == 404


def test_the_file_says_the_same(login, manager, facility, department):
    register(make_plan(facility, weekdays="12"))
    address = reverse("initiatives:completeness-export", args=[department.slug, "csv"])
    answer = login(manager).get(address)
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 13
    assert rows[-1] == ["Bakkehuset", "2026-W46", "2", "1", "1", "50", "0"]
    assert login(manager).get(address[:-3] + "xlsx").content[:2] == b"PK"
    assert login(manager).get(address[:-3] + "exe").status_code == 404


def test_queries_do_not_grow(login, manager, facility, department, path):
    client = login(manager)
    register(make_plan(facility, weekdays="1"))
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    for number in range(30):
        house = Facility.objects.create(department=department, name=f"N{number}", slug=f"n{number}")
        plan = make_plan(house, weekdays="1")
        make_pause(plan, TODAY - dt.timedelta(weeks=9), TODAY - dt.timedelta(weeks=8))
        register(plan)
    with CaptureQueriesContext(connection) as many:
        answer = client.get(path)
    assert len(answer.context["found"].rows) == 31
    assert len(many) == len(few) <= 8
