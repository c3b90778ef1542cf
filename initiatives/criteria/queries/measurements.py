"""Reads what a facility follows of an indicator: one measurement, what it was, and the target."""

from typing import Any

from django.db.models import QuerySet

from krams.database.prepared import prepared
from krams.models import Facility
from krams.people.access import one_of

from ...models import FacilityIndicator, Indicator, Measurement

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
