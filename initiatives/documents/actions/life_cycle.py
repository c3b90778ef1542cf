"""An initiative's life: begun, in force, on pause, ended, and taken over somewhere else.

Its status is always a person's decision. Every change counts the version up and stands in the
journal, so that it is part of the differences between two versions.
"""

import datetime as dt
import uuid

from django.db import transaction

from krams.history.actions.locking import StaleVersion, lock, save_version
from krams.models import Department, Facility, User

from ...enums import Factor, InitiativeStatus
from ...models import EconomyLine, FactorText, Indicator, Initiative, SuccessCriterion
from ..queries import versions
from ..queries.document import Document

# What may follow what. Who ended one too early takes it up again.
NEXT = {
    InitiativeStatus.DRAFT: (InitiativeStatus.ACTIVE, InitiativeStatus.ENDED),
    InitiativeStatus.ACTIVE: (InitiativeStatus.PAUSED, InitiativeStatus.ENDED),
    InitiativeStatus.PAUSED: (InitiativeStatus.ACTIVE, InitiativeStatus.ENDED),
    InitiativeStatus.ENDED: (InitiativeStatus.ACTIVE,),
}
_COPIED = ("introduction", "purpose", "target_group", "actors", "timeline", "economy")
_COPIED += ("criteria_note", "follow_up")


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
    if sent := _sent(department, facility, submission_id, by):
        return sent
    initiative = Initiative(
        department=department, facility=facility, title=title, submission_id=submission_id
    )
    save_version(initiative, by=by)
    if facility:
        initiative.facilities.add(facility)
    return initiative


@transaction.atomic
def copy_initiative(
    *,
    source: Initiative,
    department: Department,
    facility: Facility | None,
    title: str,
    submission_id: uuid.UUID,
    by: User,
) -> Initiative:
    """Take over an initiative's texts as a draft of one's own.

    Copied are the common texts, the criteria and indicators without any facility's figures, and
    the economy lines without amounts and facilities. Policy and goals come along inside the same
    municipality. Dates, facilities, local texts, assessments and attention points do not.

    Raises ``DoesNotExist`` if ``by`` may not see ``source`` or begin one there, and
    ``SentElsewhere``.
    """
    source = Initiative.objects.visible_to(by).select_related("department").get(pk=source.pk)
    if sent := _sent(department, facility, submission_id, by):
        return sent
    copy = Initiative(
        department=department,
        facility=facility,
        title=title,
        submission_id=submission_id,
        copied_from=source,
        **{name: getattr(source, name) for name in _COPIED},
    )
    same_municipality = department.municipality_id == source.department.municipality_id
    if same_municipality:
        copy.policy_id = source.policy_id
    save_version(copy, by=by)
    if same_municipality:
        copy.goals.set(source.goals.all())
    if facility:
        copy.facilities.add(facility)
    _copy_rows(source, copy, by)
    return copy


def _sent(
    department: Department, facility: Facility | None, submission_id, by
) -> Initiative | None:
    """What this very form made before, once it is certain that ``by`` may begin one here."""
    if facility:
        Facility.objects.managed_by(by).filter(department=department).get(pk=facility.pk)
    else:
        Department.objects.managed_by(by).get(pk=department.pk)
    sent = Initiative.objects.filter(submission_id=submission_id).first()
    if sent and (sent.department_id, sent.facility_id) != (department.pk, facility and facility.pk):
        raise SentElsewhere
    return sent


def _copy_rows(source: Initiative, copy: Initiative, by: User) -> None:
    for text in source.factor_texts.filter(facility=None).exclude(text=""):
        save_version(FactorText(initiative=copy, factor=text.factor, text=text.text), by=by)
    for line in source.economy_lines.all():
        save_version(EconomyLine(initiative=copy, position=line.position, what=line.what), by=by)
    criteria = source.criteria.filter(retired=False).prefetch_related("indicators")
    for number, criterion in enumerate(criteria, start=1):
        mine = SuccessCriterion(initiative=copy, number=number)
        for name in ("title", "short_title", "description", "factors"):
            setattr(mine, name, getattr(criterion, name))
        save_version(mine, by=by)
        for indicator in criterion.indicators.all():
            if not indicator.retired:
                save_version(_copied(indicator, mine), by=by)


def _copied(indicator: Indicator, criterion: SuccessCriterion) -> Indicator:
    names = ("position", "name", "kind", "direction", "unit", "frequency", "source")
    names += ("log_measure", "log_factor", "starts_on", "minimum", "maximum")
    values = {name: getattr(indicator, name) for name in names}
    return Indicator(criterion=criterion, **values)


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
    current, stale = _locked(initiative, versions.STATUS, version, by)
    wanted = (status, reason, until)
    if (current.status, current.status_reason, current.paused_until) == wanted:
        return current
    if stale:
        raise StaleVersion(current)
    if status != current.status and status not in NEXT[InitiativeStatus(current.status)]:
        raise NotPossible
    before = versions.status_text(current)
    current.status, current.status_reason, current.paused_until = wanted
    after = versions.status_text(current)
    return _saved(current, versions.STATUS, before, after, by)


@transaction.atomic
def choose_facilities(
    *, initiative: Initiative, version: int, chosen: list[Facility], by: User
) -> Initiative:
    """Say which facilities take part. What one has registered and measured stays its own.

    Raises ``DoesNotExist`` and ``StaleVersion``.
    """
    current, stale = _locked(initiative, versions.FACILITIES, version, by)
    if {place.pk for place in current.facilities.all()} == {place.pk for place in chosen}:
        return current
    if stale:
        raise StaleVersion(current)
    before = versions.facilities_text(current)
    current.facilities.set(chosen)
    after = versions.facilities_text(current)
    return _saved(current, versions.FACILITIES, before, after, by)


@transaction.atomic
def save_local_text(
    *,
    initiative: Initiative,
    facility: Facility,
    factor: Factor,
    version: int,
    text: str,
    by: User,
) -> FactorText:
    """Write what a facility itself does for a factor; ``version`` is the text's (0: none yet).

    Raises ``DoesNotExist`` if ``by`` does not manage a facility that takes part, and
    ``StaleVersion``.
    """
    visible = Initiative.objects.visible_to(by).select_for_update(of=("self",))
    current = visible.get(pk=initiative.pk)
    place = Facility.objects.managed_by(by).filter(initiatives=current).get(pk=facility.pk)
    row = current.factor_texts.filter(facility=place, factor=factor).first()
    standing = row.version if row else 0
    row = row or FactorText(initiative=current, facility=place, factor=factor)
    if row.text == text:
        return row
    if standing != version:
        raise StaleVersion(row)
    current = Initiative.objects.select_related("department", "policy").get(pk=current.pk)
    before = versions.local_text(Document.of(current))
    row.text = text
    save_version(row, by=by)
    after = versions.local_text(Document.of(current))
    _saved(current, versions.LOCAL, before, after, by)
    return row


def _locked(initiative: Initiative, slug: str, version: int, by: User) -> tuple[Initiative, bool]:
    """The initiative under its lock, and whether this part of it was changed since ``version``."""
    try:
        return lock(Initiative.objects.editable_by(by), version=version, pk=initiative.pk), False
    except StaleVersion as stale:
        current = stale.current
        since = current.changes.filter(section=slug, version__gt=version).exists()
        return current, version > current.version or since


def _saved(initiative: Initiative, slug: str, before: str, after: str, by: User) -> Initiative:
    save_version(initiative, by=by)
    versions.note(initiative, slug, before=before, after=after, reason="", by=by)
    return initiative
