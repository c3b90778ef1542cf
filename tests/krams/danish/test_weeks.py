"""The weeks of ISO 8601."""

from datetime import date, timedelta

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from krams.danish.weeks import Week

weeks = st.dates(date(1900, 1, 8), date(2199, 12, 1)).map(Week.of)


class TestWeek:
    def test_week_53_and_new_year(self):
        assert Week.of(date(2026, 12, 31)) == Week.of(date(2027, 1, 3)) == Week(2026, 53)
        assert Week.of(date(2027, 1, 4)) == Week(2027, 1)
        assert Week.of(date(2024, 12, 30)) == Week(2025, 1)
        assert Week(2026, 53) + 1 == Week(2027, 1)
        assert Week(2027, 1) - 1 == Week(2026, 53)
        assert Week(2027, 1) - Week(2026, 1) == 53
        assert Week(2026, 53) < Week(2027, 1)

    def test_days(self):
        week = Week(2026, 47)
        assert week.monday == week.days[0] == date(2026, 11, 16)
        assert week.sunday == week.days[-1] == date(2026, 11, 22)

    @pytest.mark.parametrize(
        "text",
        [
            *["2025-W53", "2026-W54", "2026-W00", "2026-W1", "2026-47", "2026W47"],
            *["0001-W01", "9999-W52", "\uff12026-W01", "2026-W47\n", "x", ""],
        ],
    )
    def test_weeks_that_do_not_exist_are_refused(self, text):
        with pytest.raises(ValueError, match=r"week|Week"):
            Week.parse(text)

    def test_constructor_refuses_them_too(self):
        with pytest.raises(ValueError, match="53"):
            Week(2025, 53)
        with pytest.raises(ValueError, match="range"):
            Week(10**30, 1)

    def test_label_names_number_and_year(self):
        with override("en"):
            assert Week(2026, 53).label == "week 53, 2026"

    @given(weeks, st.integers(-500, 500))
    def test_arithmetic_agrees_with_days(self, week, steps):
        moved = week + steps
        assert moved - week == steps
        assert moved - steps == week
        assert moved.monday == week.monday + timedelta(weeks=steps)
        assert (moved > week) == (steps > 0)

    @given(weeks)
    def test_parse_reads_what_str_writes(self, week):
        assert Week.parse(str(week)) == week
        assert all(Week.of(day) == week for day in week.days)
