"""Quarters of a year."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

MOST_QUARTERS = 8


@dataclass(frozen=True, order=True, slots=True)
class Quarter:
    """Quarters do not overlap: subtracting one period from another tells nothing hidden."""

    year: int
    number: int

    @classmethod
    def of(cls, day: dt.date) -> "Quarter":
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def latest(cls, today: dt.date) -> list["Quarter"]:
        """The running one first."""
        now = cls.of(today)
        places = (now.year * 4 + now.number - 1 - back for back in range(MOST_QUARTERS))
        return [cls(place // 4, place % 4 + 1) for place in places]

    def until(self, day: dt.date) -> Iterator["Quarter"]:
        """This one and those that follow, as far as that of ``day``."""
        one = self
        while one <= Quarter.of(day):
            yield one
            one = Quarter.of(one.last + dt.timedelta(days=1))

    @property
    def first(self) -> dt.date:
        return dt.date(self.year, self.number * 3 - 2, 1)

    @property
    def last(self) -> dt.date:
        following = self.year * 4 + self.number
        return dt.date(following // 4, following % 4 * 3 + 1, 1) - dt.timedelta(days=1)

    def weeks(self, today: dt.date) -> Decimal:
        """How many weeks of it have been, parts of a week included."""
        return Decimal((min(self.last, today) - self.first).days + 1) / 7

    def __str__(self) -> str:
        return f"{self.year}-{self.number}"
