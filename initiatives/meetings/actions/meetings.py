"""Writes to meetings, their agenda and their decisions.

Whoever may register at a facility may write at its meetings; a department's meetings are written
by its managers. That is asked in the query that locks the row. The meeting is locked while
something is added to it, so that the same form sent twice stores one row.
"""

import datetime as dt
import uuid
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from krams.history.actions.locking import lock, save_changes, save_version
from krams.models import Department, Facility, User

from ...models import AgendaItem, Decision, Meeting, PlannedActivity
from ..rhythm import kept_rhythm, next_day

# Rows that can be removed and brought back.
P = TypeVar("P", bound=Meeting | AgendaItem | Decision)


class MeetingHasDecisions(Exception):
    """A meeting where something was decided was held, so it cannot be cancelled."""


class NoMeetingPlanned(Exception):
    """The facility has no coming meeting to put anything on."""


@transaction.atomic
def create_meeting(
    *,
    facility: Facility | None = None,
    department: Department | None = None,
    values: dict[str, Any],
    submission_id: uuid.UUID,
    by: User,
) -> Meeting:
    """Plan a meeting of the facility or the department; ``values`` are field names to values.

    The same ``submission_id`` again returns the meeting it made. Raises ``DoesNotExist`` where the
    person may not write.
    """
    place = locked_place(facility, department, by)
    if sent := Meeting.objects.filter(**place, submission_id=submission_id).first():
        return _restore(sent, by)
    return save_version(Meeting(**place, **values, submission_id=submission_id), by=by)


def locked_place(
    facility: Facility | None, department: Department | None, by: User
) -> dict[str, Any]:
    """The place by the name of its field, locked. Raises ``DoesNotExist`` (not allowed)."""
    if facility:
        mine = Facility.objects.loggable_by(by)
        return {"facility": mine.select_for_update(of=("self",)).get(pk=facility.pk)}
    assert department is not None, "a meeting is of one or the other"
    managed = Department.objects.managed_by(by)
    return {"department": managed.select_for_update(of=("self",)).get(pk=department.pk)}


@transaction.atomic
def edit_meeting(*, meeting: Meeting, version: int, values: dict[str, Any], by: User) -> Meeting:
    """Save ``values`` (field names to values); other fields may have been saved since.

    Where these are minutes of a meeting that repeats, the next one is planned. Raises
    ``DoesNotExist`` (not allowed) and ``StaleVersion``.
    """
    allowed = Meeting.objects.editable_by(by)
    saved = _edit(allowed, meeting.pk, version, values, by)
    # Once: who cancelled the next one does not want it back for a word that is corrected.
    if values.get("minutes") and saved.repeats and not meeting.minutes:
        plan_next(meeting=saved, by=by)
    return saved


@transaction.atomic
def plan_next(*, meeting: Meeting, by: User) -> Meeting:
    """The next meeting of a rhythm: the one that stands already, else a new one like it.

    Raises ``DoesNotExist`` (not allowed) and ``ValueError`` for one that does not repeat.
    """
    current = _locked_meeting(meeting.pk, by)
    locked_place(current.facility, current.department, by)
    same = Meeting.objects.standing().of_place(
        facility=current.facility_id, department=current.department_id
    )
    later = same.filter(kind=current.kind, held_on__gt=current.held_on)
    if known := later.order_by("held_on", "pk").first():
        return known
    kept = ("kind", "facility", "department", "starts_at", "place")
    following = Meeting(
        held_on=next_day(current.held_on, current.repeats, timezone.localdate()),
        repeats=kept_rhythm(current.held_on, current.repeats),
        **{name: getattr(current, name) for name in kept},
    )
    return save_version(following, by=by, reason=_("The next of its rhythm"))


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, by: User) -> Meeting:
    """Take a meeting off the list; it can be restored. Twice changes nothing.

    Raises ``DoesNotExist`` (not allowed) and ``MeetingHasDecisions``.
    """
    current = _locked_meeting(meeting.pk, by)
    if current.removed_at:
        return current
    if current.decisions.standing().exists():
        raise MeetingHasDecisions
    return _remove(current, by)


