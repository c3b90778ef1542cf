"""Reads what a facility follows of an indicator: one measurement, what it was, and the target."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from krams.database.prepared import prepared
from krams.models import Facility, User
from krams.people.access import one_of

from ...enums import IndicatorKind
from ...models import FacilityIndicator, Indicator, Initiative, Measurement

MOST_RECORDS = 30


@prepared
def _measurement(indicator: Indicator, place: Facility, pk: int) -> QuerySet[Measurement]:
    here = {"facility_indicator__indicator": indicator, "facility_indicator__facility": place}
    rows = Measurement.objects.select_related("facility_indicator__facility")
    return rows.filter(pk=pk, **here).order_by()


def measurement_of(indicator: Indicator, place: Facility, pk: int) -> Measurement:
    """A measurement of the place, removed or not. Raises ``Http404``."""
    return one_of(_measurement(indicator, place, pk))


@prepared
def _records(pk: int) -> QuerySet[Any]:
    records: QuerySet[Any] = Measurement.history.filter(id=pk).order_by("-history_id")
    return records.select_related("history_user")[:MOST_RECORDS]


def earlier_measurements(measurement: Measurement) -> list[Any]:
    """What it was, newest first: records of its history."""
    return _records(measurement.pk)


@prepared
def _followed(indicator: Indicator, place: Facility) -> QuerySet[FacilityIndicator]:
    return FacilityIndicator.objects.filter(indicator=indicator, facility=place).order_by()


def followed_at(indicator: Indicator, place: Facility) -> FacilityIndicator | None:
    """What the place has set for the indicator, if anything."""
    return next(iter(_followed(indicator, place)), None)


@prepared
def _managed_places(user: User, initiative: Initiative) -> QuerySet[Facility]:
    return Facility.objects.managed_by(user).filter(initiatives=initiative)


def managed_places(user: User, initiative: Initiative) -> list[Facility]:
    """The facilities that take part and whose figures the person may write."""
    return _managed_places(user, initiative)


@prepared
def _entered(initiative: Initiative) -> QuerySet[Indicator]:
    mine = Indicator.objects.filter(
        criterion__initiative=initiative, criterion__retired=False, retired=False
    ).exclude(kind=IndicatorKind.LOG)
    return mine.select_related("criterion").order_by("criterion__number", "position", "pk")


def entered_indicators(initiative: Initiative) -> list[Indicator]:
    """Those whose figures somebody enters."""
    return _entered(initiative)


@prepared
def _standing(
    user: User, initiative: Initiative, first: dt.date, last: dt.date
) -> QuerySet[Measurement]:
    mine = Measurement.objects.filter(
        facility_indicator__indicator__criterion__initiative=initiative,
        facility_indicator__facility__in=Facility.objects.managed_by(user),
        removed_at=None,
        measured_on__gte=first,
        measured_on__lte=last,
    )
    return mine.select_related("facility_indicator__facility", "facility_indicator__indicator")


def measurements_between(
    user: User, initiative: Initiative, first: dt.date, last: dt.date
) -> list[Measurement]:
    """Of the facilities whose figures the person may write."""
    return _standing(user, initiative, first, last)
