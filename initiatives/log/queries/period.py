"""Reads what was held of what was planned in any period: two queries."""

import datetime as dt
from collections import Counter, defaultdict
from typing import Any

from django.db.models import Count, F, QuerySet

from krams.danish.collation import sort_key
from krams.danish.weeks import Week
from krams.database.prepared import prepared
from krams.models import Facility

from ...models import Activity, PlannedActivity
from ...sustain.expected import plans_of_activities
from ...sustain.queries import PlanWithPause, put_together, with_pauses
from ..period import Period, Row, figures_of


@prepared
def _plans(facility: Facility, first: dt.date, last: dt.date) -> QuerySet[PlanWithPause]:
    here = PlannedActivity.objects.filter(facility=facility).in_force(first, last)
    return with_pauses(here.select_related("activity_type"))


@prepared
def _fates(
    facility: Facility, first: dt.date, last: dt.date
) -> QuerySet[Any, tuple[int, dt.date, str, int]]:
    return (
        Activity.objects.standing()
        .for_facility(facility)
        .filter(planned_activity__isnull=False, held_on__range=(first, last))
        .with_fate()
        .order_by()
        .annotate(day=F("held_on"))
        .values_list("planned_activity_id", "day", "fate")
        .annotate(times=Count("pk"))
    )


def read_period(facility: Facility, period: Period, today: dt.date) -> list[Row]:
    """A row for each activity that was planned in the period, in the order of the day."""
    rows, plans = put_together(_plans(facility, period.first, period.last), today)
    fates: defaultdict[int, defaultdict[Week, Counter[str]]] = defaultdict(
        lambda: defaultdict(Counter)
    )
    for plan, day, fate, times in _fates(facility, period.first, period.last):
        fates[plan][Week.of(day)][fate] += times
    found = [
        Row(rows[line[0]], figures_of([(plans[pk], fates[pk]) for pk in line], period))
        for line in plans_of_activities({pk: row.replaces_id for pk, row in rows.items()})
    ]
    for row in found:
        rows[row.planned.pk].facility = facility
    return sorted(
        found,
        key=lambda row: (
            row.planned.start_time or dt.time.max,
            sort_key(str(row.planned)),
            row.planned.pk,
        ),
    )
