"""What a cell holds once it has been taken in: efforts that were read, upon those that stand. Pure.

An effort that stands keeps what the document says nothing about: its dates, themes, link and note.
One that serves other proposals too stays there as it is, and goes on here as one of its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from krams.danish.normal_form import tidy

from ..enums import EffortState, PositionState
from ..matrix.answer import EffortInput
from ..matrix.cell_status import Cell, agreeing, is_answered
from ..matrix.conflict import stored_efforts
from ..matrix.layout import Matrix
from .names import ALIKE, similarity, words_of
from .reading import ReadAnswer, ReadLine


def same_text(one: str, other: str) -> bool:
    """Whether two texts differ in nothing but white space, invisible signs and typed bullets."""
    return _bare(one) == _bare(other)


def _bare(text: str) -> list[str]:
    return [line for part in text.splitlines() if (line := tidy(part))]


def wanted_state(read: ReadAnswer, cells: list[Cell], *, holds: bool) -> PositionState:
    """What the document says; else what stands there; else what its words seem to say."""
    if read.is_certain:
        return agreeing(read.state, holds_efforts=holds)
    states = {cell.state for cell in cells}
    if len(states) == 1 and is_answered(state := states.pop()):
        return agreeing(state, holds_efforts=holds)
    return agreeing(read.state or PositionState.NOT_FILLED, holds_efforts=holds)


def wanted_efforts(
    read: ReadAnswer, cells: list[Cell], matrix: Matrix, notes: Mapping[str, int | None]
) -> list[EffortInput]:
    """The efforts of the cell as read, then what becomes of those that it does not name.

    ``notes`` are the keys of the notes that labels point to; None where there is none yet.
    """
    stored: dict[int, EffortInput] = {}
    for cell in cells:
        stored |= stored_efforts(cell, matrix)
    here = frozenset(cell.proposal.pk for cell in cells)
    found, left = [], []
    for line, base in paired(read.lines, stored):
        if base is None:
            new = EffortInput(text=line.text, state=EffortState.RUNNING, proposals=here)
            found.append(_told(new, line, notes))
            continue
        del stored[base.effort_id or 0]
        wanted = _told(base, line, notes)
        elsewhere = base.proposals - here
        if wanted != base and elsewhere:
            found.append(replace(wanted, effort_id=None, proposals=here))
            left.append(replace(base, proposals=elsewhere))
        else:
            found.append(replace(wanted, proposals=base.proposals | here))
    for base in stored.values():
        elsewhere = base.proposals - here
        left.append(replace(base, proposals=elsewhere, removed=not elsewhere))
    return [*found, *left]


def paired(
    lines: list[ReadLine], stored: Mapping[int, EffortInput]
) -> list[tuple[ReadLine, EffortInput | None]]:
    """Each line with the effort that it is: in the same words, else in similar ones."""
    free = dict(stored)
    found: dict[int, EffortInput] = {}
    for number, line in enumerate(lines):
        for key, effort in free.items():
            if tidy(effort.text) == line.text:
                found[number] = free.pop(key)
                break
    for number, line in enumerate(lines):
        if number in found or not free:
            continue
        alike = {
            key: similarity(words_of(line.text), words_of(effort.text))
            for key, effort in free.items()
        }
        nearest = max(alike, key=alike.__getitem__)
        if alike[nearest] >= ALIKE:
            found[number] = free.pop(nearest)
    return [(line, found.get(number)) for number, line in enumerate(lines)]


def _told(base: EffortInput, line: ReadLine, notes: Mapping[str, int | None]) -> EffortInput:
    """The effort with what the line says of it.

    A line that says its division is one of our own cells, which says all: what is not there is
    taken off.
    """
    says_all = line.division is not None and line.state is not None
    labels = [label for label in line.labels if label in notes]
    explained_by = base.explained_by_id
    if labels:
        explained_by = notes[labels[0]] or explained_by
    elif says_all:
        explained_by = None
    note = line.note if line.note is not None or not says_all else ""
    return replace(
        base,
        text=base.text if tidy(base.text) == line.text else line.text,
        state=base.state if line.state is None else line.state,
        division=base.division if line.division is None else line.division,
        link=base.link if line.link is None else line.link,
        valid_from=line.valid_from or base.valid_from,
        valid_until=line.valid_until or base.valid_until,
        explained_by_id=explained_by,
        note=base.note if note is None or same_text(note, base.note) else note,
    )


def is_as_wanted(
    cells: list[Cell], matrix: Matrix, state: PositionState, efforts: Iterable[EffortInput]
) -> bool:
    """Whether the cells hold nothing but these efforts already, in this order."""
    efforts = list(efforts)
    for number, cell in enumerate(cells):
        stands = list(stored_efforts(cell, matrix).values())
        wanted = [one for one in efforts if not one.removed and cell.proposal.pk in one.proposals]
        if number:
            # Of a joint answer the first cell is the one that is drawn.
            stands, wanted = sorted(stands, key=_key), sorted(wanted, key=_key)
        if cell.state != state or stands != wanted:
            return False
    return True


def _key(effort: EffortInput) -> tuple[int, str]:
    return effort.effort_id or 0, effort.text
