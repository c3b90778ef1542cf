"""In which weeks a plan has its weekdays: every week, every other one, or once a month. Pure."""

from datetime import date, timedelta

from ..enums import Repeats

WEEK = timedelta(weeks=1)
NTH_OF_MONTH = {Repeats.FIRST: 1, Repeats.SECOND: 2, Repeats.THIRD: 3, Repeats.FOURTH: 4}
MONTHLY = frozenset({*NTH_OF_MONTH, Repeats.LAST})


def has_turn(repeats: str, anchor: date | None, day: date) -> bool:
    """Whether a weekday of the plan counts on that day.

    ``anchor`` is any day of a week that has its turn, also a later one; it is looked at where the
    plan repeats every other week. Week numbers are not: a year of 53 weeks would shift them.
    """
    if repeats == Repeats.WEEKLY:
        return True
    if repeats == Repeats.FORTNIGHTLY:
        assert anchor is not None, "every other week counts from some week"
        return (_monday(day) - _monday(anchor)).days % 14 == 0
    if repeats == Repeats.LAST:
        return (day + WEEK).month != day.month
    return (day.day - 1) // 7 + 1 == NTH_OF_MONTH[Repeats(repeats)]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
