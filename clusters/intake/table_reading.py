"""Finds the matrix in a document: which column is whose, which row answers what. Pure.

Tables of others are read as people read them: a row without a first cell goes on with the one
above it, a header may be repeated, and a cell may reach over rows and columns. What cannot be told
for certain is left to whoever goes through it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from krams.documents.content import Paragraph
from krams.documents.reading import ReadCell, ReadDocument, ReadTable, text_of
from krams.privacy.cpr import find_cpr
from krams.privacy.free_text import validate_free_text

from .cell_reading import LONGEST_NOTE, read_cell
from .names import authority_called, proposal_called, words_of
from .notes_reading import read_notes
from .reading import Doubt, ReadAnswer, ReadColumn, Reading, ReadLine, ReadNote, ReadRow

if TYPE_CHECKING:
    from krams.models import Authority

    from ..matrix.rows import AuthorityRow, ProposalRow

LONGEST_HEADING = 120
_IS_NUMBER = re.compile(r"\d{1,3}\.?").fullmatch


@dataclass(frozen=True)
class Sought:
    """Whom and what a document is read for; ``only`` is the one authority that may be answered
    for, whose column needs no heading."""

    authorities: "Sequence[Authority | AuthorityRow]"
    proposals: "Sequence[ProposalRow]"
    only: int | None = None


def read_matrix_of(document: ReadDocument, sought: Sought) -> Reading:
    """What the document says of the matrix, and what it says besides."""
    reading = Reading(title=document.title, remarks=[remark.value for remark in document.remarks])
    below = read_notes(document.blocks, sought.authorities)
    labels = {note.label for note in below.notes if note.label}
    for table in document.tables:
        _Table(table, sought, reading).read(labels)
    reading.unplaced += [*below.unplaced, *document.apart]
    reading.notes = below.notes
    _join_notes(reading)
    _leave_out_numbers_of_people(reading)
    return reading


@dataclass
class _Heading:
    """A column of the reading, and where it stands in the table."""

    number: int
    start: int
    end: int

    def overlap(self, cell: ReadCell) -> bool:
        """Whether the cell stands in it, by more than a slip of a border."""
        common = min(self.end, cell.column + cell.columns) - max(self.start, cell.column)
        return 2 * common >= min(self.end - self.start, cell.columns)


@dataclass
class _Table:
    table: ReadTable
    sought: Sought
    reading: Reading
    headings: list[_Heading] = field(default_factory=list)
    # How many columns say what a row is about.
    lead: int = 1
    # Which row of the reading each row of the table is.
    rows: dict[int, int] = field(default_factory=dict)

    def read(self, labels: set[str]) -> None:
        by_row: list[list[ReadCell]] = [[] for _number in range(self.table.height)]
        for cell in self.table.cells:
            by_row[cell.row].append(cell)
        head = self.find_head(by_row)
        if head is None:
            self.tell_headless(by_row)
            return
        for cells in by_row[:head]:
            self.unplace(cells)
        covered = self.lead_cells_below(head)
        for number in range(head + 1, self.table.height):
            self.read_row(number, by_row[number], covered.get(number))
        self.read_answers(by_row[head + 1 :], labels)

    # --- the head -----------------------------------------------------------------------------

    def find_head(self, by_row: list[list[ReadCell]]) -> int | None:
        """The row that names most authorities beside its first cell; its columns are kept."""
        named = [sum(map(self.names_somebody, cells[1:])) for cells in by_row]
        most = max(named, default=0)
        if most:
            head = named.index(most)
            if self.begins_with_numbers(by_row[head:]):
                self.lead = 2
            self.keep_headings(by_row[head])
            return head
        if (
            self.sought.only is not None
            and self.table.width == 2
            and not self.is_transposed(by_row)
        ):
            self.headings = [_Heading(self.column_of(self.sought.only, ""), 1, 2)]
            return -1
        return None

    def begins_with_numbers(self, rows: list[list[ReadCell]]) -> bool:
        """Whether the first column holds the numbers of proposals, and the second their titles."""
        head, *below = rows
        if len(head) < 3 or self.names_somebody(head[1]):
            return False
        two = [cells[:2] for cells in below if len(cells) > 2 and cells[0].text]
        return any(self.is_proposal(title.text) for _number, title in two) and all(
            _IS_NUMBER(number.text) for number, _title in two
        )

    def names_somebody(self, cell: ReadCell) -> bool:
        if len(cell.text) > LONGEST_HEADING:
            return False
        meant = authority_called(cell.text, self.sought.authorities)
        return bool(meant.key or meant.maybe)

    def is_transposed(self, by_row: list[list[ReadCell]]) -> bool:
        return sum(self.names_somebody(cells[0]) for cells in by_row if cells) > 1

    def tell_headless(self, by_row: list[list[ReadCell]]) -> None:
        if self.is_transposed(by_row):
            problem = _(
                "A table has its authorities in the rows. Turn it round, so that each has a column."
            )
        else:
            problem = _("A table names no authority of the cluster in its head.")
        self.reading.problems.append(problem)
        for cells in by_row:
            self.unplace(cells)

    def keep_headings(self, cells: list[ReadCell]) -> None:
        mine = [cell for cell in cells if cell.column >= self.lead and cell.text]
        meant = [authority_called(cell.text, self.sought.authorities) for cell in mine]
        keys = [one.key for one in meant if one.key]
        for cell, match in zip(mine, meant, strict=True):
            key, maybe = match.key, list(match.maybe)
            if key and keys.count(key) > 1:
                name = self.name_of(key)
                problem = _("Two columns of a table are %(name)s's. Choose which of them counts.")
                if problem % {"name": name} not in self.reading.problems:
                    self.reading.problems.append(problem % {"name": name})
                maybe, key = [key], None
            number = self.column_of(key, cell.text, maybe)
            self.headings.append(_Heading(number, cell.column, cell.column + cell.columns))

    def name_of(self, key: int) -> str:
        return next(one.official_name for one in self.sought.authorities if one.pk == key)

    def column_of(self, key: int | None, heading: str, maybe: Sequence[int] = ()) -> int:
        """The column of the reading: a table that goes on with another one shares its columns."""
        for number, column in enumerate(self.reading.columns):
            if key is not None and column.authority == key:
                return number
        self.reading.columns.append(ReadColumn(heading, key, list(maybe)))
        return len(self.reading.columns) - 1

    # --- the rows -----------------------------------------------------------------------------

    def lead_cells_below(self, head: int) -> dict[int, ReadCell]:
        """The first cell of a row that began in a row above."""
        return {
            number: cell
            for cell in self.table.cells
            if cell.column == 0 and cell.row > head
            for number in range(cell.row + 1, cell.row + cell.rows)
        }

    def read_row(self, number: int, cells: list[ReadCell], above: ReadCell | None) -> None:
        lead = [cell for cell in cells if cell.column < self.lead]
        others = [cell for cell in cells if cell.column >= self.lead]
        text = " ".join(filter(None, (cell.text for cell in lead)))
        if above is not None or not text:
            self.go_on(number, others, None if above is None else self.rows.get(above.row))
        elif self.is_head_again(others):
            return
        elif not any(cell.text for cell in others) and not self.is_proposal(text):
            # The heading of a group, or something that somebody wrote across the table.
            if words_of(text) not in {words_of(one.group.name) for one in self.sought.proposals}:
                self.reading.unplaced.append(text)
        else:
            lines = [line for cell in lead for part in cell.content if (line := text_of(part))]
            self.rows[number] = self.row_of(text, lines)

    def go_on(self, number: int, others: list[ReadCell], row: int | None) -> None:
        """A row that names no proposal belongs to the one above it."""
        if row is None:
            row = max(self.rows.items(), default=(0, None))[1]
        if row is not None:
            self.rows[number] = row
        else:
            self.unplace(others)

    def is_head_again(self, others: list[ReadCell]) -> bool:
        known = {self.reading.columns[one.number].heading for one in self.headings}
        said = [cell.text for cell in others if cell.text]
        return bool(said) and set(said) <= known

    def is_proposal(self, text: str) -> bool:
        return proposal_called(text, self.sought.proposals).key is not None

    def row_of(self, text: str, lines: list[str]) -> int:
        """The row of the reading, by the proposals that the first cell names."""
        each = [proposal_called(line, self.sought.proposals) for line in lines]
        keys = [match.key for match in each if match.key]
        whole = proposal_called(text, self.sought.proposals)
        if len(lines) > 1 and len(set(keys)) == len(lines):
            return self.kept_row(text, keys)
        if whole.key:
            return self.kept_row(text, [whole.key])
        if keys:
            self.reading.unplaced += [
                line for line, match in zip(lines, each, strict=True) if not match.key
            ]
            return self.kept_row(text, list(dict.fromkeys(keys)))
        return self.kept_row(text, [], list(whole.maybe))

    def kept_row(self, text: str, keys: list[int], maybe: Sequence[int] = ()) -> int:
        for number, row in enumerate(self.reading.rows):
            if (keys and row.proposals == keys) or (not keys and row.text == text):
                return number
        self.reading.rows.append(ReadRow(text, keys, list(maybe)))
        return len(self.reading.rows) - 1

    # --- the answers --------------------------------------------------------------------------

    def read_answers(self, by_row: list[list[ReadCell]], labels: set[str]) -> None:
        contents: dict[tuple[int, int], list[Paragraph]] = {}
        wide: set[tuple[int, int]] = set()
        for cells in by_row:
            for cell in cells:
                if cell.column < self.lead or cell.row not in self.rows or not cell.text:
                    continue
                row = self.joint_row(cell)
                mine = [one.number for one in self.headings if one.overlap(cell)]
                if not mine:
                    self.unplace([cell])
                for column in mine:
                    contents.setdefault((column, row), []).extend(cell.content)
                    if len(mine) > 1:
                        wide.add((column, row))
        known = {(one.column, one.row): one for one in self.reading.answers}
        for (column, row), content in contents.items():
            read = read_cell(content, labels)
            answer = ReadAnswer(column, row, **vars(read))
            if (column, row) in wide:
                answer.doubts.append(Doubt.WIDE)
            if before := known.get((column, row)):
                # From a table above: the same row once more.
                before.lines += answer.lines
                before.raw += answer.raw
                before.doubts += answer.doubts
            else:
                self.reading.answers.append(answer)

    def joint_row(self, cell: ReadCell) -> int:
        """The row of a cell; of one that reaches over several, a row that names all proposals."""
        found: dict[int, None] = {}
        for number in range(cell.row, cell.row + cell.rows):
            if number in self.rows:
                found[self.rows[number]] = None
        if len(found) == 1:
            return next(iter(found))
        rows = [self.reading.rows[number] for number in found]
        keys = list(dict.fromkeys(key for row in rows for key in row.proposals))
        return self.kept_row(" / ".join(row.text for row in rows), keys)

    def unplace(self, cells: list[ReadCell]) -> None:
        self.reading.unplaced += [cell.text for cell in cells if cell.text]


def _join_notes(reading: Reading) -> None:
    """An effort's own text goes to it; one that no effort points to any more is told."""
    own = {note.label: note for note in reading.notes if note.is_of_effort}
    used = set[str]()
    lines: list[ReadLine] = [line for answer in reading.answers for line in answer.lines]
    for line in lines:
        for label in line.labels:
            if label in own:
                line.note = own[label].text
                used.add(label)
        line.labels = [label for label in line.labels if label not in own]
    reading.unplaced += [
        f"{note.heading}\n{note.text}" for label, note in own.items() if label not in used
    ]
    reading.notes = [note for note in reading.notes if not note.is_of_effort]


