"""Two versions of one cell: what differs, word by word, and a draft that holds both. Pure."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from krams.history import word_differences
from krams.history.registry import Record

from ..enums import Division, EffortState, PositionState
from .answer import EFFORT_FIELDS, Answer, Choices, EffortInput
from .cell_status import Cell
from .layout import Matrix
from .wording import numbers, short_date, step_text

MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True)
class VersionLine:
    """One effort of one version, with marks where the other version says something else."""

    text: SafeString
    facts: SafeString
    note: SafeString
    is_removed: bool


@dataclass(frozen=True)
class Version:
    state: PositionState
    state_text: str
    lines: list[VersionLine]


@dataclass(frozen=True)
class Conflict:
    """What the person wrote and what was saved meanwhile, by whom and when.

    ``added`` are the efforts that only the saved version has, ``clashes`` (key, text) those that
    the two tell differently: the person picks one of them, or both.
    """

    mine: Version
    theirs: Version
    added: list[int]
    clashes: list[tuple[int, str]]
    saved: Record | None


def find_conflict(
    answer: Answer,
    cell: Cell,
    matrix: Matrix,
    choices: Choices,
    saved: Record | None,
    *,
    replaces: bool = False,
) -> Conflict:
    """Compare what was sent with the cell as it now stands; ``saved`` is the last save of it.

    With ``replaces`` the answer is to take the place of the cell: words that would go are marked as
    removed. Otherwise neither counts more than the other, and words that one alone has look alike.
    """
    mine, theirs = answer.efforts, stored_efforts(cell, matrix)
    named = {effort.effort_id for effort in mine}
    state = PositionState(answer.state)
    describe = _Describer(matrix, cell, choices)
    return Conflict(
        mine=Version(
            state, describe.state(state, answer.state_from), describe.lines(mine, theirs.values())
        ),
        theirs=Version(
            cell.state,
            cell.state_text,
            describe.lines(theirs.values(), mine, _removed if replaces else _marked),
        ),
        added=[key for key in theirs if key not in named],
        clashes=_clashes(mine, theirs),
        saved=saved,
    )


def _clashes(
    mine: Iterable[EffortInput], theirs: Mapping[int, EffortInput]
) -> list[tuple[int, str]]:
    return [
        (key, effort.text or theirs[key].text)
        for effort in mine
        if (key := effort.effort_id) is not None
        and key in theirs
        and (effort.removed or effort.content != theirs[key].content)
    ]


def stored_efforts(cell: Cell, matrix: Matrix) -> dict[int, EffortInput]:
    """The efforts of the cell by their keys, with the proposals that they serve."""
    return {
        line.effort.pk: EffortInput(
            effort_id=line.effort.pk,
            proposals=frozenset(matrix.served[line.effort.pk]),
            themes=frozenset(theme.pk for theme in line.effort.theme_list),
            **{name: getattr(line.effort, name) for name in EFFORT_FIELDS},
        )
        for line in cell.lines
    }


def merged(
    answer: Answer,
    before: Mapping[int, Record],
    cell: Cell,
    matrix: Matrix,
    picked: Mapping[int, str] = MappingProxyType({}),
) -> list[EffortInput]:
    """Both versions in one list, where ``before`` are the efforts that the person started from.

    What only one of the two changed is taken over. An effort that both changed stands twice, as
    the person wrote it and as it was saved, for the person to keep one, unless ``picked`` says
    by its key which one shall stand.
    """
    theirs = stored_efforts(cell, matrix)
    lines = []
    for mine in answer.efforts:
        key = mine.effort_id if mine.effort_id in theirs else _same_text(mine, theirs)
        if key is None:
            lines.append(mine)
            continue
        other = theirs.pop(key)
        if pick := picked.get(key):
            lines.append(other if pick == THEIRS else replace(mine, effort_id=key))
            continue
        both, clash = _merge(mine, other, before.get(key))
        lines.append(replace(both, effort_id=key))
        if clash:
            lines.append(replace(other, effort_id=None))
    return lines + list(theirs.values())


def _same_text(mine: EffortInput, theirs: Mapping[int, EffortInput]) -> int | None:
    """The key of the effort that both added in the same words."""
    for key, other in theirs.items():
        if mine.effort_id is None and mine.text == other.text:
            return key
    return None


def _merge(
    mine: EffortInput, other: EffortInput, before: Record | None
) -> tuple[EffortInput, bool]:
    values, clash = {}, False
    for name in EFFORT_FIELDS:
        my, their = getattr(mine, name), getattr(other, name)
        was = getattr(before, name) if before else None
        values[name] = their if before and my == was else my
        clash |= my != their and not (before and was in (my, their))
    values["proposals"] = mine.proposals | other.proposals
    values["themes"] = mine.themes | other.themes
    return replace(mine, **values), clash and not mine.removed


class _Describer:
    """Puts an effort's further fields into words, so that words can be compared."""

    def __init__(self, matrix: Matrix, cell: Cell, choices: Choices):
        self.proposals = [row.proposal for row in matrix.rows]
        self.themes = choices.themes
        self.initiatives = dict(choices.initiatives)
        self.notes = {e.note.pk: e.label for e in cell.column.entries if e.note}

    def state(self, state: PositionState, day: dt.date | None) -> str:
        return f"{state.label} {short_date(day)}" if day else str(state.label)

    def lines(
        self,
        efforts: Iterable[EffortInput],
        others: Iterable[EffortInput],
        mark: Callable[[str, str], SafeString] | None = None,
    ) -> list[VersionLine]:
        mark = mark or _marked
        others = list(others)
        by_key = dict[int | None, EffortInput]()
        by_key |= {other.effort_id: other for other in others if other.effort_id}
        by_text = {other.text: other for other in others}
        found = []
        for effort in efforts:
            other = by_key.get(effort.effort_id) or by_text.get(effort.text)
            found.append(
                VersionLine(
                    mark(other.text if other else "", effort.text),
                    mark(self.facts(other) if other else "", self.facts(effort)),
                    mark(other.note if other else "", effort.note),
                    effort.removed,
                )
            )
        return found

    def facts(self, effort: EffortInput) -> str:
        """State, dates, division, note, link and proposals, as far as there is anything to say."""
        parts = []
        if effort.state != EffortState.RUNNING:
            parts.append(str(EffortState(effort.state).label))
        if effort.valid_from:
            parts.append(_("From %(date)s") % {"date": short_date(effort.valid_from)})
        if effort.valid_until:
            parts.append(_("until %(date)s") % {"date": short_date(effort.valid_until)})
        if effort.division:
            parts.append(str(Division(effort.division).label))
        if effort.explained_by_id in self.notes:
            parts.append(self.notes[effort.explained_by_id])
        if effort.link:
            parts.append(effort.link)
        parts += [one.name for one in self.themes if one.pk in effort.themes]
        parts += [effort.new_theme] if effort.new_theme else []
        if effort.initiative_id:
            parts.append(self.initiatives.get(effort.initiative_id, _("KRAMS initiative")))
        if effort.responsible:
            parts.append(_("Responsible: %(who)s") % {"who": effort.responsible})
        if effort.next_step:
            parts.append(step_text(effort))
        served = [one for one in self.proposals if one.pk in effort.proposals]
        if len(served) > 1:
            parts.append(_("Serves proposals %(numbers)s") % {"numbers": numbers(served)})
        return " · ".join(parts)


def _marked(other: str, text: str) -> SafeString:
    """The text with ``<ins>`` around the words that the other version has not."""
    return word_differences.side_by_side(other, text)[1]


def _removed(other: str, text: str) -> SafeString:
    """The text with ``<del>`` around the words that the other version has not."""
    return word_differences.side_by_side(text, other)[0]
