"""Writes to how managers assess a criterion at a facility."""

from django.db import transaction
from django.utils import timezone

from krams.history.actions.locking import StaleVersion, save_version
from krams.models import Facility, User

from ...enums import AssessmentLevel
from ...models import Assessment, SuccessCriterion
from .measurements import locked_facility


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

    A second one on the same day replaces the first, which its history keeps. The same words on one
    day are saved once. Raises ``Facility.DoesNotExist`` if ``by`` does not manage the facility,
    and ``StaleVersion`` if somebody has assessed it since.
    """
    locked_facility(facility, by)
    newest, today = newest_assessment(criterion, facility), timezone.localdate()
    if newest and (newest.pk, newest.version) != (base, version):
        if (newest.level, newest.reason) == (level, reason):
            return newest
        raise StaleVersion(newest)
    is_of_today = newest is not None and newest.assessed_on == today
    if newest and is_of_today and (newest.level, newest.reason) == (level, reason):
        return newest
    if newest is None or not is_of_today:
        newest = Assessment(criterion=criterion, facility=facility, assessed_on=today)
    newest.level, newest.reason, newest.assessed_by = level, reason, by
    return save_version(newest, by=by, reason=reason)
