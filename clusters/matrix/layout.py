"""The matrix as it is read: facts and today's date in, groups, columns, rows and cells out.

A cell is a typed state with efforts, never a text. A missing answer is ``NOT_FILLED``; it is never
shown as, counted as or joined with an answer such as ``NONE``.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from krams.danish.collation import sort_key
from krams.enums import AuthorityKind

from ..enums import Division, PositionState
from .cell_status import Cell, Line, Standing, is_answered, months_before, standing
from .concerned import concerns
from .joint_answers import join, span
from .notes_below import Entry, entries_of, unique_letters
from .wording import Once, Wording

if TYPE_CHECKING:
    from krams.models import Authority, ClusterMembership

    from .rows import (
        AnswerRow,
        AuthorityRow,
        EffortRow,
        GroupRow,
        MemberRow,
        NoteRow,
        PlaceRow,
        ProposalRow,
        SourceRow,
        ThemeRow,
    )


@dataclass(slots=True)
class Column:
    """An authority in the matrix, with the share of proposals that concern it and are answered.

    ``answered`` are all its answers, those to proposals that do not concern it among them.
    ``versions`` are those of its answers, as ``proposal:version``, to confirm them as they stand.
    """

    authority: "Authority | AuthorityRow"
    may_edit: bool
    letters: str
    entries: list[Entry] = field(default_factory=list)
    filled: int = 0
    total: int = 0
    answered: int = 0
    versions: str = ""

    @property
    def extra(self) -> int:
        """Answers to proposals that do not concern it."""
        return self.answered - self.filled

    @property
    def name(self) -> str:
        """Short, but a region is called a region."""
        authority = self.authority
        is_region = authority.kind == AuthorityKind.REGION
        return authority.official_name if is_region else authority.name

    @property
    def sections(self) -> list[tuple[str, list[Entry]]]:
        """The entries by division: the undivided first, each division under its name."""
        parts: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            parts[entry.division_label].append(entry)
        return list(parts.items())


@dataclass
class Row:
    proposal: "ProposalRow"
    cells: list[Cell]

    @property
    def answered_above(self) -> list[Cell]:
        """Answers that are drawn in a row above: the stacked layout points to them."""
        return [cell for cell in self.cells if not cell.rowspan]


@dataclass
class Group:
    """Proposals under one heading; a block is the rows that joint answers hold together."""

    group: "GroupRow"
    blocks: list[list[Row]] = field(default_factory=list)


def theme_order(theme: "ThemeRow") -> tuple[object, ...]:
    return sort_key(theme.name)


@dataclass
class Matrix:
    columns: list[Column]
    rows: list[Row]
    groups: list[Group]

    @cached_property
    def cells(self) -> dict[tuple[int, int], Cell]:
        """By the keys of proposal and authority."""
        return {
            (row.proposal.pk, cell.column.authority.pk): cell
            for row in self.rows
            for cell in row.cells
        }

    @cached_property
    def served(self) -> dict[int, list[int]]:
        """The keys of the proposals that each effort serves, by its own key."""
        found: defaultdict[int, list[int]] = defaultdict(list)
        for cell in self.cells.values():
            for line in cell.lines:
                found[line.effort.pk].append(cell.proposal.pk)
        return found

    @property
    def filled(self) -> int:
        return sum(column.filled for column in self.columns)

    @property
    def total(self) -> int:
        return sum(column.total for column in self.columns)

    @cached_property
    def themes(self) -> "list[ThemeRow]":
        """Those that any of its efforts carries, in alphabetical order."""
        lines = (line for row in self.rows for cell in row.cells for line in cell.lines)
        found = {theme.pk: theme for line in lines for theme in line.effort.theme_list}
        return sorted(found.values(), key=theme_order)

    @property
    def sources(self) -> "list[SourceRow]":
        """The papers that the proposals come from, once each."""
        sources = (row.proposal.source for row in self.rows)
        return list({source.pk: source for source in sources if source}.values())

    @property
    def is_exhaustive(self) -> bool:
        """Whether no paper behind it says that there may be more than it lists."""
        return all(source.is_exhaustive for source in self.sources)

    def narrowed(self, keep: Callable[[Row], bool], columns: Iterable[Column]) -> "Matrix":
        """Only some rows and columns; a joint answer stays one cell over what is left of it."""
        shown = list(columns)
        keys = {column.authority.pk for column in shown}
        rows = self.rows
        if len(shown) < len(self.columns):
            rows = [
                Row(row.proposal, [cell for cell in row.cells if cell.column.authority.pk in keys])
                for row in rows
            ]
        rows = [row for row in rows if keep(row)]
        return Matrix(shown, rows, lay_out(rows))


# By value: an enumeration looks a member up slowly, and a matrix asks for five hundred.
STATES = {state.value: state for state in PositionState}


def build(
    *,
    columns: "Iterable[ClusterMembership | MemberRow]",
    proposals: "Iterable[ProposalRow]",
    positions: "Iterable[AnswerRow]",
    places: "Iterable[PlaceRow]",
    notes: "Iterable[NoteRow]",
    today: dt.date,
    interval_months: int,
    only: int | None = None,
) -> Matrix:
    """The matrix of one day.

    ``columns`` are memberships with ``authority`` and ``may_edit``, in order; ``proposals`` in the
    order of the page, those of a group together; ``places`` in the order within their cells, each
    with its ``effort``. ``interval_months`` is how long a confirmation lasts. ``only`` is the key
    of one authority: its column stands alone, as it stands among all.
    """
    shown = _columns(columns)
    if only is not None:
        shown = {only: shown[only]}
    proposals = list(proposals)
    places = _as_read(places, proposals)
    lines = _lines(places, today, entries_of(shown, places, notes))
    answers = {(answer.proposal_id, answer.authority_id): answer for answer in positions}
    confirmed_since = months_before(today, interval_months)
    wording = Wording()

    def cell(proposal: "ProposalRow", column: Column) -> Cell:
        key = (proposal.pk, column.authority.pk)
        answer = answers.get(key)
        return Cell(
            proposal,
            column,
            answer,
            STATES[answer.state] if answer else PositionState.NOT_FILLED,
            lines.get(key, []),
            confirmed_since,
            wording,
            joint=(proposal,),
            concerns=concerns(proposal.concerned, column.authority.kind),
            confirmed_on=answer.confirmed_on if answer else None,
        )

    rows = [Row(proposal, [cell(proposal, c) for c in shown.values()]) for proposal in proposals]
    for number, column in enumerate(shown.values()):
        _sum_up(column, [row.cells[number] for row in rows])
    return Matrix(list(shown.values()), rows, lay_out(rows))


def _sum_up(column: Column, cells: list[Cell]) -> None:
    """What the head of a column tells of its cells, and which of them are one answer."""
    filled = [cell for cell in cells if is_answered(cell.state)]
    column.total = sum(cell.concerns for cell in cells)
    column.filled, column.answered = sum(cell.concerns for cell in filled), len(filled)
    column.versions = " ".join([f"{cell.proposal.pk}:{cell.version}" for cell in filled])
    join(cells)


def _as_read(places: "Iterable[PlaceRow]", proposals: "list[ProposalRow]") -> "list[PlaceRow]":
    """From the top of the page down: then the texts below it always get the same numbers."""
    rank = {proposal.pk: number for number, proposal in enumerate(proposals)}
    shown = [place for place in places if place.proposal_id in rank]
    return sorted(shown, key=lambda place: rank[place.proposal_id])


def _columns(memberships: "Iterable[ClusterMembership | MemberRow]") -> dict[int, Column]:
    """The columns by authority, each with letters of its own."""
    memberships = list(memberships)
    letters = unique_letters([membership.authority.name for membership in memberships])
    return {
        membership.authority.pk: Column(membership.authority, membership.may_edit, letter)
        for membership, letter in zip(memberships, letters, strict=True)
    }


def _lines(
    places: "list[PlaceRow]", today: dt.date, explained: dict[str, Entry]
) -> dict[tuple[int, int], list[Line]]:
    """The efforts of each cell, by proposal and authority."""
    found: defaultdict[tuple[int, int], list[Line]] = defaultdict(list)
    standings: Once[Standing] = Once(partial(standing, today=today))
    for place in places:
        effort = place.effort
        stands = standings[effort.state, effort.valid_from, effort.valid_until]
        line = Line(effort, stands, _entries(effort, explained))
        found[place.proposal_id, effort.authority_id].append(line)
    for lines in found.values():
        _head_divisions(lines)
    return found


def _entries(effort: "EffortRow", explained: dict[str, Entry]) -> list[Entry]:
    """The note that explains it, and its own text."""
    if effort.explained_by_id is None and not effort.note:
        return []
    keys = (f"u-{effort.explained_by_id}", f"i-{effort.pk}")
    return [explained[key] for key in keys if key in explained]


def lay_out(rows: list[Row]) -> list[Group]:
    """Groups and blocks of the rows that are shown, and how far each cell reaches down."""
    for column in zip(*(row.cells for row in rows), strict=True):
        span(column)
    groups: list[Group] = []
    for row in rows:
        if not groups or groups[-1].group != row.proposal.group:
            groups.append(Group(row.proposal.group))
        if row.answered_above:
            groups[-1].blocks[-1].append(row)
        else:
            groups[-1].blocks.append([row])
    return groups


def _head_divisions(lines: list[Line]) -> None:
    before = ""
    for line in lines:
        if line.effort.division != before:
            before = line.effort.division
            line.part = str(Division(before).label) if before else _("Both divisions")
