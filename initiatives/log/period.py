"""Held of planned in any period, activity by activity. Pure.

The same rules as the strips of weeks: what was expected is told by the plan, pauses and holidays
taken out, and what nobody wrote down is neither held nor not held. Only days that have passed are
looked at.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from krams.danish.weeks import Week

from ..enums import Factor
from ..sustain.expected import Plan, expected_between
from ..sustain.rows import PlanRow
from ..sustain.weeks import HELD

# What can be asked for at once: three years.
MOST_DAYS = 3 * 366

# Of a plan: how often which fate befell it in which week.
Fates = Mapping[Week, Counter[str]]


@dataclass(frozen=True, slots=True)
class Period:
    """Both days included. Raises ValueError for an end before the start."""

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("a period cannot end before it starts")

    def weeks(self) -> Iterator[tuple[Week, dt.date, dt.date]]:
        """Each week that it touches, with the first and last of its days within."""
        week = Week.of(self.first)
        while week.monday <= self.last:
            yield week, max(self.first, week.monday), min(self.last, week.sunday)
            week += 1


@dataclass(frozen=True, slots=True)
class Figures:
    """Times of an activity, or of all.

    ``planned`` = held (at most as planned) + not held + not registered. ``extra`` was held beyond
    the plan. ``paused`` and ``on_holidays`` were left out of the plan.
    """

    planned: int = 0
    held: int = 0
    not_held: int = 0
    missing: int = 0
    extra: int = 0
    paused: int = 0
    on_holidays: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, name) + getattr(other, name) for name in Figures.__slots__))

    @property
    def percent(self) -> int | None:
        """Held of what is known, in whole per cent, rounded down; None where nothing is known."""
        known = self.planned - self.missing
        return self.held * 100 // known if known else None


@dataclass(frozen=True, slots=True)
class Row:
    """An activity: its newest plan in the period, whatever rhythms it has had."""

    planned: PlanRow
    figures: Figures

    @property
    def factor_list(self) -> tuple[Factor, ...]:
        return self.planned.factor_list


def figures_of(line: Sequence[tuple[Plan, Fates]], period: Period) -> Figures:
    """Of one activity: its plan and those that it replaced."""
    found = Figures()
    for week, first, last in period.weeks():
        expected = [_expected(plan, first, last) for plan, _fates in line]
        planned, paused, on_holidays = map(sum, zip(*expected, strict=True))
        told = Counter[str]()
        for _plan, fates in line:
            told.update(fates.get(week, {}))
        held, not_held = told[HELD], told.total() - told[HELD]
        # More held than planned in one week fills no gap of another.
        kept = min(held, planned)
        cancelled = min(not_held, planned - kept)
        found += Figures(
            planned,
            kept,
            cancelled,
            planned - kept - cancelled,
            held - kept,
            paused,
            on_holidays,
        )
    return found


def _expected(plan: Plan, first: dt.date, last: dt.date) -> tuple[int, int, int]:
    """Times planned, and left out for a pause and for holidays, of days within one week."""
    planned = expected_between(plan, first, last)
    unpaused = expected_between(replace(plan, pauses=()), first, last) if plan.pauses else planned
    everything = unpaused
    if not plan.on_holidays:
        whole = replace(plan, pauses=(), on_holidays=True)
        everything = expected_between(whole, first, last)
    return planned, unpaused - planned, everything - unpaused


def total(rows: Iterable[Row]) -> Figures:
    found = Figures()
    for row in rows:
        found += row.figures
    return found


def quick_choices(today: dt.date) -> list[tuple[str, Period]]:
    """The periods that are asked for most, by name: quarters, half-years and years.

    What runs now ends yesterday; where it began today there is nothing to tell of it yet.
    """
    yesterday = today - dt.timedelta(days=1)
    found = []
    for name, months in (("quarter", 3), ("half", 6), ("year", 12)):
        first = dt.date(today.year, (today.month - 1) // months * months + 1, 1)
        before = first - dt.timedelta(days=1)
        start = dt.date(before.year, (before.month - 1) // months * months + 1, 1)
        if first <= yesterday:
            found.append((f"this-{name}", Period(first, yesterday)))
        found.append((f"last-{name}", Period(start, before)))
    return found
