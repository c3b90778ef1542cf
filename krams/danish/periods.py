"""Days and periods as people say them: no day is told where only the month or year is known.

What begins on the first of a month is told as the month, and whole years as years: a document that
says "from January 2019" or "2019-2022" names no day.
"""

from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import get_language


def first_day(day: date) -> str:
    """ "January 2019" for its first day, else the date, in the language of the request."""
    return date_format(day, "YEAR_MONTH_FORMAT" if day.day == 1 else "SHORT_DATE_FORMAT")


def last_day(day: date) -> str:
    """ "December 2022" for its last day, else the date."""
    is_last = (day + timedelta(days=1)).day == 1
    return date_format(day, "YEAR_MONTH_FORMAT" if is_last else "SHORT_DATE_FORMAT")


def day_and_month(day: date) -> str:
    """ "21.11." in Danish, "21 Nov" in English: where the year goes without saying."""
    return date_format(day, "d.m." if get_language() == "da" else "j M")


def period(first: date | None, last: date | None) -> str:
    """ "2019–2022", or the first and last day with "…" for an open end; "" without both."""
    if first and last and (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return f"{first.year}–{last.year}" if first.year != last.year else f"{first.year}"
    if not (first or last):
        return ""
    return f"{first_day(first) if first else '…'} – {last_day(last) if last else '…'}"
