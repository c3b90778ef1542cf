"""Taking in what was accepted of a draft: one transaction, by the writes of the cell editor."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from krams.history.actions.locking import save_version
from krams.models import ClusterMembership, User

from ...matrix.actions.save_cell import CellSave
from ...matrix.answer import Answer
from ...models import AuthorityNote, ImportDraft
from ..comparison import Unit
from ..models import DraftState
from ..queries import OpenDraft, open_draft
from .drafts import Overtaken, lock_draft, read_locked


class NothingAccepted(Exception):
    """No cell and no note of the draft has been accepted."""


@transaction.atomic
def apply_draft(*, draft: ImportDraft, by: User) -> ImportDraft:
    """Write all accepted cells and notes; a draft that is taken in already stays as it is.

    Columns are locked first, in order, so that what is compared is what is written upon. Raises
    :class:`Overtaken` with all cells that somebody changed since they were accepted,
    :class:`NothingAccepted`, ``Closed``, ``PermissionDenied``, ``ExpiredEffort`` and
    ``ValidationError``; nothing is written then.
    """
    draft = lock_draft(draft, by, DraftState.OPEN, DraftState.APPLIED)
    if draft.state == DraftState.APPLIED:
        return draft
    lock_columns(draft)
    opened = read_locked(draft, by)
    if overtaken := [unit for unit in opened.preview.units if unit.is_overtaken]:
        raise Overtaken(overtaken)
    if not opened.preview.accepted:
        raise NothingAccepted
    now = timezone.now()
    reason = _("Taken in from %(file)s") % {"file": draft}
    created = _write_notes(opened, by, now, reason)
    _write_cells(open_draft(draft, opened.sheet, created=created), by, now, reason)
    draft.state, draft.applied_at, draft.applied_by = DraftState.APPLIED, now, by
    draft.save(update_fields=["state", "applied_at", "applied_by"])
    return draft


def lock_columns(draft: ImportDraft) -> None:
    """Wait for everybody who writes in the cluster: every save of a cell locks its column first."""
    columns = ClusterMembership.objects.filter(cluster=draft.cluster_id)
    list(columns.select_for_update(of=("self",)).order_by("pk"))


def _write_notes(opened: OpenDraft, by: User, now: dt.datetime, reason: str) -> dict[str, int]:
    """The keys of the notes that were accepted, by the labels that efforts point to them with."""
    found: dict[str, int] = {}
    for unit in opened.preview.accepted:
        if unit.note is None:
            continue
        note = _note_of(opened, unit)
        note.heading, note.text = unit.note.heading, unit.note.text
        note.division, note.link = unit.note.division, unit.note.link or note.link
        try:
            note.clean_fields()
        except ValidationError as error:
            raise ValidationError(f"{unit.title}: {' '.join(error.messages)}") from error
        note._history_date = now
        save_version(note, by=by, reason=reason)
        if unit.note.label:
            found[unit.note.label] = note.pk
    return found


def _note_of(opened: OpenDraft, unit: Unit) -> AuthorityNote:
    mine = AuthorityNote.objects.filter(
        cluster=opened.sheet.cluster, authority=unit.column.authority.pk
    )
    if unit.stored_note:
        return mine.get(pk=unit.stored_note.pk)
    last = mine.order_by("-position").first()
    return AuthorityNote(
        cluster=opened.sheet.cluster,
        authority_id=unit.column.authority.pk,
        position=last.position + 1 if last else 1,
    )


def _write_cells(opened: OpenDraft, by: User, now: dt.datetime, reason: str) -> None:
    columns = {column.authority_id: column for column in opened.sheet.columns}
    saves: dict[int, CellSave] = {}
    for unit in opened.preview.accepted:
        if not unit.cells:
            continue
        key = unit.column.authority.pk
        if key not in saves:
            saves[key] = CellSave(columns[key], by, now=now, reason=reason)
        answer = Answer(unit.state, unit.state_from, efforts=tuple(unit.efforts))
        proposals = {cell.proposal.pk for cell in unit.cells}
        saves[key].write(answer, proposals, because=unit.cells[0].proposal)
