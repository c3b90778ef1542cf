"""Writes to the pauses of a whole facility: all its plans rest, and run again, as one."""

import uuid
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from krams.history.actions.locking import StaleVersion, lock, save_version
from krams.models import Facility, User

from ...models import FacilityPause, PlannedActivity
from .plans import has_values, locked_facility, set_values
from .resting import rest_with


class FacilityPauseOverlaps(Exception):
    """The facility has another pause in those days; ``pause`` is it."""

    def __init__(self, pause: FacilityPause) -> None:
        super().__init__(f"overlaps pause {pause.pk}")
        self.pause = pause


@transaction.atomic
def pause_facility(
    *, facility: Facility, values: dict[str, Any], submission_id: uuid.UUID, by: User
) -> FacilityPause:
    """Let all plans of a facility rest; those that rest already keep their own pauses.

    The same ``submission_id`` again returns the pause that it made. Raises
    ``Facility.DoesNotExist`` (not allowed) and ``FacilityPauseOverlaps``.
    """
    facility = locked_facility(facility, by)
    if sent := facility.pauses.filter(submission_id=submission_id).first():
        return sent
    _refuse_overlap(facility, values)
    pause = FacilityPause(facility=facility, submission_id=submission_id, **values)
    save_version(pause, by=by, reason=values["reason"])
    _rest_all(pause, by)
    return pause


@transaction.atomic
def edit_facility_pause(
    *, pause: FacilityPause, version: int, values: dict[str, Any], by: User
) -> FacilityPause:
    """Save a pause, and let each plan rest as it says now.

    Raises ``DoesNotExist`` (not allowed, or removed), ``StaleVersion``, ``FacilityPauseOverlaps``.
    """
    current = _locked(pause, by, version, values)
    if has_values(current, values):
        return current
    _refuse_overlap(current.facility, values, but=current)
    set_values(current, values)
    save_version(current, by=by)
    _wake_all(current, by)
    _rest_all(current, by)
    return current


@transaction.atomic
def restart_facility(*, pause: FacilityPause, version: int, by: User) -> None:
    """Let everything that rests with the facility run again from today.

    A pause of no day at all is removed; one that is over stays as it was. Raises
    ``DoesNotExist`` and ``StaleVersion``.
    """
    today = timezone.localdate()
    current = _locked(pause, by, version, {"restarts_on": today})
    if current.restarts_on and current.restarts_on <= today:
        return
    if current.starts_on >= today:
        _remove(current, by)
        return
    current.restarts_on = today
    save_version(current, by=by)
    running = Q(restarts_on=None) | Q(restarts_on__gt=today)
    for one in current.plan_pauses.filter(running):
        if one.starts_on >= today:
            one._history_user = by
            one.delete()
        else:
            one.restarts_on = today
            save_version(one, by=by)


@transaction.atomic
def remove_facility_pause(*, pause: FacilityPause, version: int, by: User) -> None:
    """Take the pause away with all that it did to the plans, as if it had never been.

    Raises ``DoesNotExist`` (not allowed, or removed already) and ``StaleVersion``.
    """
    _remove(_locked(pause, by, version), by)


def _remove(pause: FacilityPause, by: User) -> None:
    _wake_all(pause, by)
    pause._history_user = by
    pause.delete()


def _rest_all(pause: FacilityPause, by: User) -> None:
    going_on = Q(ends_on=None) | Q(ends_on__gte=pause.starts_on)
    plans = PlannedActivity.objects.filter(going_on, facility=pause.facility_id)
    for planned in plans.select_for_update(of=("self",)):
        if rest_with(pause, planned, by):
            # A form that was opened before must not end or change the plan unseen.
            save_version(planned, by=by, reason=pause.reason)


def _wake_all(pause: FacilityPause, by: User) -> None:
    for one in pause.plan_pauses.all():
        one._history_user = by
        one.delete()


def _locked(
    pause: FacilityPause, by: User, version: int, values: dict[str, Any] | None = None
) -> FacilityPause:
    """The facility first, as when a pause is made; the row at ``version``, or saved so already."""
    facility = locked_facility(pause.facility, by)
    try:
        return lock(FacilityPause.objects.filter(facility=facility), version=version, pk=pause.pk)
    except StaleVersion as stale:
        saved: FacilityPause = stale.current
        if values and has_values(saved, values):
            return saved
        raise


def _refuse_overlap(
    facility: Facility, values: dict[str, Any], but: FacilityPause | None = None
) -> None:
    others = facility.pauses.filter(Q(restarts_on=None) | Q(restarts_on__gt=values["starts_on"]))
    if but:
        others = others.exclude(pk=but.pk)
    if values["restarts_on"]:
        others = others.filter(starts_on__lt=values["restarts_on"])
    if other := others.first():
        raise FacilityPauseOverlaps(other)
