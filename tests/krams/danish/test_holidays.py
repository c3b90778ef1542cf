"""Public holidays: those of the law, year by year, and how days are said."""

from datetime import date

import pytest
from django.utils import translation

from krams.danish.holidays import days_in_words, holiday_name, holidays_between, is_holiday


def test_store_bededag_is_abolished_since_2024():
    assert is_holiday(date(2023, 5, 5))
    # The fourth Friday after Easter, in the years since.
    assert not is_holiday(date(2024, 4, 26))
    assert not is_holiday(date(2025, 5, 16))


def test_a_year_has_ten_of_them():
    names = [holiday_name(day) for day in holidays_between(date(2026, 1, 1), date(2026, 12, 31))]
    with translation.override("da"):
        assert [holiday_name(day) for day in holidays_between(date(2026, 12, 1), date(2027, 1, 2))]
    assert len(names) == 10
    # Days off by habit or agreement are none.
    assert not any(map(is_holiday, (date(2026, 12, 24), date(2026, 6, 5), date(2026, 5, 1))))


def test_their_names_follow_the_language():
    with translation.override("da"):
        assert holiday_name(date(2026, 12, 25)) == "Juledag"
        assert holiday_name(date(2026, 12, 24)) == ""
    with translation.override("en"):
        assert holiday_name(date(2026, 12, 25)) == "Christmas Day"


def test_those_between_include_both_ends():
    first, last = date(2026, 12, 25), date(2027, 1, 1)
    assert holidays_between(first, last) == (first, date(2026, 12, 26), last)
    assert holidays_between(last, first) == ()


@pytest.mark.parametrize(
    ("language", "days", "words"),
    [
        ("da", [date(2026, 12, 25), date(2026, 12, 26)], "25. og 26. december"),
        ("da", [date(2024, 3, 31), date(2024, 4, 1)], "31. marts og 1. april"),
        ("da", [date(2026, 5, 14)], "14. maj"),
        ("en", [date(2026, 12, 25), date(2026, 12, 26)], "25 December and 26 December"),
    ],
)
def test_days_are_said_together(language, days, words):
    with translation.override(language):
        assert days_in_words(days) == words
