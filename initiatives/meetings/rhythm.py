"""When the next meeting of a rhythm is. Pure."""

import datetime as dt

from ..enums import MeetingRhythm

WEEKS = {MeetingRhythm.WEEKLY: 1, MeetingRhythm.FORTNIGHTLY: 2}


def next_day(held_on: dt.date, rhythm: str, today: dt.date) -> dt.date:
    """The first day after ``held_on`` that the rhythm gives and that has not passed.

    Once a month is the same weekday of the month, such as the second Tuesday; the fifth is the
    last one. Raises ``ValueError`` for a meeting that does not repeat.
    """
    how = MeetingRhythm(rhythm)
    day = _after(held_on, held_on, how)
    while day < today:
        day = _after(day, held_on, how)
    return day


def _after(day: dt.date, held_on: dt.date, rhythm: MeetingRhythm) -> dt.date:
    if rhythm in WEEKS:
        return day + dt.timedelta(weeks=WEEKS[rhythm])
    first = (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    ahead = (held_on.isoweekday() - first.isoweekday()) % 7
    found = first + dt.timedelta(days=ahead + 7 * ((held_on.day - 1) // 7))
    return found if found.month == first.month else found - dt.timedelta(weeks=1)
