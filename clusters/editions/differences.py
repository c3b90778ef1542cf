"""What differs between two matrices, word by word: editions, or one of them and today. Pure."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from django.utils.translation import gettext as _

from krams.history.word_differences import Rewording

from ..enums import Division, EffortState, PositionState
from ..matrix.cell_status import Cell
from ..matrix.layout import Matrix
from ..matrix.wording import short_date, step_text

if TYPE_CHECKING:
    from krams.models import Authority

    from ..matrix.rows import AuthorityRow, EffortRow, ProposalRow

T = TypeVar("T")
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Known:
    """What both sides say of efforts: ``links`` (themes, initiative) came to editions later than
    the rest, ``steps`` (who is responsible, what comes next) later still."""

    links: bool = False
    steps: bool = False


@dataclass
class CellChange:
    """What became of one answer: its old and new wording, and a line per changed effort."""

    proposal: "ProposalRow"
    authority: "Authority | AuthorityRow"
    new_state: PositionState
    old_answer: str
    new_answer: str
    lines: list[Rewording] = field(default_factory=list)

    @property
    def has_new_answer(self) -> bool:
        return self.old_answer != self.new_answer

    @property
    def summary(self) -> str:
        """One line for an agenda."""
        if self.has_new_answer:
            return _("%(old)s → %(new)s") % {"old": self.old_answer, "new": self.new_answer}
        return _("the efforts were changed")


@dataclass
class Difference:
    """From one matrix to another: changed cells in the order of the page, notes, members, rows.

    Who left, and what was retired, is named; its cells and notes are no changed answers.
    ``reworded`` are proposals that changed their group, number or words. ``unchanged`` counts the
    cells that both have and that say the same.
    """

    cells: list[CellChange]
    notes: "list[tuple[Authority | AuthorityRow, Rewording]]"
    joined: "list[Authority | AuthorityRow]"
    left: "list[Authority | AuthorityRow]"
    added: "list[ProposalRow]"
    gone: "list[ProposalRow]"
    reworded: "list[tuple[ProposalRow, Rewording]]"
    unchanged: int

    @property
    def groups(self) -> list[tuple[str, list[CellChange]]]:
        found: dict[str, list[CellChange]] = {}
        for change in self.cells:
            found.setdefault(change.proposal.group.name, []).append(change)
        return list(found.items())

    @property
    def noted(self) -> "list[Authority | AuthorityRow]":
        """The authorities whose notes changed, once each."""
        return list(dict.fromkeys(authority for authority, _text in self.notes))

    def __bool__(self) -> bool:
        rows = (self.added, self.gone, self.reworded)
        return any((self.cells, self.notes, self.joined, self.left, *rows))


def compare(old: Matrix, new: Matrix, slug: str = "") -> Difference:
    """What a reader of ``old`` must know to have read ``new``; with ``slug`` of one authority."""
    old_columns, new_columns = _columns(old, slug), _columns(new, slug)
    old_rows, new_rows = _proposals(old), _proposals(new)
    before = {key: cell for key, cell in old.cells.items() if key[1] in old_columns}
    after = {key: cell for key, cell in new.cells.items() if key[1] in new_columns}
    changes = [change for key in after if (change := _cell_change(before.get(key), after[key]))]
    changed = {(change.proposal.pk, change.authority.pk) for change in changes}
    return Difference(
        changes,
        list(_note_changes(old, new, old_columns, new_columns)),
        joined=_only(new_columns, old_columns),
        left=_only(old_columns, new_columns),
        added=_only(new_rows, old_rows),
        gone=_only(old_rows, new_rows),
        reworded=list(_reworded(old_rows, new_rows)),
        unchanged=len((before.keys() & after.keys()) - changed),
    )


def _columns(matrix: Matrix, slug: str) -> "dict[int, Authority | AuthorityRow]":
    authorities = (column.authority for column in matrix.columns)
    return {one.pk: one for one in authorities if slug in ("", one.slug)}


def _proposals(matrix: Matrix) -> "dict[int, ProposalRow]":
    return {row.proposal.pk: row.proposal for row in matrix.rows}


def _only(here: dict[int, T], there: Collection[int]) -> list[T]:
    return [one for key, one in here.items() if key not in there]


def _reworded(
    old: "dict[int, ProposalRow]", new: "dict[int, ProposalRow]"
) -> "Iterator[tuple[ProposalRow, Rewording]]":
    for key, proposal in new.items():
        if key in old:
            # What one of the two does not know is no difference.
            knows = bool(old[key].concerned and proposal.concerned)
            before, after = (_told(one, knows) for one in (old[key], proposal))
            if before != after:
                yield proposal, Rewording(before, after)


def _told(proposal: "ProposalRow", with_concerned: bool) -> str:
    text = f"{proposal} ({proposal.group})"
    return f"{text} · {_('Concerns:')} {proposal.whom}" if with_concerned else text


def _cell_change(old: Cell | None, new: Cell) -> CellChange | None:
    """``old`` is None for a new member or proposal, which had not answered."""
    change = CellChange(
        new.proposal,
        new.column.authority,
        new.state,
        str(old.state_text if old else PositionState.NOT_FILLED.label),
        str(new.state_text),
    )
    lines = [line for cell in (old, new) if cell for line in cell.lines]
    # What one of the two does not know is no difference.
    known = Known(
        links=all(line.effort.has_links for line in lines),
        steps=all(line.effort.has_steps for line in lines),
    )
    before, after = _efforts(old), _efforts(new)
    for key in _both(before, after):
        was, now = before.get(key), after.get(key)
        # Nearly all say the same, and need not be put into words to see it.
        if was and now and _facts(was, known) == _facts(now, known):
            continue
        texts = [effort_text(one, known) if one else "" for one in (was, now)]
        if texts[0] != texts[1]:
            change.lines.append(Rewording(*texts))
    return change if change.has_new_answer or change.lines else None


def _both(before: Iterable[int], after: Iterable[int]) -> Iterable[int]:
    """The keys of either; those that are gone come last."""
    return dict.fromkeys([*after, *before])


def _efforts(cell: Cell | None) -> "dict[int, EffortRow]":
    return {line.effort.pk: line.effort for line in cell.lines} if cell else {}


def _facts(effort: "EffortRow", known: Known) -> tuple[object, ...]:
    """All that ``effort_text`` tells."""
    links = (effort.theme_names, effort.initiative_title) if known.links else ()
    steps = (effort.responsible, effort.next_step, effort.next_step_on) if known.steps else ()
    return (
        *(effort.text, effort.state, effort.valid_from, effort.valid_until),
        *(effort.division, effort.link, effort.note, *links, *steps),
    )


def effort_text(effort: "EffortRow", known: Known = Known()) -> str:
    """All that an effort says, as one line of text, as far as both sides of it are ``known``."""
    parts = [_isolated(effort.text)]
    if effort.state != EffortState.RUNNING:
        parts.append(f"({EffortState(effort.state).label})")
    if effort.valid_from:
        parts.append(_("from %(date)s") % {"date": short_date(effort.valid_from)})
    if effort.valid_until:
        parts.append(_("until %(date)s") % {"date": short_date(effort.valid_until)})
    if effort.division:
        parts.append(f"[{Division(effort.division).label}]")
    parts += [_isolated(part) for part in (effort.link, effort.note) if part]
    if known.links and effort.theme_names:
        parts.append("· " + _("Themes: %(names)s") % {"names": ", ".join(effort.theme_names)})
    if known.links and effort.initiative_title:
        parts.append("· " + _("KRAMS initiative: %(title)s") % {"title": effort.initiative_title})
    if known.steps and effort.responsible:
        parts.append("· " + _("Responsible: %(who)s") % {"who": effort.responsible})
    if known.steps and effort.next_step:
        parts.append("· " + step_text(effort))
    return " ".join(parts)


def _isolated(text: str) -> str:
    """Marks that turn the direction of a text end with it: what follows is not turned too."""
    return f"\u2068{text}\u2069" if TURNING.search(text) else text


def _note_changes(
    old: Matrix,
    new: Matrix,
    old_columns: "dict[int, Authority | AuthorityRow]",
    new_columns: "dict[int, Authority | AuthorityRow]",
) -> "Iterator[tuple[Authority | AuthorityRow, Rewording]]":
    """Notes of who left went along, and are no change."""
    before = _note_texts(old, old_columns.keys() & new_columns.keys())
    after = _note_texts(new, new_columns)
    for key in _both(before, after):
        authority, _text = after.get(key) or before[key]
        old_text, text = (texts[key][1] if key in texts else "" for texts in (before, after))
        if text != old_text:
            yield authority, Rewording(old_text, text)


def _note_texts(
    matrix: Matrix, authorities: Collection[int]
) -> "dict[int, tuple[Authority | AuthorityRow, str]]":
    return {
        entry.note.pk: (
            column.authority,
            "\n".join(part for part in (entry.heading, entry.text, entry.link) if part),
        )
        for column in matrix.columns
        if column.authority.pk in authorities
        for entry in column.entries
        if entry.note is not None
    }
