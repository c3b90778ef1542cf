"""Reads what a facility planned and registered, to hold rows of a spreadsheet against it."""

import datetime as dt

from django.db.models import QuerySet

from krams.database.prepared import prepared
from krams.models import Facility

from ...models import Activity, PlannedActivity


@prepared
def _plans(facility: Facility) -> QuerySet[PlannedActivity]:
    return PlannedActivity.objects.filter(facility=facility).select_related("activity_type")


def plans_ever(facility: Facility) -> list[PlannedActivity]:
    """All plans of the facility, also those that have ended or been replaced."""
    return _plans(facility)


@prepared
def _registered(facility: Facility, first: dt.date, last: dt.date) -> QuerySet[Activity]:
    between = Activity.objects.standing().filter(held_on__gte=first, held_on__lte=last)
    return between.filter(facility=facility).order_by("pk")


def registered_between(facility: Facility, first: dt.date, last: dt.date) -> list[Activity]:
    return _registered(facility, first, last)
