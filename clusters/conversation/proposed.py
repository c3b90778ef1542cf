"""What a proposed wording would make of a cell, and how the two differ, word by word. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from krams.history.word_differences import Rewording

from ..enums import EffortState, PositionState
from ..matrix.answer import Answer, EffortInput
from ..matrix.cell_status import Cell
from ..matrix.conflict import stored_efforts
from ..matrix.layout import Matrix
from ..matrix.wording import state_text

# As ``Wording.lines`` keeps them.
LineJson: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Proposed:
    """A proposed state with its efforts: (key or None, text); an empty text takes one out."""

    state: PositionState
    state_from: Any
    lines: tuple[tuple[int | None, str], ...]


def read_lines(lines: Iterable[LineJson]) -> tuple[tuple[int | None, str], ...]:
    return tuple((line["effort"], line["text"]) for line in lines)


def answer_with(wanted: Proposed, cell: Cell, matrix: Matrix) -> Answer:
    """The cell as it would be: reworded efforts keep all else that they say.

    An effort that has left the cell meanwhile comes as a new one, unless it was to go; efforts that
    the wording does not know stay.
    """
    stored = stored_efforts(cell, matrix)
    efforts = []
    for key, text in wanted.lines:
        if key in stored:
            there = stored[key]
            efforts.append(replace(there, text=text) if text else replace(there, removed=True))
        elif text:
            served = frozenset(proposal.pk for proposal in cell.joint)
            efforts.append(EffortInput(text=text, state=EffortState.RUNNING, proposals=served))
    named = {key for key, _text in wanted.lines}
    efforts += [effort for key, effort in stored.items() if key not in named]
    others = frozenset(proposal.pk for proposal in cell.joint if proposal.pk != cell.proposal.pk)
    return Answer(
        state=wanted.state,
        state_from=wanted.state_from,
        same_for=others,
        efforts=tuple(efforts),
    )


@dataclass(frozen=True)
class Difference:
    """From what the cell says to what is proposed; ``same`` are efforts that would stay."""

    state: Rewording
    lines: list[Rewording]
    same: list[str]


def difference(wanted: Proposed, cell: Cell) -> Difference:
    texts = {line.effort.pk: line.effort.text for line in cell.lines}
    changes = []
    same = []
    for key, text in wanted.lines:
        before = texts.pop(key, "") if key is not None else ""
        if before == text:
            same.append(text)
        else:
            changes.append(Rewording(before, text))
    now = state_text(wanted.state, wanted.state_from)
    return Difference(
        Rewording(cell.state_text, now),
        [one for one in changes if one.old or one.new],
        [*(text for text in same if text), *texts.values()],
    )
