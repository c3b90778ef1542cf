"""Registrations of days that have passed, many at once, as from a spreadsheet."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from krams.models import Facility, User

from ...enums import ActivitySource, Outcome
from ...models import Activity, PlannedActivity
from ...plans.activity_types import Kind
from .registrations import locked_facility


@dataclass(frozen=True, slots=True)
class BackDated:
    """What was held or cancelled: of a ``plan``, or of a ``kind`` without being planned."""

    held_on: dt.date
    outcome: Outcome
    plan: PlannedActivity | None
    kind: Kind | None
    participant_count: int | None = None
    started_at: dt.time | None = None
    duration_minutes: int | None = None
    cancellation_reason: str = ""
    cancellation_text: str = ""
    note: str = ""


@transaction.atomic
def register_back_dated(
    *, facility: Facility, rows: list[tuple[uuid.UUID, BackDated]], by: User
) -> None:
    """Register all of it; the caller holds the facility's lock since it found that none is there.

    An id that made a row before makes no other, removed or not. Raises ``Facility.DoesNotExist``
    where the person may not register.
    """
    facility = locked_facility(facility, by)
    ids = [submission for submission, _row in rows]
    sent = facility.activities.filter(submission_id__in=ids)
    there = set(sent.values_list("submission_id", flat=True))
    made = [_activity(facility, one, key, by) for key, one in rows if key not in there]
    bulk_create_with_history(
        made, Activity, default_user=by, default_change_reason=_("Taken in from a spreadsheet")
    )


def _activity(facility: Facility, row: BackDated, submission: uuid.UUID, by: User) -> Activity:
    source = row.plan or row.kind
    assert source is not None, "of a plan or of a type"
    is_held = row.outcome == Outcome.HELD
    plan = row.plan
    return Activity(
        facility=facility,
        activity_type_id=plan.activity_type_id if plan else source.pk,
        planned_activity=plan,
        initiative_id=plan.initiative_id if plan else None,
        title=str(plan) if plan else row.kind.name if row.kind else "",
        factors=source.factors,
        held_on=row.held_on,
        started_at=row.started_at or (plan.start_time if plan else None),
        outcome=row.outcome,
        participant_count=row.participant_count if is_held else None,
        duration_minutes=_minutes(row) if is_held else None,
        cancellation_reason="" if is_held else row.cancellation_reason,
        cancellation_text="" if is_held else row.cancellation_text,
        note=row.note,
        source=ActivitySource.IMPORT,
        registered_by=by,
        submission_id=submission,
    )


def _minutes(row: BackDated) -> int | None:
    return row.duration_minutes or (row.plan.duration_minutes if row.plan else None)
