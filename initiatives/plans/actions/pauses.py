"""Writes to the pauses of a plan: begin, change, and run again from today."""

import uuid
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from krams.history.actions.locking import StaleVersion, lock, save_version
from krams.models import User

from ...models import PlannedActivity, PlanPause
from .plans import has_values, locked_plan, set_values


class PauseOverlaps(Exception):
    """The plan has another pause in those days; ``pause`` is it."""

    def __init__(self, pause: PlanPause) -> None:
        super().__init__(f"overlaps pause {pause.pk}")
        self.pause = pause


@transaction.atomic
def pause_plan(
    *,
    planned: PlannedActivity,
    version: int,
    values: dict[str, Any],
    submission_id: uuid.UUID,
    by: User,
) -> PlanPause:
    """Let a plan rest. Raises ``DoesNotExist``, ``StaleVersion`` and ``PauseOverlaps``.

    The same ``submission_id`` again returns the pause that it made.
    """
    mine = PlannedActivity.objects.managed_by(by)
    current = mine.select_for_update(of=("self",)).get(pk=planned.pk)
    if sent := current.pauses.filter(submission_id=submission_id).first():
        return sent
    current = locked_plan(planned, by, version)
    _refuse_overlap(current, values)
    pause = PlanPause(planned_activity=current, submission_id=submission_id, **values)
    # A form that was opened before the pause must not end or change the plan unseen.
    save_version(current, by=by, reason=values["reason"])
    return save_version(pause, by=by, reason=values["reason"])


@transaction.atomic
def edit_pause(*, pause: PlanPause, version: int, values: dict[str, Any], by: User) -> PlanPause:
    """Save a pause. Raises ``DoesNotExist``, ``StaleVersion`` and ``PauseOverlaps``."""
    current = _locked_pause(pause, by, version, values)
    if has_values(current, values):
        return current
    _refuse_overlap(current.planned_activity, values, but=current)
    set_values(current, values)
    return save_version(current, by=by)


@transaction.atomic
def restart_plan(*, pause: PlanPause, version: int, by: User) -> None:
    """Let the plan run again from today. A pause of no day at all is taken away.

    One that is over stays as it was. Raises ``DoesNotExist`` (not allowed, or taken away) and
    ``StaleVersion``.
    """
    today = timezone.localdate()
    current = _locked_pause(pause, by, version, {"restarts_on": today})
    if current.restarts_on and current.restarts_on <= today:
        return
    if current.starts_on >= today:
        current._history_user = by
        current.delete()
        return
    current.restarts_on = today
    save_version(current, by=by)


def _locked_pause(pause: PlanPause, by: User, version: int, values: dict[str, Any]) -> PlanPause:
    plans = PlannedActivity.objects.managed_by(by)
    # The plan first, as when a pause is added, so that two pauses cannot pass each other.
    plans.select_for_update(of=("self",)).get(pk=pause.planned_activity_id)
    pauses = PlanPause.objects.filter(planned_activity__in=plans)
    try:
        return lock(pauses, version=version, pk=pause.pk)
    except StaleVersion as stale:
        saved: PlanPause = stale.current
        if has_values(saved, values):
            return saved
        raise


def _refuse_overlap(
    planned: PlannedActivity, values: dict[str, Any], but: PlanPause | None = None
) -> None:
    others = planned.pauses.filter(Q(restarts_on=None) | Q(restarts_on__gt=values["starts_on"]))
    if but:
        others = others.exclude(pk=but.pk)
    if values["restarts_on"]:
        others = others.filter(starts_on__lt=values["restarts_on"])
    if other := others.first():
        raise PauseOverlaps(other)
