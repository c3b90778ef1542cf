"""Reads what facilities are compared by in a quarter: two queries."""

import datetime as dt
from collections import Counter
from typing import Any

from django.db.models import QuerySet, Sum

from krams.danish.quarters import Quarter
from krams.database.prepared import prepared
from krams.models import Department, Facility, User

from ...access import OwnDepartment
from ...enums import Factor
from ...models import MonthSummary
from ..comparison import Comparison, rates_of_factor


def read_comparison(
    department: OwnDepartment, user: User, quarter: Quarter, today: dt.date, smallest_shown: int
) -> Comparison:
    """The open facilities that ``user`` may see; ``department`` is of ``departments_of``.

    An activity of several factors counts for each of them. Two queries.
    """
    facilities = tuple(_facilities(department, user))
    sessions, participations = _read_log(department, user, quarter)
    weeks = quarter.weeks(today)
    columns, totals = [], []
    for factor in Factor:
        keys = [(facility.pk, factor) for facility in facilities]
        column = rates_of_factor(
            [facility.place_count for facility in facilities],
            [sessions[key] for key in keys],
            [participations[key] for key in keys],
            weeks,
            smallest_shown,
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
) -> QuerySet[Any, tuple[int, str, int, int]]:
    return (
        MonthSummary.objects.filter(
            facility__in=_visible(department, user), month__range=(first, last), held__gt=0
        )
        .order_by()
        .values_list("facility_id", "factors")
        .annotate(times=Sum("held"), people=Sum("participants"))
    )


def _read_log(
    department: Department, user: User, quarter: Quarter
) -> tuple[Counter[tuple[int, Factor]], Counter[tuple[int, Factor]]]:
    """Activities held and participations, by facility and factor."""
    sessions: Counter[tuple[int, Factor]] = Counter()
    participations: Counter[tuple[int, Factor]] = Counter()
    for facility, letters, times, people in _sums(department, user, quarter.first, quarter.last):
        for letter in letters:
            sessions[facility, Factor(letter)] += times
            participations[facility, Factor(letter)] += people
    return sessions, participations
