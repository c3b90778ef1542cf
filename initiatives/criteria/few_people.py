"""What may be told of figures that are about few people: of places together, and of weeks. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from krams.danish.quarters import Quarter
from krams.privacy.small_counts import (
    HIDDEN,
    Held,
    Hidden,
    Share,
    in_portions,
    total_share,
)

from ..enums import IndicatorKind
from .figures import Tracked, figure_text


@dataclass(frozen=True, slots=True)
class Total:
    """The share of all places together, from their latest figures; None where there is none.

    ``left_out`` is the number of places whose figure is hidden: they are not in it.
    """

    value: Decimal | Hidden | None
    n: int | None = None
    left_out: int = 0

    @property
    def is_hidden(self) -> bool:
        return self.value is HIDDEN

    @property
    def text(self) -> str:
        # Who asks for the text of a hidden one has forgotten to ask whether it is hidden.
        assert self.value is not HIDDEN
        return figure_text(self.value, "%", IndicatorKind.SHARE)


def total_of(same_indicator: Sequence[Tracked]) -> Total:
    """The share of all places whose latest figure of one indicator is shown.

    Only what is shown beside it is in it, so that nothing can be subtracted from it: neither in the
    same table, nor from the one of last month, nor from one with another place
    (``krams.privacy.small_counts``).
    """
    shares = [_shown_share(one) for one in same_indicator]
    measured = [share for share in shares if share is not None]
    if len(measured) < 2:
        return Total(None)
    total = total_share(measured)
    if not isinstance(total, tuple):
        return Total(HIDDEN)
    part, whole = total
    return Total(Decimal(100 * part) / whole, whole, measured.count(HIDDEN))


def _shown_share(one: Tracked) -> Share | Hidden | None:
    latest = one.latest
    if latest is None or not latest.denominator:
        return None
    assert latest.numerator is not None, "a whole has its part"
    return HIDDEN if one.is_hidden else (latest.numerator, latest.denominator)


class Week(NamedTuple):
    """What the log of a facility tells of a week and a set of factors ("KM").

    ``told`` is how many took part since the last week that told it; None or ``HIDDEN`` where it
    tells nothing. ``is_alone``: that is the number of this week.
    """

    held: int
    told: int | Hidden | None
    is_alone: bool


# By a set of factors and a Monday.
Counts = Mapping[tuple[str, date], Held]


def weeks_told(
    counts: Counts, factor: str, mondays: Iterable[date], smallest: int
) -> list[list[Week]]:
    """What may be told of each of ``mondays``, which are of one quarter and follow each other.

    A list for each set of factors with ``factor`` in it: those are of different activities, so that
    nothing follows from one for another, whichever of them are added up.
    """
    weeks = list(mondays)
    found = []
    for letters in {letters for letters, _monday in counts if factor in letters}:
        held = [counts.get((letters, monday), (0, 0)) for monday in weeks]
        told = in_portions(held, smallest)
        before: list[int | Hidden | None] = [0, *told]
        found.append(
            [
                Week(times, number, isinstance(number, int) and last is not None)
                for (times, _people), number, last in zip(held, told, before, strict=False)
            ]
        )
    return found


def quarters_of(mondays: Iterable[date]) -> dict[Quarter, list[date]]:
    """A week belongs to the quarter of its Sunday."""
    found: dict[Quarter, list[date]] = defaultdict(list)
    for monday in mondays:
        found[Quarter.of(monday + timedelta(days=6))].append(monday)
    return found


def weeks_of(quarter: Quarter, today: date) -> list[date]:
    """The Mondays of the weeks of a quarter that are over."""
    monday = quarter.first - timedelta(days=quarter.first.weekday())
    this_week = today - timedelta(days=today.weekday())
    found = []
    while monday + timedelta(days=6) <= quarter.last and monday < this_week:
        found.append(monday)
        monday += timedelta(weeks=1)
    return found


def shown_weeks(counts: Counts, factor: str, mondays: Sequence[date], smallest: int) -> set[date]:
    """Those of ``mondays`` whose participations of a factor may be shown.

    ``mondays`` are complete quarters, but for the weeks that are to come: where a portion begins
    follows from the first week of its quarter.
    """
    hidden = set()
    for weeks in quarters_of(mondays).values():
        for told in weeks_told(counts, factor, weeks, smallest):
            hidden |= {
                monday
                for monday, week in zip(weeks, told, strict=True)
                if week.held and not week.is_alone
            }
    return set(mondays) - hidden


def participations(
    counts: Counts, factor: str, mondays: Sequence[date], smallest: int
) -> int | Hidden | None:
    """How many took part in activities of a factor in the weeks of one quarter, as told.

    None where nothing was held, ``HIDDEN`` where no portion of it is large enough to be told.
    """
    told = [week for weeks in weeks_told(counts, factor, mondays, smallest) for week in weeks]
    if not any(week.held for week in told):
        return None
    numbers = [week.told for week in told if isinstance(week.told, int)]
    return sum(numbers) or HIDDEN
