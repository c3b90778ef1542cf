"""In which weeks a plan has its weekdays: every week, every other one, or once a month. Pure."""

from datetime import date, timedelta

from .enums import Repeats

WEEK = timedelta(weeks=1)
# As plain text: asked for each day of each plan.
_WEEKLY, _FORTNIGHTLY, _LAST = (
    one.value for one in (Repeats.WEEKLY, Repeats.FORTNIGHTLY, Repeats.LAST)
)
NTH_OF_MONTH: dict[str, int] = {
    Repeats.FIRST.value: 1,
    Repeats.SECOND.value: 2,
    Repeats.THIRD.value: 3,
    Repeats.FOURTH.value: 4,
}
MONTHLY = frozenset({*NTH_OF_MONTH, Repeats.LAST})


def has_turn(repeats: str, anchor: date | None, day: date) -> bool:
    """Whether a weekday of the plan counts on that day.

    ``anchor`` is any day of a week that has its turn, also a later one; it is looked at where the
    plan repeats every other week. Week numbers are not: a year of 53 weeks would shift them.
    """
    if repeats == _WEEKLY:
        return True
    if repeats == _FORTNIGHTLY:
        assert anchor is not None, "every other week counts from some week"
        return (_week_number(day) - _week_number(anchor)) % 2 == 0
    if repeats == _LAST:
        return (day + WEEK).month != day.month
    return (day.day - 1) // 7 + 1 == NTH_OF_MONTH[repeats]


def _week_number(day: date) -> int:
    """Of all weeks there ever were: the first day of the calendar is a Monday."""
    return (day.toordinal() - 1) // 7
