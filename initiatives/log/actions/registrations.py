"""Writes to the activity log. Views, the week grid, imports and commands all go through here.

Whoever may register at a facility may also correct its log; that is asked in the query that locks
the facility or the row. The facility is locked while something is registered there, so of two
people who press the button at the same moment one is told what the other has registered.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from krams.history.actions.locking import lock, save_changes, save_version
from krams.models import Facility, User
from krams.web.submissions import of_the_same_form

from ...enums import ActivitySource, Outcome
from ...models import Activity, PlannedActivity
from ...plans.activity_types import Kind


class AlreadyRegistered(Exception):
    """``activity`` stands already: of the plan on that day, or of the same form sent before."""

    def __init__(self, activity: Activity) -> None:
        super().__init__(f"registered as {activity.pk}")
        self.activity = activity


@dataclass(frozen=True, slots=True)
class Entry:
    """What is said of a planned activity on a day; without a number it was cancelled."""

    plan_id: int
    held_on: dt.date
    submission_id: uuid.UUID
    participant_count: int | None = None
    cancellation_reason: str = ""
    cancellation_text: str = ""


@transaction.atomic
def register_planned(
    *,
    facility: Facility,
    plan_id: int,
    held_on: dt.date,
    outcome: Outcome,
    participant_count: int | None = None,
    cancellation_reason: str = "",
    cancellation_text: str = "",
    submission_id: uuid.UUID,
    by: User,
) -> Activity:
    """Register a planned activity as held or cancelled; the rest is taken from the plan.

    The same ``submission_id`` again returns the row it made. Raises ``DoesNotExist`` of Facility
    (not allowed) or PlannedActivity (of another facility), and ``AlreadyRegistered`` where the
    plan has fixed weekdays and that day is registered, or the form registered something else.
    """
    facility = locked_facility(facility, by)
    plan = facility.planned_activities.select_related("activity_type").get(pk=plan_id)
    if sent := _sent_before(facility, submission_id, by):
        return sent
    if plan.weekdays:
        there = (
            plan.activities.standing().filter(held_on=held_on).select_related("registered_by")
        ).first()
        if there:
            raise AlreadyRegistered(there)
    entry = Entry(
        plan_id, held_on, submission_id, participant_count, cancellation_reason, cancellation_text
    )
    return save_version(_of_plan(plan, facility, entry, outcome, by), by=by)


@transaction.atomic
def register_free_days(
    *, facility: Facility, entries: list[Entry], by: User
) -> dict[uuid.UUID, Activity]:
    """Register many planned activities at once, on days that the caller has found free.

    The caller holds the facility's lock since it looked, so that nobody can have come between. A
    ``submission_id`` that made a row before gives that row, removed or not. The number of queries
    does not grow with the entries, but for batches. Raises ``DoesNotExist`` of Facility (not
    allowed) or PlannedActivity (of another facility).
    """
    facility = locked_facility(facility, by)
    ids = [entry.submission_id for entry in entries]
    sent = facility.activities.filter(submission_id__in=ids)
    found = {row.submission_id: row for row in sent if row.submission_id}
    plans = facility.planned_activities.select_related("activity_type").in_bulk(
        {entry.plan_id for entry in entries}
    )
    made = []
    for entry in entries:
        if entry.plan_id not in plans:
            raise PlannedActivity.DoesNotExist
        if entry.submission_id not in found:
            held = entry.participant_count is not None
            outcome = Outcome.HELD if held else Outcome.CANCELLED
            made.append(_of_plan(plans[entry.plan_id], facility, entry, outcome, by))
    bulk_create_with_history(made, Activity, default_user=by)
    return found | {row.submission_id: row for row in made if row.submission_id}


def _of_plan(
    plan: PlannedActivity, facility: Facility, entry: Entry, outcome: Outcome, by: User
) -> Activity:
    held = outcome == Outcome.HELD
    return Activity(
        facility=facility,
        activity_type=plan.activity_type,
        planned_activity=plan,
        initiative_id=plan.initiative_id,
        title=str(plan),
        factors=plan.factors,
        held_on=entry.held_on,
        started_at=plan.start_time,
        outcome=outcome,
        participant_count=entry.participant_count if held else None,
        duration_minutes=plan.duration_minutes if held else None,
        cancellation_reason="" if held else entry.cancellation_reason,
        cancellation_text="" if held else entry.cancellation_text,
        registered_by=by,
        submission_id=entry.submission_id,
    )


@transaction.atomic
def register_activity(
    *,
    facility: Facility,
    activity_type: Kind,
    held_on: dt.date,
    participant_count: int,
    duration_minutes: int | None = None,
    note: str = "",
    source: ActivitySource = ActivitySource.PORTAL,
    submission_id: uuid.UUID,
    by: User,
) -> Activity:
    """Register something that was held without being planned.

    The same ``submission_id`` again returns the row it made. Raises ``Facility.DoesNotExist``
    where the person may not register, and ``AlreadyRegistered`` where the form registered something
    else: only the person knows whether that was wrong or this is one more.
    """
    facility = locked_facility(facility, by)
    if sent := _sent_before(facility, submission_id, by):
        return sent
    activity = Activity(
        facility=facility,
        activity_type_id=activity_type.pk,
        title=activity_type.name,
        factors=activity_type.factors,
        held_on=held_on,
        outcome=Outcome.HELD,
        participant_count=participant_count,
        duration_minutes=duration_minutes,
        note=note,
        source=source,
        registered_by=by,
        submission_id=submission_id,
    )
    return save_version(activity, by=by)


@transaction.atomic
def correct_activity(
    *, activity: Activity, version: int, values: dict[str, Any], by: User
) -> Activity:
    """Save corrected ``values`` (field names to values) of a registration.

    Another activity type brings its name and factors along, as when registering. What came from a
    plan keeps the plan's type.

    Raises ``DoesNotExist`` (not allowed), ``StaleVersion`` where somebody has saved or removed it
    since, and ``AlreadyRegistered`` where it is moved to a day that its plan has already.
    """
    current = lock(_correctable(activity, by), version=version, pk=activity.pk)
    kind: Kind | None = values.get("activity_type")
    if kind and kind.pk != current.activity_type_id and not current.planned_activity_id:
        current.activity_type_id = kind.pk
        current.title, current.factors = kind.name, kind.factors
    for name, value in values.items():
        if name != "activity_type":
            setattr(current, name, value)
    if current.outcome == Outcome.HELD:
        current.cancellation_reason = current.cancellation_text = ""
    else:
        current.participant_count = current.duration_minutes = None
    _refuse_second_of_the_day(current)
    return save_changes(current, by=by)


@transaction.atomic
def remove_activity(*, activity: Activity, by: User) -> Activity:
    """Take a registration out of the log; it can be restored. Removing it twice changes nothing."""
    current = _correctable(activity, by).select_for_update(of=("self",)).get(pk=activity.pk)
    if current.removed_at:
        return current
    current.removed_at = timezone.now()
    return save_version(current, by=by, reason=_("Removed"))


@transaction.atomic
def restore_activity(*, activity: Activity, by: User) -> Activity:
    """Undo a removal. Raises ``AlreadyRegistered`` where the plan has got another registration."""
    mine = _correctable(activity, by).select_for_update(of=("self",))
    return _bring_back(mine.get(pk=activity.pk), by)


def locked_facility(facility: Facility, by: User) -> Facility:
    """Raises ``Facility.DoesNotExist`` where the person may not register."""
    mine = Facility.objects.loggable_by(by)
    return mine.select_for_update(of=("self",), no_key=True).get(pk=facility.pk)


def _correctable(activity: Activity, by: User) -> QuerySet[Activity]:
    """The rows that may be corrected, with the facility locked first, as when registering."""
    locked_facility(activity.facility, by)
    return Activity.objects.correctable_by(by)


def _bring_back(activity: Activity, by: User) -> Activity:
    if not activity.removed_at:
        return activity
    activity.removed_at = None
    _refuse_second_of_the_day(activity)
    return save_version(activity, by=by, reason=_("Brought back"))


def _sent_before(facility: Facility, submission_id: uuid.UUID, by: User) -> Activity | None:
    """What these very words made, again in the log; raises ``AlreadyRegistered`` for other words.

    Where the answer was lost, a corrected number would otherwise count beside the first one.
    """
    same_form = facility.activities.filter(submission_id__range=of_the_same_form(submission_id))
    rows = same_form.select_related("registered_by")
    for sent in rows:
        if sent.submission_id == submission_id:
            return _bring_back(sent, by)
    for sent in rows:
        if not sent.removed_at:
            raise AlreadyRegistered(sent)
    return None


def _refuse_second_of_the_day(activity: Activity) -> None:
    plan = activity.planned_activity
    if plan is None or not plan.weekdays:
        return
    same_day = plan.activities.standing().filter(held_on=activity.held_on)
    if other := same_day.exclude(pk=activity.pk).select_related("registered_by").first():
        raise AlreadyRegistered(other)
