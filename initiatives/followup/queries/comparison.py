"""Reads what facilities are compared by in a quarter: two queries."""

import datetime as dt
from collections import Counter

from django.db.models import QuerySet, Sum

from krams.danish.quarters import Quarter
from krams.models import Facility, User

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
    visible = Facility.objects.visible_to(user).open().filter(department=department)
    facilities = tuple(visible.order_by("name", "pk"))
    sessions, participations = _read_log(visible, quarter)
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


def _read_log(
    facilities: QuerySet[Facility], quarter: Quarter
) -> tuple[Counter[tuple[int, Factor]], Counter[tuple[int, Factor]]]:
    """Activities held and participations, by facility and factor."""
    groups = (
        MonthSummary.objects.filter(
            facility__in=facilities, month__range=(quarter.first, quarter.last), held__gt=0
        )
        .order_by()
        .values_list("facility_id", "factors")
        .annotate(times=Sum("held"), people=Sum("participants"))
    )
    sessions: Counter[tuple[int, Factor]] = Counter()
    participations: Counter[tuple[int, Factor]] = Counter()
    for facility, letters, times, people in groups:
        for letter in letters:
            sessions[facility, Factor(letter)] += times
            participations[facility, Factor(letter)] += people
    return sessions, participations
