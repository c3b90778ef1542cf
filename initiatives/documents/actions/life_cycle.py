"""Writes to an initiative's life: begun, in force, on pause, ended.

Its status is always a person's decision. Every change counts the version up and stands in the
journal, so that it is part of the differences between two versions.
"""

import datetime as dt
import uuid

from django.db import transaction

from krams.history.actions.locking import StaleVersion, save_version
from krams.models import Department, Facility, User

from ...enums import InitiativeStatus
from ...models import Initiative
from .. import journal
from .journal import locked_part, saved_part

# What may follow what. Who ended one too early takes it up again.
NEXT = {
    InitiativeStatus.DRAFT: (InitiativeStatus.ACTIVE, InitiativeStatus.ENDED),
    InitiativeStatus.ACTIVE: (InitiativeStatus.PAUSED, InitiativeStatus.ENDED),
    InitiativeStatus.PAUSED: (InitiativeStatus.ACTIVE, InitiativeStatus.ENDED),
    InitiativeStatus.ENDED: (InitiativeStatus.ACTIVE,),
}


class NotPossible(Exception):
    """The status has become one that this cannot follow."""


class SentElsewhere(Exception):
    """The form's id has already made something else."""


@transaction.atomic
def create_initiative(
    *,
    department: Department,
    facility: Facility | None,
    title: str,
    submission_id: uuid.UUID,
    by: User,
) -> Initiative:
    """Begin a draft; the same form sent twice begins one. A facility's own takes part itself.

    Raises ``DoesNotExist`` if ``by`` manages neither, and ``SentElsewhere``.
    """
    if sent := sent_before(department, facility, submission_id, by):
        return sent
    initiative = Initiative(
        department=department, facility=facility, title=title, submission_id=submission_id
    )
    save_version(initiative, by=by)
    if facility:
        initiative.facilities.add(facility)
    return initiative


def sent_before(
    department: Department, facility: Facility | None, submission_id: uuid.UUID, by: User
) -> Initiative | None:
    """What this very form made before, once it is certain that ``by`` may begin one here.

    The place is locked: the same form may be on its way twice at once.
    """
    if facility:
        places = Facility.objects.managed_by(by).filter(department=department)
        places.select_for_update(of=("self",), no_key=True).get(pk=facility.pk)
    else:
        departments = Department.objects.managed_by(by)
        departments.select_for_update(of=("self",), no_key=True).get(pk=department.pk)
    sent = Initiative.objects.filter(submission_id=submission_id).first()
    if sent and (sent.department_id, sent.facility_id) != (department.pk, facility and facility.pk):
        raise SentElsewhere
    return sent


@transaction.atomic
def change_status(
    *,
    initiative: Initiative,
    version: int,
    status: InitiativeStatus,
    reason: str,
    until: dt.date | None,
    by: User,
) -> Initiative:
    """Decide the status. The same decision sent twice is one.

    Raises ``DoesNotExist``, ``StaleVersion`` if somebody decided since, and ``NotPossible``.
    """
    current, stale = locked_part(initiative, journal.STATUS, version, by)
    wanted = (status, reason, until)
    if (current.status, current.status_reason, current.paused_until) == wanted:
        return current
    if stale:
        raise StaleVersion(current)
    if status != current.status and status not in NEXT[InitiativeStatus(current.status)]:
        raise NotPossible
    before = journal.status_text(current)
    current.status, current.status_reason, current.paused_until = wanted
    after = journal.status_text(current)
    return saved_part(current, journal.STATUS, before, after, by)
