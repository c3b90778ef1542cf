"""A cell of the matrix: the one reader of what counts as answered, effort, gap and unconfirmed.

Pages, counts, queries, e-mails and editions all ask here; nobody compares states on their own.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from ..enums import EffortState, PositionState
from .notes_below import Entry
from .wording import Tag, Wording, effort_tags, numbers

if TYPE_CHECKING:
    from initiatives.followup.queries.cited_initiatives import Cited

    from .layout import Column
    from .rows import AnswerRow, EffortRow, ProposalRow

NOT_ANSWERED = (PositionState.NOT_FILLED,)
# Answers that say that something is done or on its way, whether or not it is written below.
WITH_EFFORT = (PositionState.ESTABLISHED, PositionState.INDIVIDUAL, PositionState.PLANNED)
# Answers that leave nothing to be done.
SETTLED_WITHOUT = (PositionState.NOT_NEEDED, PositionState.NOT_APPLICABLE)
# Nothing is known: neither that there is an effort nor that there is none.
OPEN = (*NOT_ANSWERED, PositionState.UNKNOWN)
DATED_STATES = (PositionState.PLANNED, PositionState.DISCONTINUED)


def is_answered(state: str) -> bool:
    return state not in NOT_ANSWERED


def has_effort(state: str, lives: Iterable[bool]) -> bool:
    """``lives`` says of each effort in the cell whether it is there or on its way.

    Lines below "None" or "Not known" explain the answer and are no effort. Where all efforts have
    ended, the answer is out of date.
    """
    lives = list(lives)
    if state == PositionState.ANSWERED:
        return any(lives)
    return state in WITH_EFFORT and (any(lives) or not lives)


def is_gap(state: str, lives: Iterable[bool]) -> bool:
    """Nobody does anything, and nobody has said that nothing is needed."""
    return state not in SETTLED_WITHOUT and not has_effort(state, lives)


def agreeing(state: str, *, holds_efforts: bool) -> PositionState:
    """The state of a cell to which efforts have come, or which they have left."""
    if holds_efforts and not is_answered(state):
        return PositionState.ANSWERED
    if state == PositionState.ANSWERED and not holds_efforts:
        return PositionState.NOT_FILLED
    return PositionState(state)


@dataclass(frozen=True, slots=True)
class Standing:
    """How efforts of one state and with the same dates stand today.

    ``is_live``: there or on its way, neither expired nor discontinued. ``is_expired``: past its
    last day, and not said to be discontinued, so that the answer cannot be right.
    """

    is_live: bool
    is_expired: bool
    tags: list[Tag]


def standing(
    state: str, valid_from: dt.date | None, valid_until: dt.date | None, today: dt.date
) -> Standing:
    is_discontinued = state == EffortState.DISCONTINUED
    is_past = valid_until is not None and valid_until < today
    is_expired = is_past and not is_discontinued
    return Standing(
        is_live=not is_discontinued and not is_expired,
        is_expired=is_expired,
        tags=effort_tags(
            EffortState(state), valid_from, valid_until if is_expired else None, today
        ),
    )


@dataclass(slots=True)
class Line:
    """One effort in a cell, with the texts below the table that explain it.

    ``part`` is the heading above it where another division begins, ``initiative`` what may be
    known of the KRAMS initiative that it is. ``is_hit``: a filter looked for it.
    """

    effort: "EffortRow"
    standing: Standing
    entries: list[Entry]
    part: str = ""
    initiative: "Cited | None" = None
    is_hit: bool = False

    @property
    def is_live(self) -> bool:
        return self.standing.is_live

    @property
    def is_expired(self) -> bool:
        return self.standing.is_expired

    @property
    def tags(self) -> list[Tag]:
        return self.standing.tags


@dataclass(slots=True)
class Cell:
    """One authority's answer to one proposal.

    A confirmation before ``confirmed_since`` is too old. ``joint`` are the proposals that one
    answer covers, in order; only this one where it stands alone. ``rowspan`` is 0 where the answer
    is drawn in a row above. ``versions`` are those of all that it covers, as in a column.
    ``concerns`` says whether the proposal concerns the authority: if not, it need not answer, and
    what it answers all the same is one more.
    """

    proposal: "ProposalRow"
    column: "Column"
    position: "AnswerRow | None"
    state: PositionState
    lines: list[Line]
    confirmed_since: dt.date
    wording: Wording
    joint: "tuple[ProposalRow, ...]" = ()
    rowspan: int = 1
    concerns: bool = True
    confirmed_on: dt.date | None = None
    versions: str = ""

    @property
    def anchor(self) -> str:
        return f"c-{self.proposal.pk}-{self.column.authority.slug}"

    @property
    def editor_id(self) -> str:
        return f"e-{self.proposal.pk}-{self.column.authority.slug}"

    @property
    def version(self) -> int:
        """0 as long as nobody has answered."""
        return self.position.version if self.position else 0

    @property
    def state_from(self) -> dt.date | None:
        return self.position.state_from if self.position else None

    @property
    def is_filled(self) -> bool:
        return is_answered(self.state)

    @property
    def has_effort(self) -> bool:
        return has_effort(self.state, [line.is_live for line in self.lines])

    @property
    def counts(self) -> bool:
        """Answered, and one of those that shall be."""
        return self.concerns and self.is_filled

    @property
    def is_extra(self) -> bool:
        """Answered by an authority that the proposal does not concern."""
        return self.is_filled and not self.concerns

    @property
    def is_outside(self) -> bool:
        """Nothing is missing here: the proposal concerns others."""
        return not self.concerns and not self.is_filled

    @property
    def is_missing(self) -> bool:
        """An answer is waited for: the proposal concerns the authority, which has not answered."""
        return self.concerns and not self.is_filled

    @property
    def is_gap(self) -> bool:
        return self.concerns and is_gap(self.state, [line.is_live for line in self.lines])

    @property
    def efforts(self) -> list[Line]:
        """The lines that count as an effort."""
        return [line for line in self.lines if line.is_live] if self.has_effort else []

    @property
    def confirmed_by(self) -> str:
        """Who confirmed it; nobody known where a joint answer was confirmed in parts."""
        if self.position and self.position.confirmed_on == self.confirmed_on:
            return self.position.confirmed_by
        return ""

    @property
    def is_joint(self) -> bool:
        return len(self.joint) > 1

    @property
    def has_expired(self) -> bool:
        return self.is_filled and any(line.is_expired for line in self.lines)

    @property
    def is_unconfirmed(self) -> bool:
        """Answered, but not confirmed within the cluster's interval."""
        if not self.is_filled:
            return False
        return self.confirmed_on is None or self.confirmed_on < self.confirmed_since

    @property
    def is_outdated(self) -> bool:
        """It waits to be confirmed, or to be put right; nobody waits for what is one more."""
        return self.concerns and (self.is_unconfirmed or self.has_expired)

    @property
    def state_text(self) -> str:
        if self.is_outside:
            return self.wording.outside
        return self.wording.state[self.state, self.state_from]

    @property
    def confirmed_text(self) -> str:
        if not self.is_filled:
            return ""
        return self.wording.confirmed[self.confirmed_on, self.is_unconfirmed]

    @property
    def confirmed_by_text(self) -> str:
        """Accounts are shown by role and place; empty where nobody is known."""
        who = self.confirmed_by
        if not self.is_filled or not who:
            return ""
        return self.wording.confirmed_by[who, self.is_unconfirmed]

    @property
    def joint_text(self) -> str:
        if not self.is_joint:
            return ""
        return _("One answer to proposals %(numbers)s") % {"numbers": numbers(self.joint)}


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day so many months earlier, or the last of that month."""
    month = day.year * 12 + day.month - 1 - months
    first = dt.date(month // 12, month % 12 + 1, 1)
    next_first = dt.date((month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(first + dt.timedelta(days=day.day - 1), next_first - dt.timedelta(days=1))
