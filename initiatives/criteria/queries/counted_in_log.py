"""Indicators taken from the activity log: one figure a complete week, counted and not entered.

A week in which nothing was registered has no figure: there was no plan, it rested, or nobody wrote
anything down. That is no data, not nought; nought is a week in which all was cancelled.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet, Sum

from krams.database.prepared import prepared

from ...models import WeekSummary
from ...sustain.weeks import HELD

# Half a year: as far back as a weekly figure still says something of today.
MOST_WEEKS = 26


@prepared
def _sums(
    facility_ids: Collection[int], first: date, before: date
) -> QuerySet[Any, tuple[int, str, date, str, int, int]]:
    return (
        WeekSummary.objects.filter(facility__in=facility_ids, monday__gte=first, monday__lt=before)
        .order_by()
        .values_list("facility_id", "factors", "monday", "fate")
        .annotate(sessions=Sum("times"), people=Sum("participants"))
    )


def weekly_counts(
    facility_ids: set[int], first: date, before: date
) -> dict[tuple[int, str, date], tuple[int, int]]:
    """Held activities and participations by facility, factor and Monday; one query.

    An activity for several factors counts for each of them. A week that is not among the keys has
    nothing registered.
    """
    counts: dict[tuple[int, str, date], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for facility_id, letters, monday, fate, sessions, people in _sums(facility_ids, first, before):
        more = (sessions, people) if fate == HELD else (0, 0)
        for letter in letters:
            held, came = counts[facility_id, letter, monday]
            counts[facility_id, letter, monday] = held + more[0], came + more[1]
    return dict(counts)


def weeks_since(starts_on: date, today: date) -> list[date]:
    """The Mondays of the complete weeks from ``starts_on``, at most the last ``MOST_WEEKS``."""
    this_week = today - timedelta(days=today.weekday())
    first = starts_on + timedelta(days=-starts_on.weekday() % 7)
    mondays = [this_week - timedelta(weeks=number) for number in range(MOST_WEEKS, 0, -1)]
    return [monday for monday in mondays if monday >= first]
