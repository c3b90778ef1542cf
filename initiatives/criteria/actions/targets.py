"""Writes to a facility's own baseline and target for an indicator."""

from typing import Any

from django.db import transaction

from krams.history.actions.locking import StaleVersion, save_version
from krams.models import Facility, User

from ...models import FacilityIndicator, Indicator
from .measurements import locked_facility, within_range


@transaction.atomic
def set_target(
    *, indicator: Indicator, facility: Facility, version: int, values: dict[str, Any], by: User
) -> FacilityIndicator:
    """Set a facility's baseline and target; ``version`` 0 where it has none yet.

    The same form sent twice is saved once. Raises ``Facility.DoesNotExist`` if ``by`` does not
    manage the facility, ``OutOfRange`` and ``StaleVersion``.
    """
    locked_facility(facility, by)
    within_range(indicator, baseline=values["baseline"], target=values["target"])
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
