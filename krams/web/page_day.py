"""Dates that are today unless somebody says otherwise, on a page that may be from another day.

A page that was left open overnight offers yesterday as today. Only the person knows which of the
two is meant, so the field carries the day of its page and asks where that is over.
"""

import datetime as dt

from django.utils import timezone
from django.utils.formats import date_format

PAGE_DAY, WHICH_DAY = "-page_day", "-which_day"


class TypedDay(str):
    """A date as typed, with the day of the page that it was typed on and which day was chosen."""

    page_day: dt.date | None = None
    chosen: dt.date | None = None

    @classmethod
    def of(cls, typed: str, page_day: str | None, chosen: str | None) -> "TypedDay":
        day = cls(typed)
        day.page_day, day.chosen = _iso(page_day), _iso(chosen)
        return day

    @property
    def days(self) -> list[dt.date]:
        """The two days that can be meant, where the page is from another day."""
        today = timezone.localdate()
        return [self.page_day, today] if self.page_day not in (None, today) else []

    def settle(self, day: dt.date) -> dt.date | None:
        """The day that is meant; None where that has to be asked."""
        if day != self.page_day or not self.days:
            return day
        return self.chosen if self.chosen in self.days else None


def _iso(text: str | None) -> dt.date | None:
    """Raises nothing: what the portal has not written itself says nothing."""
    try:
        return dt.date.fromisoformat(text or "")
    except ValueError:
        return None


def choices(days: list[dt.date]) -> list[tuple[str, str]]:
    """Value and label of each day: "Saturday 21 November"."""
    return [
        (
            day.isoformat(),
            date_format(day, "l").capitalize() + " " + date_format(day, "SHORT_DATE_FORMAT"),
        )
        for day in days
    ]
