"""How the matrix puts states, dates, numbers and authorities into few words. Pure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..enums import EffortState, PositionState

if TYPE_CHECKING:
    from ..models import Effort, Proposal

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


def numbers(proposals: "Iterable[Proposal]") -> str:
    """The proposals' numbers as they are spoken: 7, 8 and 9."""
    spoken = [str(proposal.number) for proposal in proposals]
    if len(spoken) < 2:
        return "".join(spoken)
    return _("%(list)s and %(last)s") % {"list": ", ".join(spoken[:-1]), "last": spoken[-1]}


def effort_tags(effort: "Effort", today: dt.date, *, is_expired: bool) -> list[Tag]:
    """What must be known of an effort: that it is not running, has ended, or has not begun."""
    state = EffortState(effort.state)
    found = []
    if state != EffortState.RUNNING:
        found.append(Tag(state.tone, state.symbol, str(state.label)))
    if is_expired and effort.valid_until:
        text = _("Expired %(date)s") % {"date": short_date(effort.valid_until)}
        found.append(Tag(EXPIRED_TONE, EXPIRED_SYMBOL, text))
    elif effort.valid_from and effort.valid_from > today:
        planned = EffortState.PLANNED
        text = _("From %(date)s") % {"date": short_date(effort.valid_from)}
        found.append(Tag(planned.tone, planned.symbol, text))
    return found


def expired_text(effort: "Effort") -> str:
    """Why the answer above it cannot be confirmed."""
    ended = short_date(effort.valid_until) if effort.valid_until else "–"
    return _(
        "“%(effort)s” ended %(date)s. Change its date, mark it as discontinued or remove it;"
        " that confirms the answer."
    ) % {"effort": effort.text, "date": ended}
