"""Saves a week of registrations in one go, cell by cell, by the rules of the log."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction

from krams.danish import Week
from krams.models import Facility, User

from ..enums import Outcome
from ..models import Activity
from ..week_grid import Change, Key, Registered, Said
from ..week_reading import activities_of, registered_as, said_by
from . import activities as log


@dataclass
class Result:
    """How many cells now say what was typed, and which ones somebody else had changed.

    ``clashes`` holds what stands there instead, None where it was removed.
    """

    saved: int = 0
    clashes: dict[Key, Registered | None] = field(default_factory=dict)


@transaction.atomic
def save_week(
    *, facility: Facility, week: Week, changes: Iterable[Change], submission_id: uuid.UUID, by: User
) -> Result:
    """Bring the log into line with the cells that were changed.

    A cell counts as saved also where the log says the same already: the same grid sent twice makes
    no second row. Raises ``Facility.DoesNotExist`` where the person may not register.
    """
    mine = Facility.objects.loggable_by(by)
    facility = mine.select_for_update(of=("self",), no_key=True).get(pk=facility.pk)
    standing = defaultdict(list)
    for activity in activities_of(facility, week).select_related(
        "registered_by", "planned_activity"
    ):
        activity.facility = facility
        standing[activity.planned_activity_id, activity.held_on].append(activity)
    result, new = Result(), []
    for change in changes:
        current = standing.get(change.cell.key, [])
        if not current and change.said and change.base is None:
            new.append(change)
        elif len(current) < 2 and _save(change, current, submission_id, by):
            result.saved += 1
        else:
            result.clashes[change.cell.key] = registered_as(current[0]) if current else None
    _register(facility, new, submission_id, result, by)
    return result


def _own_id(submission_id: uuid.UUID, change: Change) -> uuid.UUID:
    """The cell's own id, made of the grid's: the second of two equal requests finds the row."""
    return uuid.uuid5(submission_id, change.cell.name)


def _save(change: Change, current: list, submission_id: uuid.UUID, by: User) -> bool:
    """Save one cell; False where it was changed since the person saw it."""
    activity = current[0] if current else None
    if (said_by(activity) if activity else None) == change.said:
        return True
    if activity is None or not _is_as_seen(activity, change, _own_id(submission_id, change)):
        return False
    if change.said is None:
        log.remove_activity(activity=activity, by=by)
    else:
        log.correct_activity(
            activity=activity,
            version=activity.version,
            values=_corrected(activity, change.said),
            by=by,
        )
    return True


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
        )
        for change in new
    }
    rows = log.register_free_days(facility=facility, entries=list(entries.values()), by=by)
    for key, entry in entries.items():
        if rows[entry.submission_id].removed_at is None:
            result.saved += 1
        else:
            result.clashes[key] = None


def _corrected(activity: Activity, said: Said) -> dict:
    if said.count is None:
        kept = activity.cancellation_text if activity.cancellation_reason == said.reason else ""
        return {
            "outcome": Outcome.CANCELLED,
            "cancellation_reason": said.reason,
            "cancellation_text": kept,
        }
    return {
        "outcome": Outcome.HELD,
        "participant_count": said.count,
        "duration_minutes": activity.duration_minutes or activity.planned_activity.duration_minutes,
    }
