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
from krams.privacy.small_counts import Held

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
    facility_ids: Collection[int], first: date, before: date
) -> dict[int, dict[tuple[str, date], Held]]:
    """Held activities and participations by facility, then by factors ("KM") and Monday; one query.

    A week that is not among the keys has nothing registered.
    """
    counts: dict[int, dict[tuple[str, date], Held]] = defaultdict(dict)
    for facility_id, letters, monday, fate, sessions, people in _sums(facility_ids, first, before):
        more = (sessions, people) if fate == HELD else (0, 0)
        held, came = counts[facility_id].get((letters, monday), (0, 0))
        counts[facility_id][letters, monday] = held + more[0], came + more[1]
    return dict(counts)


def this_monday(today: date) -> date:
    """That of the week which is not over."""
    return today - timedelta(days=today.weekday())


def weeks_since(starts_on: date, today: date) -> list[date]:
    """The Mondays of the complete weeks from ``starts_on``, at most the last ``MOST_WEEKS``."""
    this_week = this_monday(today)
    first = starts_on + timedelta(days=-starts_on.weekday() % 7)
    mondays = [this_week - timedelta(weeks=number) for number in range(MOST_WEEKS, 0, -1)]
    return [monday for monday in mondays if monday >= first]
