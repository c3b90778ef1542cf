"""How the matrix puts states, dates, numbers and authorities into few words. Pure."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..enums import EffortState, PositionState

if TYPE_CHECKING:
    from ..models import Effort, Proposal
    from .answer import EffortInput
    from .rows import EffortRow, ProposalRow

V = TypeVar("V")
EXPIRED_TONE, EXPIRED_SYMBOL = "is-warn", "i-clock"


@dataclass(frozen=True, slots=True)
class Tag:
    """What stands beside an effort: symbol, tone and words."""

    tone: str
    symbol: str
    text: str


def legend() -> list[Tag]:
    """Every state that the page can show; that an effort has expired is told by its dates."""
    states = [Tag(state.tone, state.symbol, str(state.label)) for state in PositionState]
    return [*states[:-1], Tag(EXPIRED_TONE, EXPIRED_SYMBOL, _("Expired")), states[-1]]


def short_date(day: dt.date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


class Once(dict[tuple[Any, ...], V]):
    """What follows from a few values, by these, each worked out when it is first asked for."""

    def __init__(self, work_out: Callable[..., V]):
        super().__init__()
        self.work_out = work_out

    def __missing__(self, values: tuple[Any, ...]) -> V:
        found = self[values] = self.work_out(*values)
        return found


class Wording:
    """What one matrix says again and again, in the language of whoever reads it.

    A thousand cells hold a few hundred different texts.
    """

    __slots__ = ("confirmed", "confirmed_by", "outside", "state")

    def __init__(self) -> None:
        self.outside = outside_text()
        self.state = Once(state_text)
        self.confirmed = Once(confirmed_text)
        self.confirmed_by = Once(confirmed_by_text)


def state_text(state: PositionState, day: dt.date | None) -> str:
    if day and state == PositionState.PLANNED:
        return _("Planned from %(date)s") % {"date": short_date(day)}
    if day and state == PositionState.DISCONTINUED:
        return _("Discontinued since %(date)s") % {"date": short_date(day)}
    return str(state.label)


def outside_text() -> str:
    """Of a cell whose authority the proposal does not concern, and which is not filled in."""
    return _("Does not concern them")


def confirmed_text(day: dt.date | None, is_unconfirmed: bool) -> str:
    if day is None:
        return _("Unconfirmed so far")
    if is_unconfirmed:
        return _("Unconfirmed, last confirmed %(month)s") % {"month": date_format(day, "m.Y")}
    return _("Confirmed %(date)s") % {"date": short_date(day)}


def confirmed_by_text(who: str, is_unconfirmed: bool) -> str:
    if is_unconfirmed:
        return _("(then by %(who)s)") % {"who": who}
    return _("by %(who)s") % {"who": who}


def numbers(proposals: "Iterable[Proposal | ProposalRow]") -> str:
    """The proposals' numbers as they are spoken: 7, 8 and 9."""
    spoken = [str(proposal.number) for proposal in proposals]
    if len(spoken) < 2:
        return "".join(spoken)
    return _("%(list)s and %(last)s") % {"list": ", ".join(spoken[:-1]), "last": spoken[-1]}


def effort_tags(
    state: EffortState, start: dt.date | None, expired: dt.date | None, today: dt.date
) -> list[Tag]:
    """What must be known of an effort: that it is not running, has ended, or has not begun.

    ``expired`` is its last day, if it has expired.
    """
    found = []
    if state != EffortState.RUNNING:
        found.append(Tag(state.tone, state.symbol, str(state.label)))
    if expired:
        text = _("Expired %(date)s") % {"date": short_date(expired)}
        found.append(Tag(EXPIRED_TONE, EXPIRED_SYMBOL, text))
    elif start and start > today:
        planned = EffortState.PLANNED
        text = _("From %(date)s") % {"date": short_date(start)}
        found.append(Tag(planned.tone, planned.symbol, text))
    return found


def step_text(effort: "Effort | EffortInput | EffortRow") -> str:
    """What it does next, and by when."""
    if effort.next_step_on is None:
        return _("Next step: %(step)s") % {"step": effort.next_step}
    return _("Next step by %(date)s: %(step)s") % {
        "step": effort.next_step,
        "date": short_date(effort.next_step_on),
    }


def expired_text(effort: "Effort | EffortRow") -> str:
    """Why the answer above it cannot be confirmed."""
    ended = short_date(effort.valid_until) if effort.valid_until else "–"
    return _(
        "“%(effort)s” ended %(date)s. Change its date, mark it as discontinued or remove it;"
        " that confirms the answer."
    ) % {"effort": effort.text, "date": ended}
