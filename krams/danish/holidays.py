"""Danish public holidays by date and name.

Those of the law on holidays, as the package ``holidays`` knows them for every year: *store bededag*
is among them up to 2023 (abolished by act no. 214 of 6 March 2023). Days on which many are off
without a law, such as 24 December and 5 June, are not.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import get_language, gettext
from holidays.countries.denmark import Denmark


@lru_cache(maxsize=64)
def _of_year(year: int, language: str = "da") -> Mapping[date, str]:
    # The package declares no types for its constructors.
    return dict(sorted(Denmark(years=year, language=language).items()))  # type: ignore[no-untyped-call]


def is_holiday(day: date) -> bool:
    return day in _of_year(day.year)


def holiday_name(day: date) -> str:
    """The name of the holiday in the language of the request; "" for other days."""
    if not is_holiday(day):
        return ""
    is_danish = (get_language() or "da").startswith("da")
    return _of_year(day.year, "da" if is_danish else "en_US")[day]


@lru_cache(maxsize=4096)
def holidays_between(first: date, last: date) -> tuple[date, ...]:
    """Both days included, in order."""
    years = range(first.year, last.year + 1)
    return tuple(day for year in years for day in _of_year(year) if first <= day <= last)


def days_in_words(days: Iterable[date]) -> str:
    """Days in order as one says them: "25. og 26. december"."""
    days = list(days)
    is_danish = (get_language() or "da").startswith("da")
    words = []
    for day, following in zip(days, [*days[1:], None], strict=True):
        is_short = is_danish and following is not None and _is_same_month(day, following)
        words.append(f"{day.day}." if is_short else date_format(day, "MONTH_DAY_FORMAT"))
    return str(get_text_list(words, gettext("and")))


def _is_same_month(day: date, other: date) -> bool:
    return (day.year, day.month) == (other.year, other.month)
