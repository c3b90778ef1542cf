"""The plans of a week for the wall: two queries, whatever their number."""

import datetime as dt

from django.db.models import QuerySet

from krams.danish.weeks import Week
from krams.database.prepared import prepared
from krams.models import Facility

from ...models import PlannedActivity
from ..poster import Event, Poster, weekly_poster
from .week_plan import read_pauses


@prepared
def _plans(facility: Facility, first: dt.date, last: dt.date) -> QuerySet[PlannedActivity]:
    here = PlannedActivity.objects.filter(facility=facility)
    return here.in_force(first, last).select_related("activity_type").order_by()


def read_poster(facility: Facility, week: Week) -> Poster:
    """What the week has, pauses taken out."""
    pauses = read_pauses(facility, week.monday, week.sunday)
    return weekly_poster(
        (
            (Event(str(row), row.start_time), row.as_plan(pauses.get(row.pk, ())))
            for row in _plans(facility, week.monday, week.sunday)
        ),
        week,
    )
