"""A year of weeks as one strip: how much of the plan was held, and what is not known. Pure.

The columns are as high as the share of the plan, so that places with many activities and with few
are read alike; the sums of each quarter say the same in numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from krams.danish.weeks import Week
from krams.pictures.scale import coordinate

from .thresholds import DEFAULT_THRESHOLDS, Thresholds
from .weeks import WeekBeat

# Four times thirteen complete weeks, and the running one.
QUARTER = 13
YEAR_WEEKS = 4 * QUARTER + 1
COLUMN, GAP, TOP, GROUND = 8, 2, 1, 23


@dataclass(frozen=True, slots=True)
class YearDrawing:
    """``paths`` by what they show; empty ones are left out. ``months``: where one begins."""

    width: int
    months: str
    paths: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Span:
    """Thirteen complete weeks. ``kept``: held, in no week more than was planned.

    ``fell``: under what holds, while the span before held.
    """

    first: Week
    last: Week
    expected: int
    kept: int
    held: int
    missing: int
    fell: bool = False

    @property
    def percent(self) -> int | None:
        """Of what is known; None where nothing is."""
        known = self.expected - self.missing
        return 100 * self.kept // known if known else None

    @property
    def text(self) -> str:
        if self.expected:
            return _("%(held)s of %(expected)s") % {"held": self.kept, "expected": self.expected}
        if self.held:
            return _("%(held)s, none planned") % {"held": self.held}
        return _("nothing planned")

    def holds(self, thresholds: Thresholds) -> bool | None:
        """None where nothing was planned, or too much is not registered to tell."""
        if 100 * self.missing >= thresholds.unknown_percent * self.expected:
            return None
        return 100 * self.kept >= thresholds.holding_percent * (self.expected - self.missing)


@dataclass(frozen=True, slots=True)
class Year:
    beats: tuple[WeekBeat, ...]
    drawing: YearDrawing
    spans: tuple[Span, ...]

    @property
    def is_empty(self) -> bool:
        return not any(beat.expected or beat.held for beat in self.beats)


def year_of(beats: Sequence[WeekBeat], thresholds: Thresholds = DEFAULT_THRESHOLDS) -> Year:
    """``beats`` are ``YEAR_WEEKS`` weeks, of which the last is running."""
    complete = [beat for beat in beats if not beat.running]
    spans: list[Span] = []
    for start in range(0, len(complete), QUARTER):
        spans.append(_span(complete[start : start + QUARTER], spans, thresholds))
    return Year(tuple(beats), year_drawing(beats), tuple(spans))


def unplanned_beats(held: Mapping[Week, int], today: date) -> list[WeekBeat]:
    """The weeks of what was held without a plan."""
    running = Week.of(today)
    weeks = [running - back for back in reversed(range(YEAR_WEEKS))]
    return [WeekBeat(week, 0, held.get(week, 0), False, week == running) for week in weeks]


def _span(beats: Sequence[WeekBeat], before: Sequence[Span], thresholds: Thresholds) -> Span:
    found = Span(
        beats[0].week,
        beats[-1].week,
        expected=sum(beat.expected for beat in beats),
        kept=sum(beat.kept for beat in beats),
        held=sum(beat.held for beat in beats),
        missing=sum(beat.missing for beat in beats),
    )
    if before and before[-1].holds(thresholds) and found.holds(thresholds) is False:
        return Span(
            found.first, found.last, found.expected, found.kept, found.held, found.missing, True
        )
    return found


def year_drawing(beats: Sequence[WeekBeat]) -> YearDrawing:
    """One column a week, from the ground up: held, cancelled, not registered.

    Of the running week only what has been is drawn.
    """
    found: dict[str, list[str]] = {"on": [], "off": [], "miss": [], "pause": [], "free": []}
    for number, beat in enumerate(beats):
        left = number * (COLUMN + GAP)
        if beat.expected:
            for name, path in _column(left, beat):
                found[name].append(path)
        elif beat.held:
            found["free"].append(f"M{left + 1} {GROUND - 3}a3 3 0 1 0 6 0a3 3 0 1 0-6 0z")
        elif beat.paused:
            found["pause"].append(f"M{left + 1} {GROUND - 7}h2v7h-2zm4 0h2v7h-2z")
    months = (
        f"M{number * (COLUMN + GAP) - GAP // 2} 0v24"
        for number, beat in enumerate(beats)
        if number and any(day.day == 1 for day in beat.week.days)
    )
    paths = tuple((name, "".join(parts)) for name, parts in found.items() if parts)
    return YearDrawing(len(beats) * (COLUMN + GAP) - GAP, "".join(months), paths)


def _column(left: int, beat: WeekBeat) -> list[tuple[str, str]]:
    """The parts of a week's plan, on each other; nothing of what is still to come."""
    unit = (GROUND - TOP) / beat.expected
    cancelled = 0 if beat.running else beat.known - beat.kept
    parts, ground = [], float(GROUND)
    for name, times in (("on", beat.kept), ("off", cancelled), ("miss", beat.missing)):
        if times:
            height = times * unit
            ground -= height
            parts.append(
                (name, f"M{left} {coordinate(ground)}h{COLUMN}v{coordinate(height)}h-{COLUMN}z")
            )
    return parts
