"""Saves a week of registrations in one go, cell by cell, by the rules of the log, and undoes it."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from krams.danish.weeks import Week
from krams.models import Facility, User

from ...enums import Outcome
from ...models import Activity
from ..queries.week_grid import activities_of_plans, registered_as
from ..week_grid import Change, Key, Registered, Said
from . import registrations as log

_SAID = (
    "outcome",
    "participant_count",
    "duration_minutes",
    "cancellation_reason",
    "cancellation_text",
)


@dataclass
class Result:
    """What became of the cells: how many of each, and where the person has to look again.

    ``same`` cells said so already. ``clashes`` holds what somebody else registered there meanwhile,
    None where it was removed; ``asked`` what would be lost, and nobody has agreed to that.
    ``undo`` gives the version of each row that was written, for :func:`undo_week`.
    """

    registered: int = 0
    corrected: int = 0
    removed: int = 0
    same: int = 0
    clashes: dict[Key, Registered | None] = field(default_factory=dict)
    asked: dict[Key, Registered] = field(default_factory=dict)
    undo: dict[int, int] = field(default_factory=dict)

    @property
    def saved(self) -> int:
        return self.registered + self.corrected + self.removed


@dataclass
class Undone:
    """How many registrations were taken out, set right again or brought back; ``kept`` were not,
    because somebody has changed them since."""

    removed: int = 0
    corrected: int = 0
    restored: int = 0
    kept: int = 0


@transaction.atomic
def save_week(
    *, facility: Facility, week: Week, changes: Iterable[Change], submission_id: uuid.UUID, by: User
) -> Result:
    """Bring the log into line with the cells that were changed.

    The same grid sent twice makes no second row. What is registered gives way to nothing, or to the
    other outcome, only where the person has agreed to lose just that. Raises
    ``Facility.DoesNotExist`` where the person may not register.
    """
    facility = log.locked_facility(facility, by)
    standing = defaultdict(list)
    for activity in activities_of_plans(facility, week):
        activity.facility = facility
        standing[activity.planned_activity_id, activity.held_on].append(activity)
    result, new = Result(), []
    for change in changes:
        current = standing.get(change.cell.key, [])
        if not current and change.said and change.base is None:
            new.append(change)
        else:
            _save(change, current, submission_id, result, by)
    _register(facility, new, submission_id, result, by)
    return result


def _own_id(submission_id: uuid.UUID, change: Change) -> uuid.UUID:
    """The cell's own id, made of the grid's: the second of two equal requests finds the row."""
    return uuid.uuid5(submission_id, change.cell.name)


def _save(
    change: Change, current: list[Activity], submission_id: uuid.UUID, result: Result, by: User
) -> None:
    """Save one cell, unless it was changed since the person saw it, or is to be asked about."""
    activity = current[0] if current else None
    there = registered_as(activity) if activity else None
    own_id = _own_id(submission_id, change)
    if len(current) < 2 and (there.said if there else None) == change.said:
        result.same += 1
    elif (
        activity is None
        or there is None
        or len(current) > 1
        or not _is_as_seen(activity, change, own_id)
    ):
        result.clashes[change.cell.key] = there
    elif there.said.is_lost_to(change.said) and change.yes != there.yes_to(change.said):
        result.asked[change.cell.key] = there
    elif change.said is None:
        gone = log.remove_activity(activity=activity, by=by)
        result.removed += 1
        result.undo[gone.pk] = gone.version
    else:
        saved = log.correct_activity(
            activity=activity,
            version=activity.version,
            values=_corrected(activity, change.said),
            by=by,
        )
        result.corrected += 1
        result.undo[saved.pk] = saved.version


def _is_as_seen(activity: Activity, change: Change, own_id: uuid.UUID) -> bool:
    if change.base is None:
        # Sent a moment ago by this very grid: who goes back and corrects a cell means this row.
        return activity.submission_id == own_id and activity.version == 1
    return (activity.pk, activity.version) == (change.base.pk, change.base.version)


def _register(
    facility: Facility, new: list[Change], submission_id: uuid.UUID, result: Result, by: User
) -> None:
    """Save the cells that were empty, all at once."""
    if not new:
        return
    entries = {
        change.cell.key: log.Entry(
            plan_id=change.cell.plan_id,
            held_on=change.cell.day,
            submission_id=_own_id(submission_id, change),
            participant_count=change.said.count,
            cancellation_reason=change.said.reason,
            cancellation_text=change.said.words,
        )
        for change in new
        if change.said
    }
    rows = log.register_free_days(facility=facility, entries=list(entries.values()), by=by)
    for key, entry in entries.items():
        row = rows[entry.submission_id]
        if row.removed_at is None:
            result.registered += 1
            result.undo[row.pk] = row.version
        else:
            result.clashes[key] = None


def _corrected(activity: Activity, said: Said) -> dict[str, Any]:
    if said.count is None:
        return {
            "outcome": Outcome.CANCELLED,
            "cancellation_reason": said.reason,
            "cancellation_text": said.words,
        }
    plan = activity.planned_activity
    assert plan is not None, "the grid has plans alone"
    return {
        "outcome": Outcome.HELD,
        "participant_count": said.count,
        "duration_minutes": activity.duration_minutes or plan.duration_minutes,
    }


@transaction.atomic
def undo_week(*, facility: Facility, week: Week, versions: Mapping[int, int], by: User) -> Undone:
    """Take back what :func:`save_week` wrote; ``versions`` is its ``undo``.

    A row that has another version by now is left as it is. Raises ``Facility.DoesNotExist`` where
    the person may not register.
    """
    facility, undone = log.locked_facility(facility, by), Undone()
    in_week = (
        Activity.objects.correctable_by(by)
        .for_facility(facility)
        .filter(planned_activity__isnull=False, held_on__range=(week.monday, week.sunday))
    )
    for activity in in_week.filter(pk__in=versions).select_related("planned_activity"):
        activity.facility = facility
        if activity.version != versions[activity.pk]:
            undone.kept += 1
            continue
        try:
            _undo(activity, undone, by)
        except log.AlreadyRegistered:
            undone.kept += 1
    return undone


def _undo(activity: Activity, undone: Undone, by: User) -> None:
    """Raises ``AlreadyRegistered`` where the plan has got another registration of that day."""
    before = activity.history.filter(version=activity.version - 1).order_by("-history_id").first()
    if activity.removed_at:
        log.restore_activity(activity=activity, by=by)
        undone.restored += 1
    elif before is None or before.removed_at:
        log.remove_activity(activity=activity, by=by)
        undone.removed += 1
    else:
        values = {name: getattr(before, name) for name in _SAID}
        log.correct_activity(activity=activity, version=activity.version, values=values, by=by)
        undone.corrected += 1
