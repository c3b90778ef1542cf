"""Reads who registered what was expected, week by week; two queries for any number of facilities.

Registered is what was held or cancelled: both tell what became of the plan.
"""

import datetime as dt
from collections import defaultdict
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Sum

from krams.danish.weeks import Week
from krams.database.prepared import prepared
from krams.models import Department, Facility, User

from ...models import PlannedActivity, WeekSummary
from ...sustain.expected import (
    PLAN_COLUMNS,
    expected_in_weeks,
    plans_of_activities,
    plans_with_pauses,
)
from ..completeness import WEEKS, Completeness, Filled, Row, filled, total


def read_completeness(department: Department, user: User, today: dt.date) -> Completeness:
    """The department's open facilities that ``user`` may see; each knows ``may_log``."""
    weeks = tuple(Week.of(today) - back for back in range(WEEKS, 0, -1))
    first, last = weeks[0].monday, weeks[-1].sunday
    plan_rows = read_plan_rows(department, user, first, last)
    place_of = {row[2]: row[0] for row in plan_rows}
    plans = plans_with_pauses(row[2:] for row in plan_rows)
    log = _read_log(department, user, first, last)
    cells: dict[tuple[int, Week], list[Filled]] = defaultdict(list)
    for line in plans_of_activities({row[2]: row[1] for row in plan_rows}):
        by_plan = [expected_in_weeks(plans[pk], weeks) for pk in line]
        for week, *expected in zip(weeks, *by_plan, strict=True):
            if any(expected):
                # A rhythm that changed within the week is one activity all the same.
                times = [log[pk, week.monday] for pk in line if (pk, week.monday) in log]
                registered, late = map(sum, zip(*times, strict=True)) if times else (0, 0)
                cells[place_of[line[0]], week].append(filled(sum(expected), registered, late))
    rows = []
    for facility in _facilities(department, user):
        by_week = tuple((week, total(cells[facility.pk, week])) for week in weeks)
        rows.append(Row(facility, by_week, total(cell for _week, cell in by_week)))
    totals = tuple(total(row.weeks[place][1] for row in rows) for place in range(WEEKS))
    return Completeness(weeks, tuple(rows), totals, total(totals))


def visible_facilities(department: Department, user: User) -> QuerySet[Facility]:
    return Facility.objects.visible_to(user).open().filter(department=department)


@prepared
def _facilities(department: Department, user: User) -> QuerySet[Facility]:
    mine = Facility.objects.loggable_by(user).filter(pk=OuterRef("pk"))
    return (
        visible_facilities(department, user).annotate(may_log=Exists(mine)).order_by("name", "pk")
    )


@prepared
def read_plan_rows(
    department: Department, user: User, first: dt.date, last: dt.date
) -> QuerySet[Any, tuple[Any, ...]]:
    """Facility and predecessor, then what ``plans_with_pauses`` takes."""
    return (
        PlannedActivity.objects.in_force(first, last)
        .filter(facility__in=visible_facilities(department, user))
        .order_by("pk", "pauses__starts_on")
        .values_list(
            *("facility", "replaces", "pk"),
            *PLAN_COLUMNS,
            *("pauses__starts_on", "pauses__restarts_on"),
        )
    )


@prepared
def _log(
    department: Department, user: User, first: dt.date, last: dt.date
) -> QuerySet[Any, tuple[int, dt.date, int, int]]:
    return (
        WeekSummary.objects.planned()
        .filter(facility__in=visible_facilities(department, user), monday__range=(first, last))
        .values("plan", "monday")
        .annotate(registered=Sum("times"), later=Sum("late"))
        .order_by()
        .values_list("plan", "monday", "registered", "later")
    )


def _read_log(
    department: Department, user: User, first: dt.date, last: dt.date
) -> dict[tuple[int, dt.date], tuple[int, int]]:
    """Registrations by plan and Monday of the week, and how many of them were late."""
    log = _log(department, user, first, last)
    return {(plan, monday): (times, late) for plan, monday, times, late in log}
