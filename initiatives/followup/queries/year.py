"""Reads a department's year: each facility week by week, in three queries."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import QuerySet

from krams.danish.weeks import Week
from krams.database.prepared import prepared
from krams.models import Department, Facility, User

from ...models import FollowUpSettings, PlanCount, WeekSummary
from ...sustain.expected import plans_of_activities, plans_with_pauses
from ...sustain.thresholds import Thresholds
from ...sustain.weeks import Line, Log, beats_together
from ...sustain.year import YEAR_WEEKS, Year, year_of
from .completeness import read_plan_rows, visible_facilities


@dataclass(frozen=True, slots=True)
class DepartmentYear:
    """``year`` is None where nothing was planned; ``thresholds`` say what holds."""

    first: Week
    last: Week
    thresholds: Thresholds
    rows: list[tuple[Facility, Year | None]]


def read_department_year(department: Department, user: User, today: dt.date) -> DepartmentYear:
    """The open facilities that ``user`` may see, each with all its planned activities together."""
    last = Week.of(today)
    first = last - (YEAR_WEEKS - 1)
    thresholds = FollowUpSettings.of(department.municipality).thresholds()
    rows = read_plan_rows(department, user, first.monday, last.sunday)
    place_of = {row[2]: row[0] for row in rows}
    plans = plans_with_pauses(row[2:] for row in rows)
    logs: defaultdict[int, Log] = defaultdict(Log)
    for plan, monday, fate, times in _log(department, user, first.monday):
        logs[plan].add(Week.of(monday), fate, times)
    lines: defaultdict[int, list[Line]] = defaultdict(list)
    for keys in plans_of_activities({row[2]: row[1] for row in rows}):
        lines[place_of[keys[0]]].append([(plans[key], logs[key]) for key in keys])
    return DepartmentYear(
        first,
        last,
        thresholds,
        [
            (place, _year(lines.get(place.pk, []), today, thresholds))
            for place in _facilities(department, user)
        ],
    )


def _year(lines: list[Line], today: dt.date, thresholds: Thresholds) -> Year | None:
    beats = beats_together(lines, today, YEAR_WEEKS)
    return year_of(beats, thresholds) if beats else None


@prepared
def _facilities(department: Department, user: User) -> QuerySet[Facility]:
    return visible_facilities(department, user).order_by("name", "pk")


@prepared
def _log(department: Department, user: User, first: dt.date) -> QuerySet[WeekSummary, PlanCount]:
    here = WeekSummary.objects.filter(
        facility__in=visible_facilities(department, user), monday__gte=first
    )
    return here.counts()
