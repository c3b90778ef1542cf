"""Reads the pauses of a whole facility."""

import datetime as dt

from django.db.models import Q, QuerySet

from krams.database.prepared import prepared
from krams.models import Facility

from ...models import FacilityPause


@prepared
def _open(facility: Facility, today: dt.date) -> QuerySet[FacilityPause]:
    mine = FacilityPause.objects.filter(facility=facility)
    return mine.filter(Q(restarts_on=None) | Q(restarts_on__gt=today)).order_by("starts_on", "pk")


def facility_pauses(facility: Facility, today: dt.date) -> list[FacilityPause]:
    """Those that run or are still to come, the first one first."""
    return _open(facility, today)
