"""Keeping a draft, and what people decide about its cells before it is taken in."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from krams.models import Authority, Cluster, User

from ...access import editable_columns, get_sheet
from ...models import ImportDecision, ImportDraft
from ..models import DraftState
from ..queries import OpenDraft, open_draft
from ..reading import Reading, as_json
from ..units import ACCEPT, Unit


class Closed(Exception):
    """The draft has been taken in, undone or thrown away meanwhile."""


class Overtaken(Exception):
    """What stands in the cells of ``units`` is no longer what the person saw."""

    def __init__(self, units: list[Unit]):
        super().__init__(", ".join(unit.key for unit in units))
        self.units = units


@transaction.atomic
def keep_draft(
    *,
    cluster: Cluster,
    authority: Authority | None,
    reading: Reading,
    file_name: str,
    submission_id: uuid.UUID,
    by: User,
) -> ImportDraft:
    """Keep what was read; the same submission twice keeps it once. Raises ``PermissionDenied``."""
    mine = Cluster.objects.coordinated_by(by).filter(pk=cluster.pk)
    column = editable_columns(by).filter(cluster=cluster, authority=authority)
    if not (column if authority else mine).exists():
        raise PermissionDenied
    draft, is_new = ImportDraft.objects.get_or_create(
        submission_id=submission_id,
        defaults={
            "cluster": cluster,
            "authority": authority,
            "file_name": file_name,
            "reading": as_json(reading),
            "created_by": by,
        },
    )
    if not is_new and draft.cluster_id != cluster.pk:
        raise PermissionDenied
    return draft


def lock_draft(draft: ImportDraft, by: User, *states: DraftState) -> ImportDraft:
    """The draft under its lock. Raises ``PermissionDenied``, and :class:`Closed` where it is in
    none of the ``states``."""
    visible = ImportDraft.objects.visible_to(by).select_for_update(of=("self",))
    locked = visible.filter(pk=draft.pk).first()
    if locked is None:
        raise PermissionDenied
    if locked.state not in states:
        raise Closed
    locked.cluster = draft.cluster
    return locked


def read_locked(draft: ImportDraft, by: User) -> OpenDraft:
    """The draft against the matrix as it stands under whatever locks are held."""
    return open_draft(draft, get_sheet(by, draft.cluster.slug))


@transaction.atomic
def decide(
    *,
    draft: ImportDraft,
    key: str,
    choice: str,
    seen: str,
    by: User,
    edited: Mapping[str, Any] | None = None,
) -> None:
    """Accept a cell or note as read or as ``edited``, or skip it; an empty choice takes that back.

    ``seen`` are the versions that the person saw. Raises :class:`Closed`, :class:`Overtaken`, and
    ``PermissionDenied`` for what cannot be decided.
    """
    draft = lock_draft(draft, by, DraftState.OPEN)
    unit = read_locked(draft, by).preview.by_key.get(key)
    if unit is None or not (unit.may_decide or unit.decision):
        raise PermissionDenied
    if not choice:
        draft.decisions.filter(key=key).delete()
        return
    if choice == ACCEPT:
        if not (unit.column.may_edit and (edited or not unit.is_blocked)):
            raise PermissionDenied
        if unit.seen != seen:
            raise Overtaken([unit])
    kept = edited if edited is not None else (unit.decision.edited if unit.decision else None)
    ImportDecision.objects.update_or_create(
        draft=draft,
        key=key,
        defaults={"choice": choice, "edited": kept, "seen": unit.seen, "decided_by": by},
    )


@transaction.atomic
def accept_sure(*, draft: ImportDraft, by: User) -> int:
    """Accept all that is new and about which there is no doubt; returns how many cells and notes.

    Raises :class:`Closed` and ``PermissionDenied``.
    """
    draft = lock_draft(draft, by, DraftState.OPEN)
    sure = read_locked(draft, by).preview.sure
    ImportDecision.objects.bulk_create(
        ImportDecision(draft=draft, key=unit.key, choice=ACCEPT, seen=unit.seen, decided_by=by)
        for unit in sure
    )
    return len(sure)


@transaction.atomic
def place(
    *, draft: ImportDraft, columns: Mapping[int, int], rows: Mapping[int, int], by: User
) -> None:
    """Keep to whom columns belong that could not be told, and rows to which proposals.

    What was decided about their cells is open again. Raises :class:`Closed` and
    ``PermissionDenied``.
    """
    draft = lock_draft(draft, by, DraftState.OPEN)
    moved = {
        answer.key
        for answer in read_locked(draft, by).reading.answers
        if draft.placed_columns.get(str(answer.column)) != columns.get(answer.column)
        or draft.placed_rows.get(str(answer.row)) != rows.get(answer.row)
    }
    draft.decisions.filter(key__in=moved).delete()
    draft.placed_columns = {str(number): key for number, key in columns.items()}
    draft.placed_rows = {str(number): key for number, key in rows.items()}
    draft.save(update_fields=["placed_columns", "placed_rows"])


@transaction.atomic
def drop_draft(*, draft: ImportDraft, by: User) -> None:
    """Throw a draft away that was not taken in; one that is thrown away stays so.

    Raises :class:`Closed` and ``PermissionDenied``.
    """
    draft = lock_draft(draft, by, DraftState.OPEN, DraftState.DROPPED)
    if draft.state == DraftState.OPEN:
        draft.state, draft.closed_at, draft.closed_by = DraftState.DROPPED, timezone.now(), by
        draft.save(update_fields=["state", "closed_at", "closed_by"])
