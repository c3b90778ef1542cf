"""Writes to what waits for a later meeting: kept without one, and put on the next agenda."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from krams.history.actions.locking import save_version
from krams.models import Department, Facility, User

from ...models import AgendaItem, LaterPoint, Meeting
from .meetings import NoMeetingPlanned, add_agenda_item, locked_place


@transaction.atomic
def add_later_point(
    *,
    facility: Facility | None = None,
    department: Department | None = None,
    text: str,
    submission_id: uuid.UUID,
    by: User,
) -> LaterPoint:
    """Keep a point for a later meeting; the same ``submission_id`` again returns what it made.

    Raises ``DoesNotExist`` where the person may not write.
    """
    place = locked_place(facility, department, by)
    if sent := LaterPoint.objects.filter(**place, submission_id=submission_id).first():
        if sent.removed_at is None:
            return sent
        sent.removed_at = None
        return save_version(sent, by=by, reason=_("Brought back"))
    return save_version(LaterPoint(**place, text=text, submission_id=submission_id), by=by)


@transaction.atomic
def put_on_next(*, point: LaterPoint, now: dt.datetime, by: User) -> AgendaItem:
    """Put the point on the agenda of the place's next open meeting; twice makes one item.

    Raises ``DoesNotExist`` (not allowed, or removed meanwhile) and ``NoMeetingPlanned``.
    """
    current = _locked(point, by)
    if current.item:
        return current.item
    if current.removed_at:
        raise LaterPoint.DoesNotExist
    mine = Meeting.objects.editable_by(by).of_place(
        facility=current.facility_id, department=current.department_id
    )
    meeting = mine.still_to_come(now).select_for_update(of=("self",)).first()
    if meeting is None:
        raise NoMeetingPlanned
    current.item = add_agenda_item(
        meeting=meeting, text=current.text, submission_id=uuid.uuid4(), by=by
    )
    save_version(current, by=by, reason=_("Put on an agenda"))
    return current.item


@transaction.atomic
def remove_later_point(*, point: LaterPoint, by: User) -> LaterPoint:
    """Take a point off the list; twice changes nothing. Raises ``DoesNotExist``."""
    current = _locked(point, by)
    if current.removed_at:
        return current
    current.removed_at = timezone.now()
    return save_version(current, by=by, reason=_("Removed"))


def _locked(point: LaterPoint, by: User) -> LaterPoint:
    mine = LaterPoint.objects.editable_by(by).select_for_update(of=("self",))
    return mine.get(pk=point.pk)
