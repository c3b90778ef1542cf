"""Undoing an import as a whole: what it wrote is put back to what it was, from the history.

Cells that somebody has changed since stay as they are, and so do those that share an effort with
one of them: half an effort cannot be put back.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from initiatives.models import Initiative
from krams.history.actions.locking import save_version
from krams.history.registry import Record
from krams.models import ClusterMembership, User

from ...access import get_sheet
from ...enums import PositionState
from ...matrix.actions.answers_follow_efforts import follow_efforts
from ...matrix.actions.save_cell import CellSave
from ...matrix.answer import EFFORT_FIELDS
from ...models import AuthorityNote, Effort, EffortProposal, ImportDraft, Position
from ..models import DraftState
from .apply import lock_columns
from .drafts import lock_draft

ANSWER_FIELDS = ("state", "state_from", "confirmed_on")
NOTE_FIELDS = ("heading", "text", "division", "link")


@transaction.atomic
def undo_draft(*, draft: ImportDraft, by: User) -> ImportDraft:
    """Put back what the import changed; once undone it stays so.

    ``kept_cells`` of the draft name what was left as it is. Raises ``Closed`` and
    ``PermissionDenied``.
    """
    draft = lock_draft(draft, by, DraftState.APPLIED, DraftState.UNDONE)
    if draft.state == DraftState.UNDONE or draft.applied_at is None:
        return draft
    lock_columns(draft)
    now = timezone.now()
    left: list[str] = []
    for column in get_sheet(by, draft.cluster.slug).columns:
        undoing = _Column(column, draft.applied_at, by, now)
        if column.may_edit:
            undoing.undo()
        left += undoing.left()
    draft.state, draft.closed_at, draft.closed_by = DraftState.UNDONE, now, by
    draft.kept_cells = left
    draft.save(update_fields=["state", "closed_at", "closed_by", "kept_cells"])
    return draft


class _Column:
    """What the import of the time ``at`` wrote in one column, and what stood there before it."""

    def __init__(self, column: ClusterMembership, at: dt.datetime, by: User, now: dt.datetime):
        self.column, self.at, self.by = column, at, by
        self.reason = _("The import was undone")
        self.save = CellSave(column, by, now=now, reason=self.reason)
        mine = {"authority": column.authority}
        here = {**mine, "cluster": column.cluster}
        answers = Position.history.filter(**mine, proposal__cluster=column.cluster)
        self.answers = _History(answers, at)
        self.efforts = _History(Effort.history.filter(**here), at)
        self.notes = _History(AuthorityNote.history.filter(**here), at)
        self.places = _History(EffortProposal.history.filter(effort_id__in=self.save.efforts), at)
        self.written = {record.proposal_id: record for record in self.answers.written.values()}
        self.undone: set[int] = set()
        self.notes_undone: set[int] = set()

    def undo(self) -> None:
        touched = self.efforts.written.keys() | {
            record.effort_id for record in self.places.written.values()
        }
        self.undone = self._unchanged(touched)
        for key in touched & self.save.efforts.keys():
            if self._cells_of(key) <= self.undone:
                self._restore_effort(self.save.efforts[key])
        self.save.read_efforts(self.undone)
        for key in self.undone:
            self._restore_answer(self.save.position(key), self.written[key].id)
        self._restore_notes()

    def left(self) -> list[str]:
        """The cells and notes that were written and not put back."""
        proposals = self.save.proposals
        name = self.column.authority.official_name
        cells = [
            f"{proposals[key]}, {name}" if key in proposals else name
            for key in sorted(self.written.keys() - self.undone)
        ]
        notes = [
            f"{record.heading}, {name}"
            for key, record in self.notes.written.items()
            if key not in self.notes_undone
        ]
        return cells + notes

    def _unchanged(self, touched: Iterable[int]) -> set[int]:
        found = {
            key
            for key, record in self.written.items()
            if key in self.save.positions and self.save.positions[key].version == record.version
        }
        shared = [self._cells_of(key) for key in touched]
        before = None
        while before != found:
            before = set(found)
            for cells in shared:
                if not cells <= found:
                    found -= cells
        return found

    def _cells_of(self, effort: int) -> set[int]:
        """The cells that the import wrote and that the effort stood in before or after it."""
        records = self.places.of("effort_id", effort)
        return {record.proposal_id for record in records} & self.written.keys()

    def _restore_effort(self, effort: Effort) -> None:
        before = self.efforts.before.get(effort.pk)
        if before is None:
            # It was new; its places stay with it, as with any effort that is removed.
            effort.removed_at = self.save.now
            self.save.keep(effort)
            return
        if effort.pk in self.efforts.written:
            for name in (*EFFORT_FIELDS, "removed_at"):
                setattr(effort, name, getattr(before, name))
            # What they named may be gone by now.
            effort.explained_by = AuthorityNote.objects.filter(pk=before.explained_by_id).first()
            effort.initiative = Initiative.objects.filter(pk=before.initiative_id).first()
            self.save.keep(effort)
        self._restore_places(effort)

    def _restore_places(self, effort: Effort) -> None:
        places = self.save.places[effort.pk]
        stood = {
            record.proposal_id: record.position
            for record in self.places.before.values()
            if record.effort_id == effort.pk and record.proposal_id in self.save.proposals
        }
        for key in places.keys() - stood.keys():
            gone = places.pop(key)
            gone._history_user, gone._history_date = self.by, self.save.now
            gone.delete()
        for key, position in stood.items():
            place = places.get(key)
            if place is None or place.position != position:
                place = place or EffortProposal(effort=effort, proposal_id=key)
                place.position = position
                self.save.keep(place)
                places[key] = place

    def _restore_answer(self, answer: Position, key: int) -> None:
        before = self.answers.before.get(key)
        if before is None:
            answer.state, answer.state_from = PositionState.NOT_FILLED, None
            answer.confirmed_on = answer.confirmed_by = None
        else:
            for name in ANSWER_FIELDS:
                setattr(answer, name, getattr(before, name))
            answer.confirmed_by = User.objects.filter(pk=before.confirmed_by_id).first()
        follow_efforts(answer, holds_efforts=answer.proposal_id in self.save.holding)
        self.save.keep(answer)

    def _restore_notes(self) -> None:
        for key, record in self.notes.written.items():
            note = AuthorityNote.objects.filter(pk=key, version=record.version).first()
            before = self.notes.before.get(key)
            if note is None or (before is None and note.efforts.filter(removed_at=None).exists()):
                continue
            self.notes_undone.add(key)
            note._history_user, note._history_date = self.by, self.save.now
            if before is None:
                note.delete()
                continue
            for name in NOTE_FIELDS:
                setattr(note, name, getattr(before, name))
            save_version(note, by=self.by, reason=self.reason)


class _History:
    """Of rows of a model: what was ``written`` last at the time ``at``, and how each stood
    ``before``; by the keys of the rows."""

    def __init__(self, records: Any, at: dt.datetime):
        self.written: dict[int, Record] = {}
        self.before: dict[int, Record] = {}
        for record in records.filter(history_date__lte=at).order_by("history_date", "history_id"):
            if record.history_date == at:
                self.written[record.id] = record
            elif record.history_type == "-":
                self.before.pop(record.id, None)
            else:
                self.before[record.id] = record

    def of(self, name: str, value: int) -> list[Record]:
        """Rows as they stood before or were written, whose field ``name`` is ``value``."""
        rows = [*self.before.values(), *self.written.values()]
        return [record for record in rows if getattr(record, name) == value]
