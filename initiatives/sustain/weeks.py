"""What became of a plan week by week: expected, held, cancelled, not registered. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from krams.danish.weeks import Week

from .expected import Plan, expected_in_week, expected_in_weeks
from .thresholds import STRIP_WEEKS

HELD = "held"


@dataclass(frozen=True, slots=True)
class Log:
    """What was written up of a plan, by week: times held, and times not held by their reason."""

    held: Counter[Week] = field(default_factory=Counter)
    cancelled: Mapping[Week, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, week: Week, fate: str, times: int) -> None:
        """``fate`` is ``HELD`` or a reason (``ActivityQuerySet.with_fate``)."""
        if fate == HELD:
            self.held[week] += times
        else:
            self.cancelled[week][fate] += times


# One activity: its plan of today and those that it replaced, each with its log.
Line = Sequence[tuple[Plan, Log]]


class WeekBeat(NamedTuple):
    """One week of the strip, in activities.

    ``paused``: nothing was expected, and a pause is why. ``running``: the week is not over, so
    it is shown but never judged. ``missing``: times that have been and are neither held nor
    cancelled; more of one activity does not fill the gap of another.
    """

    week: Week
    expected: int
    held: int
    paused: bool
    running: bool
    missing: int = 0

    @property
    def is_judged(self) -> bool:
        """A complete week with something planned: the only kind that verdicts look at."""
        return self.expected > 0 and not self.running

    @property
    def kept(self) -> int:
        """Held, but at most what was planned: one busy week does not make up for empty ones."""
        return min(self.held, self.known)

    @property
    def known(self) -> int:
        """Planned times of which somebody wrote down what became of them."""
        return self.expected - self.missing


def line_beats(line: Line, today: date, weeks: int = STRIP_WEEKS) -> list[WeekBeat]:
    """Return an activity's last weeks in order; the last one is the running week.

    The running week shows what is expected of it as a whole.
    """
    return beats_together([line], today, weeks)


def beats_together(lines: Iterable[Line], today: date, weeks: int = STRIP_WEEKS) -> list[WeekBeat]:
    """The sums of several activities, week by week; none where there are none.

    A week is paused where nothing is expected of any activity and at least one is paused.
    """
    found = _weeks_to(Week.of(today), weeks)
    strips = [_strip(line, found, today) for line in lines]
    expected, held, paused, missing = (
        (list(map(sum, zip(*numbers, strict=True))) for numbers in zip(*strips, strict=True))
        if strips
        else ([], [], [], [])
    )
    is_paused = [not times and number > 0 for times, number in zip(expected, paused, strict=True)]
    running = [*[False] * (weeks - 1), True]
    return list(map(WeekBeat, found, expected, held, is_paused, running, missing))


@lru_cache(maxsize=64)
def _weeks_to(last: Week, number: int) -> tuple[Week, ...]:
    """The same few weeks for every plan of a page."""
    return tuple(last - back for back in reversed(range(number)))


def _strip(line: Line, weeks: Sequence[Week], today: date) -> tuple[list[int], ...]:
    """By week: times expected, held, whether it was paused (1) and times missing."""
    expected, *more = [expected_in_weeks(plan, weeks) for plan, _log in line]
    if more:
        # A rhythm that was changed.
        expected = list(map(sum, zip(expected, *more, strict=True)))
    due = [*expected[:-1], sum([_due_before(plan, weeks[-1], today) for plan, _log in line])]
    held, known = _written_up(line, weeks)
    paused = [0] * len(weeks)
    if any([plan.pauses for plan, _log in line]):
        paused = [
            int(not times and _is_paused(line, week))
            for week, times in zip(weeks, expected, strict=True)
        ]
    missing = [max(0, times - told) for times, told in zip(due, known, strict=True)]
    return expected, held, paused, missing


def _written_up(line: Line, weeks: Sequence[Week]) -> tuple[list[int], list[int]]:
    """By week: how often it was held, and of how many times it is known what became of them.

    In the week of a new rhythm, what was held counts under whichever plan it stands.
    """
    first, held, cancelled = weeks[0].monday, [0] * len(weeks), [0] * len(weeks)
    for _plan, log in line:
        for week, times in log.held.items():
            if 0 <= (place := (week.monday - first).days // 7) < len(weeks):
                held[place] += times
        for week, reasons in log.cancelled.items():
            if 0 <= (place := (week.monday - first).days // 7) < len(weeks):
                cancelled[place] += sum(reasons.values())
    return held, [sum(both) for both in zip(held, cancelled, strict=True)]


def _is_paused(line: Line, week: Week) -> bool:
    return any(
        plan.is_current(day) and plan.pause_on(day)
        for plan, _log in line
        if plan.pauses
        for day in week.days
    )


def _due_before(plan: Plan, week: Week, today: date) -> int:
    """Of the running week: what has been. On no fixed day it can still come until Sunday."""
    if plan.times_per_week:
        return 0
    return expected_in_week(plan, week, today - timedelta(days=1))


def combine(strips: Iterable[Sequence[WeekBeat]]) -> list[WeekBeat]:
    """Sum the strips of several plans into one, week by week in order.

    A week is paused where nothing is expected of any plan and at least one is paused.
    """
    strips = list(strips)
    if len(strips) == 1:
        return list(strips[0])
    by_week = defaultdict(list)
    for strip in strips:
        for beat in strip:
            by_week[beat.week.monday].append(beat)
    return [_sum(by_week[monday]) for monday in sorted(by_week)]


def _sum(same_week: Sequence[WeekBeat]) -> WeekBeat:
    weeks, expected, held, paused, running, missing = zip(*same_week, strict=True)
    is_paused = not any(expected) and any(paused)
    return WeekBeat(weeks[0], sum(expected), sum(held), is_paused, running[0], sum(missing))
