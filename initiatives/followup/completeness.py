"""How much of what was planned a facility has registered, and how late. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from krams.danish.weeks import Week

from ..enums import ActivitySource
from ..sustain.expected import expected_in_week, plans_of_activities
from ..sustain.rows import Place
from .concern import Facts

WEEKS = 12


class Filled(NamedTuple):
    """Times expected of a facility, and how many of them were registered.

    More than planned counts as planned, plan by plan: one busy activity does not fill the gap of
    another. ``late`` are those written down later than the week after.
    """

    expected: int = 0
    registered: int = 0
    late: int = 0

    @property
    def percent(self) -> int | None:
        """In whole per cent, rounded down: 100 means all of it; None where nothing was expected."""
        return self.registered * 100 // self.expected if self.expected else None

    @property
    def is_missing(self) -> bool:
        return self.registered < self.expected


def filled(expected: int, registered: int, late: int) -> Filled:
    """Of one activity in a week."""
    kept = min(expected, registered)
    return Filled(expected, kept, min(kept, late))


def is_late(monday: date, written: date, source: str) -> bool:
    """Written down later than the week after that of ``monday``; ``written`` is a Monday too.

    Nobody was late with what was imported from elsewhere.
    """
    return source != ActivitySource.IMPORT and written - monday > timedelta(weeks=1)


def total(cells: Iterable[Filled]) -> Filled:
    cells = list(cells)
    return Filled(*map(sum, zip(*cells, strict=True))) if cells else Filled()


def this_week(facts: Facts, today: date) -> dict[int, Filled]:
    """How much of the running week is registered, by facility; the week is taken as a whole.

    As the page of complete weeks will tell it when the week is over.
    """
    week, found = Week.of(today), defaultdict(list)
    for line in plans_of_activities({pk: row.replaces_id for pk, row in facts.rows.items()}):
        expected = sum(expected_in_week(facts.plans[pk], week) for pk in line)
        if expected:
            logs = [facts.logs[pk] for pk in line]
            registered = sum(log.held[week] + log.cancelled[week].total() for log in logs)
            found[facts.rows[line[0]].facility_id].append(filled(expected, registered, 0))
    return {key: total(cells) for key, cells in found.items()}


def planned_on(facts: Facts, day: date) -> Counter[int]:
    """How many activities have that day as their day, by facility."""
    return Counter(
        row.facility_id for pk, row in facts.rows.items() if facts.plans[pk].is_planned_on(day)
    )


@dataclass(frozen=True, slots=True)
class Row:
    facility: Place
    weeks: tuple[tuple[Week, Filled], ...]
    total: Filled


@dataclass(frozen=True, slots=True)
class Completeness:
    """The last complete weeks, oldest first; ``totals`` are per week, then of all."""

    weeks: tuple[Week, ...]
    rows: tuple[Row, ...]
    totals: tuple[Filled, ...]
    total: Filled
