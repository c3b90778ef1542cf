"""When the next meeting of a rhythm is. Pure."""

import datetime as dt

from ..cycle import NTH_OF_MONTH, WEEK, has_turn
from ..enums import MeetingRhythm, Repeats

TURNS = {
    MeetingRhythm.WEEKLY: Repeats.WEEKLY,
    MeetingRhythm.FORTNIGHTLY: Repeats.FORTNIGHTLY,
    MeetingRhythm.LAST: Repeats.LAST,
}
NTH = {number: name for name, number in NTH_OF_MONTH.items()}


def kept_rhythm(held_on: dt.date, rhythm: str) -> str:
    """The rhythm as the next meeting has it: every month on a fifth weekday is on the last one."""
    is_fifth = held_on.day > 28
    return MeetingRhythm.LAST if rhythm == MeetingRhythm.MONTHLY and is_fifth else rhythm


def next_day(held_on: dt.date, rhythm: str, today: dt.date) -> dt.date:
    """The first day after ``held_on`` that the rhythm gives and that has not passed.

    Once a month is the same weekday of the month, such as the second Tuesday or the last one.
    Raises ``ValueError`` for a meeting that does not repeat.
    """
    how = MeetingRhythm(kept_rhythm(held_on, rhythm))
    turn = TURNS.get(how) or NTH[(held_on.day - 1) // 7 + 1]
    day = held_on + WEEK
    while day < today or not has_turn(turn, held_on, day):
        day += WEEK
    return day
