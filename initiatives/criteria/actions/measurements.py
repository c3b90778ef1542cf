"""Writing what came of a success criterion: assessments and measurements."""

import datetime as dt
import uuid
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from krams.history.actions.locking import StaleVersion, save_version
from krams.models import Facility, User

from ...enums import AssessmentLevel
from ...models import Assessment, FacilityIndicator, Indicator, Measurement, SuccessCriterion


class AlreadyMeasured(Exception):
    """There is a measurement of the indicator at the facility on that day."""


class OutOfRange(Exception):
    """The figure ``field`` lies outside the range of the ``indicator``, as that now is."""

    def __init__(self, field: str, indicator: Indicator):
        super().__init__(f"{field} lies outside the range of {indicator.pk}")
        self.field, self.indicator = field, indicator


def newest_assessment(criterion: SuccessCriterion, facility: Facility) -> Assessment | None:
    """The one that counts."""
    mine = criterion.assessments.filter(facility=facility).select_related("assessed_by")
    return mine.order_by("-assessed_on", "-pk").first()


@transaction.atomic
def assess(
    *,
    criterion: SuccessCriterion,
    facility: Facility,
    base: int,
    version: int,
    level: AssessmentLevel,
    reason: str,
    by: User,
) -> Assessment:
    """Assess the criterion anew; ``base`` and ``version`` tell which assessment was read.

    A second one on the same day replaces the first, which its history keeps. The same words sent
    twice are saved once. Raises ``Facility.DoesNotExist`` if ``by`` does not manage the facility,
    and ``StaleVersion`` if somebody has assessed it since.
    """
    _locked(facility, by)
    newest, today = newest_assessment(criterion, facility), timezone.localdate()
    if newest and (newest.pk, newest.version) != (base, version):
        if (newest.level, newest.reason) == (level, reason):
            return newest
        raise StaleVersion(newest)
    if newest is None or newest.assessed_on != today:
        newest = Assessment(criterion=criterion, facility=facility, assessed_on=today)
    newest.level, newest.reason, newest.assessed_by = level, reason, by
    return save_version(newest, by=by, reason=reason)


@transaction.atomic
def add_measurement(
    *,
    indicator: Indicator,
    facility: Facility,
    measured_on: dt.date,
    value: Decimal,
    numerator: int | None,
    denominator: int | None,
    note: str,
    submission_id: uuid.UUID,
    by: User,
) -> Measurement:
    """Add a figure; the same form sent twice adds one.

    Raises ``Facility.DoesNotExist`` if ``by`` does not manage the facility, ``OutOfRange``, and
    ``AlreadyMeasured`` where the day has a figure.
    """
    _locked(facility, by)
    _within_range(indicator, value=value)
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
        note=note,
        submission_id=submission_id,
        registered_by=by,
    )
    return save_version(measurement, by=by)


@transaction.atomic
def set_target(
    *, indicator: Indicator, facility: Facility, version: int, values: dict, by: User
) -> FacilityIndicator:
    """Set a facility's baseline and target; ``version`` 0 where it has none yet.

    The same form sent twice is saved once. Raises ``Facility.DoesNotExist`` if ``by`` does not
    manage the facility, ``OutOfRange`` and ``StaleVersion``.
    """
    _locked(facility, by)
    _within_range(indicator, baseline=values["baseline"], target=values["target"])
    followed = FacilityIndicator.objects.filter(indicator=indicator, facility=facility).first()
    standing = followed.version if followed else 0
    followed = followed or FacilityIndicator(indicator=indicator, facility=facility)
    if followed.pk and all(getattr(followed, name) == value for name, value in values.items()):
        return followed
    if standing != version:
        raise StaleVersion(followed)
    for name, value in values.items():
        setattr(followed, name, value)
    return save_version(followed, by=by)


@transaction.atomic
def correct_measurement(
    *, measurement: Measurement, version: int, reason: str, by: User, **values
) -> Measurement:
    """Correct a figure; its history keeps the old one and the reason.

    Raises ``DoesNotExist`` (not allowed, or removed meanwhile), ``StaleVersion``, ``OutOfRange``
    and ``AlreadyMeasured``.
    """
    followed = measurement.facility_indicator
    _locked(followed.facility, by)
    current = _standing(followed).get(pk=measurement.pk)
    _within_range(followed.indicator, value=values["value"])
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
    _locked(measurement.facility_indicator.facility, by)
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
    _locked(followed.facility, by)
    return _bring_back(Measurement.objects.get(pk=measurement.pk), by)


def _bring_back(current: Measurement, by: User) -> Measurement:
    if current.removed_at is None:
        return current
    if _standing(current.facility_indicator).filter(measured_on=current.measured_on).exists():
        raise AlreadyMeasured
    _within_range(current.facility_indicator.indicator, value=current.value)
    current.removed_at = None
    return save_version(current, by=by)


def _standing(followed: FacilityIndicator):
    """Its measurements without those that were removed."""
    return followed.measurements.filter(removed_at=None)


def _within_range(indicator: Indicator, **figures: Decimal | None) -> None:
    """The range is held until the figure is saved: nobody narrows it in between."""
    current = Indicator.objects.select_for_update(no_key=True).get(pk=indicator.pk)
    for field, value in figures.items():
        if value is not None and not current.bounds.hold(value):
            raise OutOfRange(field, current)


def _locked(facility: Facility, by: User) -> Facility:
    """Assessments and measurements of one facility wait for each other."""
    mine = Facility.objects.managed_by(by)
    return mine.select_for_update(of=("self",), no_key=True).get(pk=facility.pk)
