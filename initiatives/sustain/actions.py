"""Writes to the thresholds of a municipality."""

from typing import Any

from django.db import transaction

from krams.history.actions.locking import StaleVersion, lock, save_version
from krams.models import Authority, User

from ..access import municipalities_kept_by
from ..models import FollowUpSettings


@transaction.atomic
def save_follow_up(
    *, municipality: Authority, version: int, values: dict[str, Any], by: User
) -> FollowUpSettings:
    """Save the thresholds; ``version`` 0 means that the form was opened on the defaults.

    Raises ``Authority.DoesNotExist`` (not allowed) and ``StaleVersion``.
    """
    # Locked even where it has no row yet, so that of two first saves one is stale.
    mine = municipalities_kept_by(by).select_for_update(of=("self",), no_key=True)
    municipality = mine.get(pk=municipality.pk)
    own = FollowUpSettings.objects.filter(municipality=municipality)
    current = own.first()
    if current is None:
        current = FollowUpSettings(municipality=municipality)
    elif version == 0:
        raise StaleVersion(current)
    else:
        current = lock(FollowUpSettings.objects, version=version, pk=current.pk)
        if all(getattr(current, name) == value for name, value in values.items()):
            return current
    for name, value in values.items():
        setattr(current, name, value)
    return save_version(current, by=by)
