"""Writes to the figures of a facility: add, correct, remove and bring back."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from krams.history.actions.locking import StaleVersion, save_version
from krams.models import Facility, User

from ...models import FacilityIndicator, Indicator, Measurement


class AlreadyMeasured(Exception):
    """There is a measurement of the indicator at the facility on that day."""


class OutOfRange(Exception):
    """The figure ``field`` lies outside the range of the ``indicator``, as that now is."""

    def __init__(self, field: str, indicator: Indicator) -> None:
        super().__init__(f"{field} lies outside the range of {indicator.pk}")
        self.field, self.indicator = field, indicator


@transaction.atomic
def add_measurement(
    *,
    indicator: Indicator,
    facility: Facility,
    measured_on: dt.date,
    value: Decimal,
    numerator: int | None,
    denominator: int | None,
    people: int | None = None,
    note: str,
    submission_id: uuid.UUID,
    by: User,
) -> Measurement:
    """Add a figure; the same form sent twice adds one.

    Raises ``Facility.DoesNotExist`` if ``by`` does not manage the facility, ``OutOfRange``, and
    ``AlreadyMeasured`` where the day has a figure.
    """
    locked_facility(facility, by)
    within_range(indicator, value=value)
    followed = FacilityIndicator.objects.filter(indicator=indicator, facility=facility).first()
    if followed is None:
        followed = save_version(FacilityIndicator(indicator=indicator, facility=facility), by=by)
    sent = Measurement.objects.filter(submission_id=submission_id).first()
    if sent and sent.facility_indicator_id == followed.pk:
        return _bring_back(sent, by)
    if sent or _standing(followed).filter(measured_on=measured_on).exists():
        raise AlreadyMeasured
    measurement = Measurement(
        facility_indicator=followed,
        measured_on=measured_on,
        value=value,
        numerator=numerator,
        denominator=denominator,
        people=people,
        note=note,
        submission_id=submission_id,
        registered_by=by,
    )
    return save_version(measurement, by=by)


@transaction.atomic
def correct_measurement(
    *, measurement: Measurement, version: int, reason: str, by: User, **values: Any
) -> Measurement:
    """Correct a figure; its history keeps the old one and the reason.

    Raises ``DoesNotExist`` (not allowed, or removed meanwhile), ``StaleVersion``, ``OutOfRange``
    and ``AlreadyMeasured``.
    """
    followed = measurement.facility_indicator
    locked_facility(followed.facility, by)
    current = _standing(followed).get(pk=measurement.pk)
    within_range(followed.indicator, value=values["value"])
    if all(getattr(current, name) == value for name, value in values.items()):
        return current
    if current.version != version:
        raise StaleVersion(current)
    others = _standing(followed).exclude(pk=current.pk)
    if others.filter(measured_on=values["measured_on"]).exists():
        raise AlreadyMeasured
    for name, value in values.items():
        setattr(current, name, value)
    return save_version(current, by=by, reason=reason)


@transaction.atomic
def remove_measurement(*, measurement: Measurement, version: int, by: User) -> Measurement:
    """Take a figure out; ``restore_measurement`` brings it back.

    Raises ``DoesNotExist`` and ``StaleVersion``.
    """
    locked_facility(measurement.facility_indicator.facility, by)
    current = Measurement.objects.get(pk=measurement.pk)
    if current.removed_at:
        return current
    if current.version != version:
        raise StaleVersion(current)
    current.removed_at = timezone.now()
    return save_version(current, by=by)


@transaction.atomic
def restore_measurement(*, measurement: Measurement, by: User) -> Measurement:
    """Bring a removed figure back.

    Raises ``DoesNotExist``, ``AlreadyMeasured`` where its day has another one by now, and
    ``OutOfRange`` where another range was set meanwhile.
    """
    followed = measurement.facility_indicator
    locked_facility(followed.facility, by)
    return _bring_back(Measurement.objects.get(pk=measurement.pk), by)


def _bring_back(current: Measurement, by: User) -> Measurement:
    if current.removed_at is None:
        return current
    if _standing(current.facility_indicator).filter(measured_on=current.measured_on).exists():
        raise AlreadyMeasured
    within_range(current.facility_indicator.indicator, value=current.value)
    current.removed_at = None
    return save_version(current, by=by)


def _standing(followed: FacilityIndicator) -> QuerySet[Measurement]:
    """Its measurements without those that were removed."""
    return followed.measurements.filter(removed_at=None)


def within_range(indicator: Indicator, **figures: Decimal | None) -> None:
    """The range is held until the figure is saved: nobody narrows it in between."""
    current = Indicator.objects.select_for_update(no_key=True).get(pk=indicator.pk)
    for field, value in figures.items():
        if value is not None and not current.bounds.hold(value):
            raise OutOfRange(field, current)


def locked_facility(facility: Facility, by: User) -> Facility:
    """Assessments and measurements of one facility wait for each other."""
    mine = Facility.objects.managed_by(by)
    return mine.select_for_update(of=("self",), no_key=True).get(pk=facility.pk)
