"""How a date or a time is read that somebody has typed.

What can be meant in two ways is asked about (:class:`Unclear`), and what cannot be read is a
ValueError; nothing is guessed.
"""

import re
from datetime import date, time, timedelta

from .normal_form import tidy


class Unclear(ValueError):
    """Two things can be meant; ``readings`` says how each of them is written."""

    def __init__(self, *readings: str):
        super().__init__(f"can be read in {len(readings)} ways")
        self.readings = readings


_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "jan januar january",
            "feb februar february",
            "mar marts march",
            "apr april",
            "maj may",
            "jun juni june",
            "jul juli july",
            "aug august",
            "sep sept september",
            "okt oktober oct october",
            "nov november",
            "dec december",
        ],
        start=1,
    )
    for name in names.split()
}


_BETWEEN = r"(?: *[./\-] *| +)"


_DATE_FORMS = [
    re.compile(form, re.ASCII)
    for form in (
        rf"(?P<year>\d{{4}}){_BETWEEN}(?P<month>\d\d?){_BETWEEN}(?P<day>\d\d?)",
        rf"(?P<day>\d\d?){_BETWEEN}(?P<month>\d\d?)(?:{_BETWEEN}(?P<year>\d{{4}}|\d\d))?\.?",
        rf"(?P<day>\d\d?)(?:{_BETWEEN})?(?P<month>[a-z]+)\.?(?:{_BETWEEN}(?P<year>\d{{4}}|\d\d))?",
        r"(?P<month>[a-z]+)\.? +(?P<day>\d\d?)(?:,? +(?P<year>\d{4}))?",
        # No day of these years reads as a date with the day first as well: there is no month 19.
        r"(?P<year>(?:19|20|21)\d\d)(?P<month>\d\d)(?P<day>\d\d)",
        r"(?P<day>\d\d)(?P<month>\d\d)(?P<year>\d{4}|\d\d)",
    )
]


_LONGEST_DATE = 40


_DAYS = {
    name: days
    for days, names in {
        -1: ("i går", "igår", "yesterday"),
        0: ("i dag", "idag", "today"),
        1: ("i morgen", "imorgen", "tomorrow"),
    }.items()
    for name in names
}


def parse_date(text: str, today: date) -> date:
    """Read a date, day first: 24.11.2026, 24/11-26, 24 nov, 24112026; also 2026-11-24, i går.

    Without a year it is the nearest such day to ``today``, the earlier of two as near; a year of
    two figures is the nearest such year. Raises ``Unclear`` where the day seems to stand after the
    month, and ValueError for anything else.
    """
    typed = tidy(text).lower()
    if typed in _DAYS:
        return today + timedelta(days=_DAYS[typed])
    if len(typed) > _LONGEST_DATE:
        raise ValueError("too long for a date")
    swapped = None
    for form in _DATE_FORMS:
        match = form.fullmatch(typed)
        if not match:
            continue
        day, month, year = match["day"], match["month"], match["year"]
        number = int(month) if month.isdigit() else _MONTHS.get(month, 0)
        if found := _nearest(int(day), number, year, today):
            return found
        if month.isdigit() and number > 12 and (found := _nearest(number, int(day), year, today)):
            swapped = found
    if swapped:
        raise Unclear(f"{swapped:%d.%m.%Y}")
    raise ValueError("not a date")


def _nearest(day: int, month: int, year: str | None, today: date) -> date | None:
    """The day nearest to ``today`` that is written so; None where there is none."""
    if year and len(year) == 4:
        years = [int(year)]
    elif year:
        century = today.year // 100 * 100
        years = [century + offset + int(year) for offset in (-100, 0, 100)]
    else:
        years = list(range(today.year - 8, today.year + 9))
    days = []
    for one in years:
        try:
            days.append(date(one, month, day))
        except ValueError:
            continue
    return min(days, key=lambda found: (abs(found - today), found), default=None)


_TIME = re.compile(r"(?:kl\.? *)?(\d\d?)(?: *([.:,]| ) *(\d\d?))?", re.ASCII)


_TIME_WITHOUT_SIGN = re.compile(r"(?:kl\.? *)?(\d\d?)(\d\d)", re.ASCII)


def parse_time(text: str) -> time:
    """Read a time of day: 14.30, 14:30, 14,30, 1430, 14.

    Raises ``Unclear`` for 14.3, which is 14.03 or 14.30, and ValueError for anything else.
    """
    typed = tidy(text).lower()
    if match := _TIME_WITHOUT_SIGN.fullmatch(typed) if len(typed) > 2 else None:
        return time(int(match[1]), int(match[2]))
    match = _TIME.fullmatch(typed)
    if not match:
        raise ValueError("not a time")
    hour, minute = int(match[1]), match[3]
    if minute is None:
        return time(hour)
    if len(minute) == 2:
        return time(hour, int(minute))
    if minute == "0":
        return time(hour)
    minutes = [int(minute), int(minute) * 10] if int(minute) < 6 else [int(minute)]
    raise Unclear(*(f"{time(hour, one):%H.%M}" for one in minutes))
