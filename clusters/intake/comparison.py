"""What a document would change: each of its cells and notes against what is stored. Pure."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from krams.danish.normal_form import tidy

from ..matrix.cell_status import DATED_STATES, Cell
from ..matrix.layout import Column, Matrix
from .merging import is_as_wanted, same_text, wanted_efforts, wanted_state
from .reading import Doubt, ReadAnswer, Reading, ReadLine, ReadNote
from .units import Decided, Kind, Preview, Unit

if TYPE_CHECKING:
    from ..matrix.rows import NoteRow

FIGURES_AS_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def seen_of(cells: Iterable[Cell]) -> str:
    return " ".join(f"{cell.proposal.pk}:{cell.version}" for cell in cells)


def seen_of_note(note: "NoteRow | None") -> str:
    """Stands for its version, which a row of the matrix does not know: what it says."""
    said = (note.division, note.heading, note.text, note.link) if note else ()
    digest = hashlib.sha256(repr(said).encode()).hexdigest()[:16]
    # Letters alone: ten figures in a row would look like a number of a person.
    return digest.translate(FIGURES_AS_LETTERS)


def preview_of(
    reading: Reading,
    matrix: Matrix,
    decisions: Mapping[str, Decided],
    *,
    placed_columns: Mapping[int, int],
    placed_rows: Mapping[int, int],
    created: Mapping[str, int] | None = None,
) -> Preview:
    """``placed_…`` are what the person said of columns and rows that could not be told, by their
    numbers. ``created`` are the keys of notes that were just written, by their labels; until then
    efforts point to notes to come by keys that no note has."""
    columns = {column.authority.pk: column for column in matrix.columns}
    noted = _match_notes(reading.notes, columns)
    keys = {
        note.label: stored.pk if stored else _key_to_come(number, note, created)
        for number, (note, stored) in enumerate(noted, start=1)
        if note.label
    }
    whose = {
        number: columns.get(placed_columns.get(number, one.authority or 0))
        for number, one in enumerate(reading.columns)
    }
    rows = {
        number: [placed_rows[number]] if number in placed_rows else one.proposals
        for number, one in enumerate(reading.rows)
    }
    comparing = _Comparing(matrix, decisions, keys)
    for answer in reading.answers:
        if (column := whose[answer.column]) is not None:
            comparing.add(answer, column, rows[answer.row])
    named = {key for keys_of_row in rows.values() for key in keys_of_row}
    for column in {id(one): one for one in whose.values() if one}.values():
        comparing.add_missing(column, named)
    units = comparing.sorted_units()
    for number, (note, stored) in enumerate(noted):
        units.append(_note_unit(number, note, stored, columns[note.authority], decisions))
    here = {column.authority.pk for column in whose.values() if column}
    matched = {stored.pk for _note, stored in noted if stored}
    return Preview(
        units,
        [str(row.proposal) for row in matrix.rows if row.proposal.pk not in named]
        + [one.authority.official_name for key, one in columns.items() if key not in here],
        [
            entry.note
            for key in here
            for entry in columns[key].entries
            if entry.note and entry.note.pk not in matched
        ],
    )


def _key_to_come(number: int, note: ReadNote, created: Mapping[str, int] | None) -> int | None:
    return -number if created is None else created.get(note.label)


class _Comparing:
    def __init__(
        self, matrix: Matrix, decisions: Mapping[str, Decided], notes: Mapping[str, int | None]
    ):
        self.matrix, self.decisions, self.notes = matrix, decisions, notes
        self.order = {row.proposal.pk: number for number, row in enumerate(matrix.rows)}
        self.units: list[Unit] = []
        # Which proposals of an authority the document has answered.
        self.answered: dict[int, set[int]] = {}

    def add(self, read: ReadAnswer, column: Column, proposals: Sequence[int]) -> None:
        keys = sorted((key for key in proposals if key in self.order), key=self.order.__getitem__)
        if not keys or read.is_empty:
            return
        cells = [self.matrix.cells[key, column.authority.pk] for key in keys]
        answered = self.answered.setdefault(column.authority.pk, set())
        doubts = list(dict.fromkeys(read.doubts))
        if answered & set(keys):
            doubts.append(Doubt.TWICE)
        answered |= set(keys)
        decision = self.decisions.get(read.key)
        if decision and decision.edited:
            read, doubts = _edited(read, decision.edited), []
        self.units.append(self.unit(read, column, cells, doubts, decision))

    def unit(
        self,
        read: ReadAnswer,
        column: Column,
        cells: list[Cell],
        doubts: list[Doubt],
        decision: Decided | None,
    ) -> Unit:
        efforts = wanted_efforts(read, cells, self.matrix, self.notes)
        state = wanted_state(read, cells, holds=bool(read.lines))
        day = read.state_from if read.is_certain else cells[0].state_from
        day = day if state in DATED_STATES else None
        is_same = is_as_wanted(cells, self.matrix, state, efforts) and all(
            cell.state_from == day for cell in cells
        )
        if is_same or state == cells[0].state:
            doubts = [doubt for doubt in doubts if doubt is not Doubt.GUESS]
        if is_same and not any(doubt.blocks for doubt in doubts):
            kind = Kind.SAME
        elif not any(cell.is_filled for cell in cells):
            kind = Kind.NEW
        else:
            kind = Kind.CHANGED
        return Unit(
            read.key,
            column,
            kind,
            seen_of(cells),
            cells=cells,
            read=read,
            state=state,
            state_from=day,
            efforts=efforts,
            doubts=doubts,
            decision=decision,
        )

    def add_missing(self, column: Column, named: set[int]) -> None:
        """Answers of the portal whose cells the document has left empty."""
        for key in sorted(named & self.order.keys(), key=self.order.__getitem__):
            cell = self.matrix.cells[key, column.authority.pk]
            if cell.is_filled and key not in self.answered.get(column.authority.pk, ()):
                unit = Unit(f"m{key}-{column.authority.pk}", column, Kind.MISSING, "", cells=[cell])
                self.units.append(unit)

    def sorted_units(self) -> list[Unit]:
        """In the order of the matrix: by proposal, then by column."""
        place = {id(column): number for number, column in enumerate(self.matrix.columns)}
        return sorted(
            self.units,
            key=lambda unit: (self.order[unit.cells[0].proposal.pk], place[id(unit.column)]),
        )


def _edited(read: ReadAnswer, edited: dict[str, Any]) -> ReadAnswer:
    """The answer as somebody has put it; what was read of an effort goes along with its text."""
    known = {line.text: line for line in read.lines}
    day = edited.get("state_from")
    return replace(
        read,
        state=edited["state"],
        state_from=dt.date.fromisoformat(day) if day else None,
        is_certain=True,
        lines=[known.get(text, ReadLine(text)) for text in edited["lines"]],
        doubts=[],
    )


def _match_notes(
    notes: Iterable[ReadNote], columns: Mapping[int, Column]
) -> "list[tuple[ReadNote, NoteRow | None]]":
    """Each note with the one that it is in the portal: by its heading, else by its text."""
    free = {
        key: [entry.note for entry in column.entries if entry.note]
        for key, column in columns.items()
    }
    notes = [note for note in notes if note.authority in columns]
    found: dict[int, NoteRow | None] = {}
    for is_it in (_is_whole, _has_heading, _has_text):
        for number, note in enumerate(notes):
            if number in found:
                continue
            for stored in free[note.authority]:
                if is_it(note, stored):
                    found[number] = stored
                    free[note.authority].remove(stored)
                    break
    return [(note, found.get(number)) for number, note in enumerate(notes)]


def _has_heading(note: ReadNote, stored: "NoteRow") -> bool:
    return tidy(stored.heading).casefold() == note.heading.casefold()


def _has_text(note: ReadNote, stored: "NoteRow") -> bool:
    return same_text(stored.text, note.text)


def _is_whole(note: ReadNote, stored: "NoteRow") -> bool:
    return (
        tidy(stored.heading) == note.heading
        and _has_text(note, stored)
        and stored.division == note.division
        and stored.link == (note.link or stored.link)
    )


def _note_unit(
    number: int,
    note: ReadNote,
    stored: "NoteRow | None",
    column: Column,
    decisions: Mapping[str, Decided],
) -> Unit:
    key = f"n{number}"
    kind = Kind.NEW
    if stored:
        kind = Kind.SAME if _is_whole(note, stored) else Kind.CHANGED
    return Unit(
        key,
        column,
        kind,
        seen_of_note(stored),
        note=note,
        stored_note=stored,
        decision=decisions.get(key),
    )
