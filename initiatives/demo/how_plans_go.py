"""What becomes of a demo plan, day by day: pure, and the same however often it is asked.

Nothing is drawn at random: the choices come from a hash of the plan and the day, so that the demo
of one day is the same everywhere, and a later run agrees with an earlier one.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass

from ..enums import CancellationReason

HOLDS, FADES, STOPS, PAUSES = COURSES = ("holds", "fades", "stops", "pauses")

# The weeks of the year in which a plan that holds loses one of its times, by times a week: so few
# that 75 % are kept in any four weeks in a row, which is where "holding" ends.
LOSES_ONE_EVERY = {1: 4, 2: 3, 3: 2}
FADES_SINCE_WEEKS, FADED_SINCE_WEEKS = 8, 4
STOPPED_SINCE_WEEKS = 5


@dataclass(frozen=True, slots=True)
class Day:
    """One time that a plan promised: held by so many, or cancelled for a reason."""

    participant_count: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Habit:
    """How a plan goes. ``weekdays`` are those on which it is held; ``key`` tells it from others."""

    key: str
    weekdays: tuple[int, ...]
    course: str
    participants: tuple[int, int]
    reasons: tuple[str, ...]
    # It does not come every week: one time lost would be a quarter of what is judged.
    is_rare: bool = False

    def on(self, day: dt.date, today: dt.date) -> Day | None:
        """What is registered of ``day``; None where nobody wrote anything down."""
        weeks_ago = (_week(today) - _week(day)) if day <= today else 0
        match self._fate(day, weeks_ago):
            case "held":
                return Day(participant_count=self._count(day))
            case "cancelled":
                return Day(reason=self.reasons[number(self.key, day, "why") % len(self.reasons)])
            case _:
                return None

    def _fate(self, day: dt.date, weeks_ago: int) -> str:
        if self.course == FADES and weeks_ago <= FADES_SINCE_WEEKS:
            losses = len(self.weekdays) - 1 if weeks_ago <= FADED_SINCE_WEEKS else 1
            if day.isoweekday() not in self._lost(day, losses):
                return "held"
            return "" if number(self.key, day, "seen") % 6 == 0 else "cancelled"
        if self.course == STOPS and weeks_ago <= STOPPED_SINCE_WEEKS:
            return "cancelled"
        return "cancelled" if self._is_lost_while_holding(day) else "held"

    def _is_lost_while_holding(self, day: dt.date) -> bool:
        if self.is_rare:
            return False
        every = LOSES_ONE_EVERY.get(len(self.weekdays), 1)
        if (_week(day) + number(self.key)) % every:
            return False
        if every == 1 and number(self.key, _week(day), "whole") % 3 == 0:
            return False
        return day.isoweekday() in self._lost(day, 1)

    def _lost(self, day: dt.date, losses: int) -> tuple[int, ...]:
        """Neighbouring weekdays of the plan, from one that differs from week to week."""
        first = number(self.key, _week(day)) % len(self.weekdays)
        around = self.weekdays[first:] + self.weekdays[:first]
        return around[:losses]

    def _count(self, day: dt.date) -> int:
        least, most = self.participants
        return least + number(self.key, day, "count") % (most - least + 1)


def number(*parts: object) -> int:
    """A whole number that only depends on ``parts``."""
    text = ":".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6])


def is_reason(value: str) -> bool:
    return value in CancellationReason.values and value != CancellationReason.OTHER


def _week(day: dt.date) -> int:
    """A running number of the week; 1 January of the year 1 was a Monday."""
    return (day.toordinal() - 1) // 7