def is_storable(*texts: str) -> bool:
    """Whether the portal can keep texts of several lines."""
    try:
        for text in texts:
            validate_free_text(text)
    except ValidationError:
        return False
    return all(len(text) <= LONGEST_NOTE for text in texts)


def _leave_out_numbers_of_people(reading: Reading) -> None:
    """What looks like a CPR number is neither kept nor shown, wherever it stood."""
    left_out = False

    def clean(text: str) -> str:
        nonlocal left_out
        if not find_cpr(text):
            return text
        left_out = True
        return "…"

    def is_kept(note: ReadNote) -> bool:
        texts = (note.heading, note.text)
        if any(clean(text) != text for text in (*texts, note.label)):
            return False
        if is_storable(*texts):
            return True
        reading.unplaced.append("\n".join(texts))
        return False

    reading.title = clean(reading.title)
    for column in reading.columns:
        column.heading = clean(column.heading)
    for row in reading.rows:
        row.text = clean(row.text)
    reading.unplaced = [clean(text) for text in reading.unplaced]
    reading.notes = [note for note in reading.notes if is_kept(note)]
    for answer in reading.answers:
        for line in answer.lines:
            line.labels = [label for label in line.labels if clean(label) == label]
            if line.note and not (clean(line.note) == line.note and is_storable(line.note)):
                line.note = None
                answer.doubts.append(Doubt.UNREADABLE)
    if left_out:
        reading.problems.append(
            _("A text outside the cells looked like a CPR number, and was left out.")
        )
