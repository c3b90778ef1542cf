"""Rhythms and holidays of a plan: typed, taken in, copied, and the same figures everywhere."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from initiatives.access import facilities_of
from initiatives.enums import Repeats
from initiatives.followup.queries.completeness import read_completeness
from initiatives.log.period import Period
from initiatives.log.queries.period import read_period
from initiatives.log.queries.today import read_day
from initiatives.log.queries.week_grid import read_grid
from initiatives.models import PlannedActivity
from initiatives.plans.actions.copies import copy_plans
from initiatives.plans.queries.week_plan import read_week_plan
from initiatives.sustain.verdict import observe_line
from initiatives.sustain.weeks import Log
from krams.danish.weeks import Week
from krams.enums import Role
from tests.spreadsheets import agree, states, upload, xlsx

from ..planning import NOON, TODAY, make_activity, make_plan, make_type

pytestmark = pytest.mark.django_db
# The Tuesday after Christmas, whose Friday and Saturday were holidays.
AFTER = dt.datetime(2026, 12, 29, 12, tzinfo=ZoneInfo("Europe/Copenhagen"))
CHRISTMAS = Week(2026, 52)


@pytest.fixture
def now():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def manager(make_user, facility):
    return make_user(Role.MANAGER, facility=facility)


def url(name, facility, *args):
    return reverse(f"initiatives:{name}", args=[facility.slug, *args])


def typed(**values) -> dict:
    return {
        "activity_type": make_type().pk,
        "weekdays": ["1"],
        "starts_on": "21.11.2026",
        "submission_id": str(uuid.uuid4()),
        **values,
    }


@pytest.mark.usefixtures("now")
class TestForm:
    def test_every_other_week_counts_from_the_first_day_unless_told(self, login, manager, facility):
        desk = login(manager)
        desk.post(url("plan-add", facility), typed(repeats="fortnight"))
        desk.post(url("plan-add", facility), typed(repeats="fortnight", anchor="30.11.2026"))
        assert [plan.anchor for plan in facility.planned_activities.order_by("pk")] == [
            TODAY,
            dt.date(2026, 11, 30),
        ]

    def test_without_a_word_it_is_every_week_and_no_holidays(self, login, manager, facility):
        login(manager).post(url("plan-add", facility), typed(anchor="30.11.2026"))
        plan = facility.planned_activities.get()
        assert (plan.repeats, plan.anchor, plan.on_holidays) == (Repeats.WEEKLY, None, False)

    def test_times_a_week_are_for_every_week(self, login, manager, facility):
        sent = typed(weekdays=[], times_per_week="2", repeats="last")
        response = login(manager).post(url("plan-add", facility), sent)
        assert response.status_code == 422
        assert "repeats" in response.context["form"].errors

    def test_the_same_weeks_by_another_day_are_no_new_rhythm(self, login, manager, facility):
        plan = make_plan(facility, repeats=Repeats.FORTNIGHTLY, anchor=dt.date(2026, 11, 21))
        sent = typed(
            weekdays=["6"],
            title="Fælles gåtur",
            repeats="fortnight",
            anchor="03.12.2026",
            version=plan.version,
            changes_on="",
        )
        desk = login(manager)
        assert desk.post(url("plan-edit", facility, plan.pk), sent).status_code == 302
        assert facility.planned_activities.get().anchor == dt.date(2026, 11, 21)
        sent |= {"anchor": "26.11.2026", "changes_on": "30.11.2026"}
        sent["version"] = facility.planned_activities.get().version
        assert desk.post(url("plan-edit", facility, plan.pk), sent).status_code == 302
        new = PlannedActivity.objects.get(replaces=plan)
        assert (new.starts_on, new.anchor) == (dt.date(2026, 11, 30), dt.date(2026, 11, 26))

    def test_what_ran_on_holidays_stays_as_it_was_planned(self, login, manager, facility):
        plan = make_plan(facility)
        sent = typed(
            weekdays=["6"],
            title="Fælles gåtur",
            on_holidays="on",
            version=plan.version,
            changes_on="30.11.2026",
        )
        login(manager).post(url("plan-edit", facility, plan.pk), sent)
        plan.refresh_from_db()
        assert (plan.on_holidays, plan.replacement.on_holidays) == (False, True)

    @pytest.mark.parametrize(
        "values",
        [
            {"repeats": Repeats.FORTNIGHTLY},
            {"repeats": Repeats.FIRST, "anchor": TODAY},
            {"repeats": Repeats.FIRST, "weekdays": "", "times_per_week": 1},
        ],
    )
    def test_the_database_refuses_what_means_nothing(self, facility, values):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_plan(facility, **values)

    def test_a_copy_comes_in_the_same_weeks(self, manager, facility, department, make_user):
        source = make_plan(facility, repeats=Repeats.FORTNIGHTLY, anchor=TODAY, on_holidays=True)
        other = department.facilities.create(name="Andet hus", slug="andet-hus")
        by = make_user(Role.MANAGER, department=department)
        kinds = {source.pk: source.activity_type_id}
        [copy] = copy_plans(
            facility=other, sources=[source], type_ids=kinds, starts_on=TODAY, by=by
        )
        assert (copy.repeats, copy.anchor, copy.on_holidays) == ("fortnight", TODAY, True)

    def test_a_spreadsheet_brings_it_and_finds_it_again(self, login, manager, facility):
        make_type()
        desk, page = login(manager), url("plan-sheet", facility)
        header = ["Aktivitetstype", "Ugedage", "Hvor ofte?", "Også på helligdage", "Første dag"]
        start = dt.datetime(2026, 11, 23)
        content = xlsx(
            header,
            ["Gåtur", "mandag", "Hver anden uge", "ja", start],
        )
        agree(desk, page, upload(desk, page, content))
        plan = facility.planned_activities.get()
        assert (plan.repeats, plan.anchor, plan.on_holidays) == (
            *("fortnight", start.date()),
            True,
        )
        assert states(upload(desk, page, content)) == ["same"]
        monthly = xlsx(header, ["Gåtur", "mandag", "Sidste gang i måneden", "nej", start])
        agree(desk, page, upload(desk, page, monthly))
        plan = facility.planned_activities.get()
        assert (plan.repeats, plan.anchor, plan.on_holidays) == ("last", None, False)


class TestSameFigures:
    """The week of Christmas, read by each page in its own way."""

    @pytest.fixture
    def plans(self, facility):
        every = make_plan(facility, title="Morgenmad", weekdays="1234567")
        always = make_plan(facility, title="Aftensmad", weekdays="1234567", on_holidays=True)
        other = make_plan(
            facility,
            title="Indkøb",
            weekdays="35",
            repeats=Repeats.FORTNIGHTLY,
            anchor=CHRISTMAS.monday,
        )
        between = make_plan(
            facility,
            title="Bowling",
            weekdays="3",
            repeats=Repeats.FORTNIGHTLY,
            anchor=(CHRISTMAS + 1).monday,
        )
        last = make_plan(facility, title="Kor", weekdays="4", repeats=Repeats.LAST)
        times = make_plan(facility, title="Snak", weekdays="", times_per_week=7)
        return {every: 5, always: 7, other: 1, between: 0, last: 0, times: 5}

    def test_grid_strip_period_and_completeness_agree(
        self, facility, department, manager, plans, make_user
    ):
        with time_machine.travel(AFTER, tick=False):
            today = AFTER.date()
            grid = {
                row.planned.pk: row.expected for row in read_grid(facility, CHRISTMAS, today).rows
            }
            period = Period(CHRISTMAS.monday, CHRISTMAS.sunday)
            rows = read_period(facility, period, today)
            in_period = {row.planned.pk: row.figures.planned for row in rows}
            strips = {}
            for one in read_week_plan(facility, today).standings:
                beats = observe_line([(one.plan, Log())], today).beats
                strips[one.planned.pk] = next(
                    beat.expected for beat in beats if beat.week == CHRISTMAS
                )
            user = make_user(Role.MANAGER, department=department)
            completeness = read_completeness(department, user, today)
            [here] = [row for row in completeness.rows if row.facility.pk == facility.pk]
        expected = {plan.pk: number for plan, number in plans.items()}
        assert grid == in_period == strips == expected
        assert dict(here.weeks)[CHRISTMAS].expected == sum(expected.values())

    def test_the_day_lists_what_the_grid_plans(self, department, plans, make_user):
        user = make_user(Role.MANAGER, department=department)
        with time_machine.travel(AFTER, tick=False):
            today = AFTER.date()
            facility = facilities_of(user).get()
            grid = read_grid(facility, CHRISTMAS, today)
            for day in CHRISTMAS.days:
                page = read_day(facility, day)
                planned = {tap.planned.pk for tap in page.taps}
                assert planned == {
                    row.planned.pk
                    for row in grid.rows
                    for cell in row.cells
                    if cell.day == day and cell.planned
                }

    def test_pages_name_the_holiday(self, login, manager, facility, plans):
        make_activity(facility, next(iter(plans)), CHRISTMAS.monday)
        christmas = dt.datetime(2026, 12, 25, 12, tzinfo=ZoneInfo("Europe/Copenhagen"))
        with time_machine.travel(christmas, tick=False):
            desk = login(manager)
            today = desk.get(url("today", facility)).content.decode()
            plan = desk.get(url("plan", facility)).content.decode()
            grid = desk.get(url("grid", facility, str(CHRISTMAS))).content.decode()
        assert "Ikke planlagt: Juledag" in today
        assert all("Juledag" in page for page in (today, plan, grid))
        with time_machine.travel(AFTER, tick=False):
            shown = login(manager).get(url("plan", facility)).content.decode()
        assert "Uge 52: 25. og 26. december er ikke talt med." in shown