@transaction.atomic
def restore_meeting(*, meeting: Meeting, by: User) -> Meeting:
    """Undo a cancellation. Raises ``DoesNotExist`` (not allowed)."""
    return _restore(_locked_meeting(meeting.pk, by), by)


@transaction.atomic
def put_on_next_agenda(*, plan: PlannedActivity, now: dt.datetime, by: User) -> AgendaItem:
    """Put an activity on the agenda of its facility's next open meeting; twice makes one item.

    Raises ``NoMeetingPlanned``, also where the person may not write there.
    """
    mine = Meeting.objects.editable_by(by).of_place(facility=plan.facility_id)
    meeting = mine.still_to_come(now).select_for_update(of=("self",)).first()
    if meeting is None:
        raise NoMeetingPlanned
    return _item_of_plan(meeting, plan, by)


@transaction.atomic
def put_on_agenda(*, meeting: Meeting, plan: PlannedActivity, by: User) -> AgendaItem:
    """Put an activity on the agenda of this meeting; twice makes one item.

    Raises ``DoesNotExist`` (not allowed, or an activity of another place).
    """
    meeting = _locked_meeting(meeting.pk, by)
    return _item_of_plan(meeting, _plan_of(meeting, plan.pk), by)


def _item_of_plan(meeting: Meeting, plan: PlannedActivity, by: User) -> AgendaItem:
    item = meeting.agenda_items.filter(planned_activity=plan).first()
    if item and item.handled_on:
        item.handled_on = item.removed_at = None
        return save_version(item, by=by)
    if item:
        return _restore(item, by)
    item = AgendaItem(meeting=meeting, planned_activity=plan, position=meeting.agenda_items.count())
    return save_version(item, by=by)


@transaction.atomic
def add_agenda_item(
    *, meeting: Meeting, text: str, submission_id: uuid.UUID, by: User
) -> AgendaItem:
    """Put a text on the agenda; the same ``submission_id`` again returns the item it made.

    Raises ``DoesNotExist`` (not allowed).
    """
    meeting = _locked_meeting(meeting.pk, by)
    if sent := meeting.agenda_items.filter(submission_id=submission_id).first():
        return _restore(sent, by)
    item = AgendaItem(
        meeting=meeting,
        text=text,
        position=meeting.agenda_items.count(),
        submission_id=submission_id,
    )
    return save_version(item, by=by)


@transaction.atomic
def edit_agenda_item(
    *, item: AgendaItem, version: int, values: dict[str, Any], by: User
) -> AgendaItem:
    """Raises ``DoesNotExist`` (not allowed) and ``StaleVersion``."""
    return _edit(AgendaItem.objects.editable_by(by), item.pk, version, values, by)


@transaction.atomic
def handle_agenda_item(*, item: AgendaItem, day: dt.date | None, by: User) -> AgendaItem:
    """Say that an item was dealt with on ``day``, or (None) that it was not; twice is once.

    What was not comes up again at the next meeting. Raises ``DoesNotExist`` (not allowed).
    """
    current = _locked(AgendaItem.objects.editable_by(by), item.pk)
    if bool(current.handled_on) == bool(day):
        return current
    current.handled_on = day
    return save_version(current, by=by)


@transaction.atomic
def add_decision(
    *,
    meeting: Meeting,
    values: dict[str, Any],
    plan_id: int | None,
    submission_id: uuid.UUID,
    by: User,
) -> Decision:
    """Write down what was agreed; the same ``submission_id`` again returns the row it made.

    Raises ``DoesNotExist`` (not allowed, or an activity of another place).
    """
    meeting = _locked_meeting(meeting.pk, by)
    if sent := meeting.decisions.filter(submission_id=submission_id).first():
        return _restore(sent, by)
    plan = _plan_of(meeting, plan_id) if plan_id else None
    decision = Decision(
        meeting=meeting, planned_activity=plan, submission_id=submission_id, **values
    )
    return save_version(decision, by=by)


