"""The log by year: which parts the table of a large installation is divided into.

Each year is a part of its own. What is older than ``YEARS_BACK`` years shares one, and so does what
lies further ahead than anybody has made room for: no date is refused for want of a part.
"""

import datetime as dt
from dataclasses import dataclass

YEARS_BACK = 10
YEARS_AHEAD = 2
EARLY, LATE = "early", "late"


@dataclass(frozen=True, slots=True)
class Part:
    """From the first day to before the last; without a limit where that is None."""

    name: str
    first: dt.date | None
    until: dt.date | None

    @property
    def bounds(self) -> str:
        first = f"'{self.first}'" if self.first else "MINVALUE"
        until = f"'{self.until}'" if self.until else "MAXVALUE"
        return f"FROM ({first}) TO ({until})"


def year_part(year: int) -> Part:
    return Part(str(year), dt.date(year, 1, 1), dt.date(year + 1, 1, 1))


def late_part(first_year: int) -> Part:
    """Of all that is held in ``first_year`` or later."""
    return Part(LATE, dt.date(first_year, 1, 1), None)


def all_parts(*, earliest: dt.date | None, today: dt.date, ahead: int = YEARS_AHEAD) -> list[Part]:
    """In the order of time; ``earliest`` is the first day that is registered."""
    first = max(min(earliest.year if earliest else today.year, today.year), today.year - YEARS_BACK)
    last = today.year + ahead
    years = [year_part(year) for year in range(first, last + 1)]
    return [Part(EARLY, None, years[0].first), *years, late_part(last + 1)]


def years_to_add(names: set[str], *, today: dt.date, ahead: int = YEARS_AHEAD) -> list[int]:
    """The years up to ``ahead`` from today that follow the last one that has a part."""
    years = [int(name) for name in names if name.isdigit()]
    return list(range(max(years, default=today.year - 1) + 1, today.year + ahead + 1))
