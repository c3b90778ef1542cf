"""Weeks of ISO 8601, which are the Danish weeks."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Self, overload

from django.utils.translation import gettext


@dataclass(frozen=True, order=True, slots=True)
class Week:
    """A week of ISO 8601, which is the Danish week: Monday first, week 1 holds 4 January.

    ``year`` is the year of the week number, not of every day: 1 January 2027 lies in 2026-W53.
    Raises ValueError for a week that does not exist.
    """

    year: int
    number: int
    # Both follow from the others; pages ask thousands of times.
    monday: date = field(init=False, repr=False, compare=False)
    sunday: date = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # So a frozen one is filled in.
        object.__setattr__(self, "monday", date.fromisocalendar(self.year, self.number, 1))
        object.__setattr__(self, "sunday", date.fromisocalendar(self.year, self.number, 7))

    @staticmethod
    def of(day: date) -> "Week":
        """Return the week that the day lies in."""
        return _week_of(day)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``2026-W53``, the form of addresses and of ``<input type="week">``.

        Raises ValueError for another form, a week that does not exist, or a year outside
        1900-2199: that is a slip, and its neighbours might lie outside the calendar.
        """
        match = re.fullmatch(r"((?:19|20|21)\d\d)-W(\d\d)", text, re.ASCII)
        if not match:
            raise ValueError(f"not a week like 2026-W05: {text[:20]!r}")
        return cls(int(match[1]), int(match[2]))

    @property
    def days(self) -> tuple[date, ...]:
        """The seven days, Monday first."""
        return _days_from(self.monday)

    @property
    def label(self) -> str:
        """Number and year for people, in the language of the request."""
        return gettext("week %(number)d, %(year)d") % {"number": self.number, "year": self.year}

    def __str__(self) -> str:
        return f"{self.year:04}-W{self.number:02}"

    def __add__(self, weeks: int) -> "Week":
        return self.of(self.monday + timedelta(weeks=weeks))

    @overload
    def __sub__(self, other: int) -> "Week": ...
    @overload
    def __sub__(self, other: "Week") -> int: ...
    def __sub__(self, other: "int | Week") -> "Week | int":
        """A week minus a number is a week; a week minus a week is the number between them."""
        if isinstance(other, Week):
            return (self.monday - other.monday).days // 7
        return self + -other


@lru_cache(maxsize=4096)
def _week_of(day: date) -> Week:
    """The same few weeks for every row of a page."""
    year, number, _weekday = day.isocalendar()
    return Week(year, number)


@lru_cache(maxsize=4096)
def _days_from(monday: date) -> tuple[date, ...]:
    return tuple(monday + timedelta(days=ahead) for ahead in range(7))