@transaction.atomic
def edit_decision(
    *, decision: Decision, version: int, values: dict[str, Any], plan_id: int | None, by: User
) -> Decision:
    """Raises ``DoesNotExist`` (not allowed, or an activity of another place), ``StaleVersion``."""
    plan = _plan_of(decision.meeting, plan_id) if plan_id else None
    allowed = Decision.objects.editable_by(by)
    return _edit(allowed, decision.pk, version, {**values, "planned_activity": plan}, by)


@transaction.atomic
def close_decision(
    *,
    decision: Decision,
    version: int,
    note: str,
    closed_on: dt.date,
    by: User,
    dropped: bool = False,
) -> Decision:
    """Close an open point with what came of it, or ``dropped`` with why; it leaves the agendas.

    Raises ``DoesNotExist`` (not allowed) and ``StaleVersion``, also where it was carried over.
    """
    values = {"closed_on": closed_on, "closing_note": note, "dropped": dropped}
    allowed = Decision.objects.editable_by(by)
    return _edit(allowed, decision.pk, version, values, by, seen=("due_on",))


@transaction.atomic
def carry_over_decision(
    *, decision: Decision, version: int, due_on: dt.date, note: str, by: User
) -> Decision:
    """Keep a point open with a new date; ``note`` says how far it has come.

    Raises ``DoesNotExist`` (not allowed) and ``StaleVersion``.
    """
    values = {"due_on": due_on, "closed_on": None, "closing_note": note, "dropped": False}
    return _edit(Decision.objects.editable_by(by), decision.pk, version, values, by)


@transaction.atomic
def reopen_decision(*, decision: Decision, by: User) -> Decision:
    """Undo closing; what was noted stays. Twice changes nothing. Raises ``DoesNotExist``."""
    current = _locked(Decision.objects.editable_by(by), decision.pk)
    if current.closed_on is None:
        return current
    current.closed_on, current.dropped = None, False
    return save_version(current, by=by)


@transaction.atomic
def remove_point(*, point: AgendaItem | Decision, by: User) -> AgendaItem | Decision:
    """Remove an agenda item or a decision; it can be restored. Raises ``DoesNotExist``."""
    current = _locked_point(point, by)
    return current if current.removed_at else _remove(current, by)


@transaction.atomic
def restore_point(*, point: AgendaItem | Decision, by: User) -> AgendaItem | Decision:
    """Undo a removal. Raises ``DoesNotExist`` (not allowed)."""
    return _restore(_locked_point(point, by), by)


def _locked_meeting(pk: int, by: User) -> Meeting:
    return _locked(Meeting.objects.editable_by(by), pk)


def _locked_point(point: AgendaItem | Decision, by: User) -> AgendaItem | Decision:
    if isinstance(point, AgendaItem):
        return _locked(AgendaItem.objects.editable_by(by), point.pk)
    return _locked(Decision.objects.editable_by(by), point.pk)


def _locked(allowed: QuerySet[P], pk: int) -> P:
    return allowed.select_for_update(of=("self",)).get(pk=pk)


def _plan_of(meeting: Meeting, plan_id: int) -> PlannedActivity:
    """An activity of the meeting's facility, or of a facility of its department."""
    here = {"facility": meeting.facility_id}
    if meeting.department_id:
        here = {"facility__department": meeting.department_id}
    return PlannedActivity.objects.filter(**here).get(pk=plan_id)


def _edit(
    allowed: QuerySet[P],
    pk: int,
    version: int,
    values: dict[str, Any],
    by: User,
    seen: tuple[str, ...] = (),
) -> P:
    """``seen`` are further fields that must stand as they did when the person decided."""
    current = lock(allowed, version=version, fields=(*values, *seen), pk=pk)
    for name, value in values.items():
        setattr(current, name, value)
    return save_changes(current, by=by)


def _remove(current: P, by: User) -> P:
    current.removed_at = timezone.now()
    return save_version(current, by=by, reason=_("Removed"))


def _restore(current: P, by: User) -> P:
    if current.removed_at is None:
        return current
    current.removed_at = None
    return save_version(current, by=by, reason=_("Brought back"))
