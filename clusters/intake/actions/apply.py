"""Taking in what was accepted of a draft: one transaction, by the writes of the cell editor."""

import datetime as dt
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from krams.history.actions.locking import save_version
from krams.models import ClusterMembership, User

from ...matrix.actions.save_cell import CellSave
from ...matrix.answer import Answer, EffortInput
from ...models import AuthorityNote, ImportDraft
from ..models import DraftState
from ..queries import OpenDraft, open_draft
from ..units import Unit
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
    writing: dict[int, _Column] = {}
    for unit in opened.preview.accepted:
        if unit.cells:
            key = unit.column.authority.pk
            if key not in writing:
                writing[key] = _Column(CellSave(columns[key], by, now=now, reason=reason))
            writing[key].write(unit)


class _Column:
    """Writes the cells of a column one after the other: each upon what the last one left.

    New efforts in the same words are one effort, whichever cells they stand in.
    """

    def __init__(self, save: CellSave):
        self.save = save
        self.made: dict[tuple[object, ...], int] = {}

    def write(self, unit: Unit) -> None:
        here = frozenset(cell.proposal.pk for cell in unit.cells)
        efforts = tuple(self._now(one, here) for one in unit.efforts)
        answer = Answer(unit.state, unit.state_from, efforts=efforts)
        known = set(self.save.efforts)
        self.save.write(answer, set(here), because=unit.cells[0].proposal)
        made = [key for key in self.save.efforts if key not in known]
        new = [one for one in efforts if one.effort_id is None]
        self.made |= {_words(one): key for one, key in zip(new, made, strict=True)}

    def _now(self, wanted: EffortInput, here: frozenset[int]) -> EffortInput:
        """The effort here as it is wanted, and elsewhere as it stands by now."""
        key = wanted.effort_id or self.made.get(_words(wanted))
        if key is None:
            return wanted
        effort = self.save.efforts[key]
        stands = frozenset() if effort.removed_at else frozenset(self.save.places[key])
        mine = frozenset() if wanted.removed else wanted.proposals & here
        served = (stands - here) | mine
        return replace(wanted, effort_id=key, proposals=served, removed=not served)


def _words(effort: EffortInput) -> tuple[object, ...]:
    """What it says, wherever it stands."""
    return replace(effort, proposals=frozenset()).content
