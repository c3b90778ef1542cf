"""Reads what facilities are compared by in a quarter: three queries."""

import datetime as dt
from collections import Counter
from typing import Any

from django.db.models import QuerySet, Sum

from krams.danish.quarters import Quarter
from krams.database.prepared import prepared
from krams.models import Department, Facility, User
from krams.privacy.small_counts import HIDDEN

from ...access import OwnDepartment
from ...criteria.few_people import participations, weeks_of
from ...criteria.queries.counted_in_log import weekly_counts
from ...enums import Factor
from ...models import MonthSummary
from ..comparison import Comparison, rates_of_factor


def read_comparison(
    department: OwnDepartment, user: User, quarter: Quarter, today: dt.date, smallest_shown: int
) -> Comparison:
    """The open facilities that ``user`` may see; ``department`` is of ``departments_of``.

    An activity of several factors counts for each of them. Participations are those of the whole
    weeks that are over: from one week to the next nobody can tell what a single day brought. Three
    queries.
    """
    facilities = tuple(_facilities(department, user))
    sessions = _read_sessions(department, user, quarter)
    weeks, mondays = quarter.weeks(today), weeks_of(quarter, today)
    counts = {}
    if mondays:
        until = mondays[-1] + dt.timedelta(weeks=1)
        counts = weekly_counts([one.pk for one in facilities], mondays[0], until)
    columns, totals = [], []
    for factor in Factor:
        keys = [(facility.pk, factor) for facility in facilities]
        column = rates_of_factor(
            [facility.place_count for facility in facilities],
            [sessions[key] for key in keys],
            [
                participations(counts.get(facility.pk, {}), factor, mondays, smallest_shown)
                or (HIDDEN if sessions[facility.pk, factor] else None)
                for facility in facilities
            ],
            weeks,
            len(mondays),
            total_shown=department.sees_all and len(facilities) > 1,
        )
        columns.append(column[: len(facilities)])
        totals += column[len(facilities) :]
    return Comparison(tuple(Factor), facilities, tuple(zip(*columns, strict=True)), tuple(totals))


def _visible(department: Department, user: User) -> QuerySet[Facility]:
    return Facility.objects.visible_to(user).open().filter(department=department)


@prepared
def _facilities(department: Department, user: User) -> QuerySet[Facility]:
    return _visible(department, user).order_by("name", "pk")


@prepared
def _sums(
    department: Department, user: User, first: dt.date, last: dt.date
) -> QuerySet[Any, tuple[int, str, int]]:
    return (
        MonthSummary.objects.filter(
            facility__in=_visible(department, user), month__range=(first, last), held__gt=0
        )
        .order_by()
        .values_list("facility_id", "factors")
        .annotate(times=Sum("held"))
    )


def _read_sessions(
    department: Department, user: User, quarter: Quarter
) -> Counter[tuple[int, Factor]]:
    """Activities held, by facility and factor."""
    sessions: Counter[tuple[int, Factor]] = Counter()
    for facility, letters, times in _sums(department, user, quarter.first, quarter.last):
        for letter in letters:
            sessions[facility, Factor(letter)] += times
    return sessions
