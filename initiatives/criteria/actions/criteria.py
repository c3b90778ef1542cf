"""Writes to the criteria of an initiative: add, change, move and retire.

Each changes the document's section about them, so it counts the initiative's version up and stands
in its journal. A retired one keeps its figures.
"""

import uuid
from typing import Any

from django.db import transaction

from krams.history.actions.locking import StaleVersion, lock, save_version
from krams.models import User

from ...documents.actions.journal import saved_part
from ...documents.queries.document import read_document
from ...documents.sections import BY_SLUG, section_text
from ...models import Initiative, SuccessCriterion

SECTION = "succeskriterier"


CRITERION = ("title", "short_title", "factors", "description")


@transaction.atomic
def add_criterion(
    *, initiative: Initiative, values: dict[str, Any], submission_id: uuid.UUID, by: User
) -> SuccessCriterion:
    """Add a criterion as the last one; the same form sent twice adds one.

    Raises ``Initiative.DoesNotExist`` (not allowed).
    """
    current = locked_initiative(initiative, by)
    if sent := current.criteria.filter(submission_id=submission_id).first():
        return sent
    before = _text(current)
    criterion = SuccessCriterion(
        initiative=current, number=_last(current) + 1, submission_id=submission_id, **values
    )
    save_version(criterion, by=by)
    _noted(current, before, by)
    return criterion


@transaction.atomic
def edit_criterion(
    *, criterion: SuccessCriterion, version: int, values: dict[str, Any], by: User
) -> SuccessCriterion:
    """Change its words or factors. Raises ``DoesNotExist`` and ``StaleVersion``."""
    current = locked_initiative(criterion.initiative, by)
    try:
        mine = lock(current.criteria, version=version, fields=CRITERION, pk=criterion.pk)
    except StaleVersion as stale:
        mine = stale.current
        if any(getattr(mine, name) != value for name, value in values.items()):
            raise
    if all(getattr(mine, name) == value for name, value in values.items()):
        return mine
    before = _text(current)
    for name, value in values.items():
        setattr(mine, name, value)
    save_version(mine, by=by)
    _noted(current, before, by)
    return mine


@transaction.atomic
def move_criterion(*, criterion: SuccessCriterion, place: int, by: User) -> None:
    """Give it its place among those that are followed, counted from 1; beyond the end is last.

    Raises ``DoesNotExist``.
    """
    current = locked_initiative(criterion.initiative, by)
    order = list(current.criteria.filter(retired=False))
    moved = next((one for one in order if one.pk == criterion.pk), None)
    if moved is None:
        raise SuccessCriterion.DoesNotExist
    before, numbers = _text(current), {one.pk: one.number for one in order}
    order.remove(moved)
    order.insert(max(place - 1, 0), moved)
    changed = [one for number, one in enumerate(order, 1) if numbers[one.pk] != number]
    # Out of the way first: no two may have one number, not even for a moment.
    free = max(numbers.values()) + 1
    for number, one in enumerate(changed, start=free):
        SuccessCriterion.objects.filter(pk=one.pk).update(number=number)
    for number, one in enumerate(order, start=1):
        if numbers[one.pk] != number:
            one.number = number
            save_version(one, by=by)
    if changed:
        _noted(current, before, by)


@transaction.atomic
def retire_criterion(*, criterion: SuccessCriterion, retired: bool, by: User) -> SuccessCriterion:
    """Follow it no longer, or again as the last one; figures and assessments stay.

    Raises ``DoesNotExist``.
    """
    current = locked_initiative(criterion.initiative, by)
    mine = current.criteria.get(pk=criterion.pk)
    if mine.retired == retired:
        return mine
    before = _text(current)
    if not retired:
        mine.number = _last(current) + 1
    mine.retired = retired
    save_version(mine, by=by)
    _noted(current, before, by)
    return mine


def locked_initiative(initiative: Initiative, by: User) -> Initiative:
    """Writes to the criteria of one initiative wait for each other."""
    mine = Initiative.objects.editable_by(by).select_for_update(of=("self",))
    return mine.get(pk=initiative.pk)


def _last(initiative: Initiative) -> int:
    return max((one.number for one in initiative.criteria.filter(retired=False)), default=0)


def _text(initiative: Initiative) -> str:
    section = BY_SLUG[SECTION]
    return section_text(section, read_document(initiative).values(section))


def _noted(initiative: Initiative, before: str, by: User) -> None:
    saved_part(initiative, SECTION, before, _text(initiative), by)
