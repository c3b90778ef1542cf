"""CPR numbers are found in text. Every number here is made up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krams.privacy.cpr import find_cpr

CPR_SHAPED = [
    "010203-1234",
    "0102031234",
    "010203 1234",
    "01 02 03 1234",
    "01 02 03-1234",
    "0102 03 1234",
    "01.02.03-1234",
    "01/02/03-1234",
    "010203\u20131234",
    "010203 \u2013 1234",
    "010203\u00a01234",
    "010203\u202f1234",
    "010203\u22121234",
    "010203\u200d1234",
    "\uff10\uff11\uff10\uff12\uff10\uff13-\uff11\uff12\uff13\uff14",
    "01 02 03 12 34",
    "610203-1234",
    "911203-1234",
    "290200-1234",
    "290204-1234",
]


HARMLESS = [
    "320203-1234",
    "001203-1234",
    "600203-1234",
    "920203-1234",
    "011303-1234",
    "310403-1234",
    "300203-1234",
    "290203-1234",
    "010203-123",
    "010203-12345",
    "1010203-1234",
    "5790001020304",
    "+45 20 11 40 50",
    "20 11 40 50",
    "20 11 40 50 22 33 44 55",
    "1.002.031.234",
    "10.12.26 14.30",
    "21.11.2026 kl. 10.00-12.30",
    "01.10-31.12.2026",
    "2026-11-21",
    "010203-\n1234",
    "§ 82, 85 og 99",
    "",
]


class TestFindCpr:
    @pytest.mark.parametrize("number", CPR_SHAPED)
    def test_finds_every_way_of_writing_it(self, number):
        assert find_cpr(number) == [(0, len(number))]
        assert find_cpr(f"Ring ({number}).") == [(6, 6 + len(number))]

    @pytest.mark.parametrize("text", HARMLESS)
    def test_leaves_other_numbers_alone(self, text):
        assert find_cpr(text) == []

    def test_an_impossible_date_before_it_hides_nothing(self):
        assert find_cpr("99 99 010203-1234") == [(6, 17)]
        assert find_cpr("stue 4 010203-1234") == [(7, 18)]

    def test_finds_several(self):
        assert find_cpr("010203-1234, 020304-1234") == [(0, 11), (13, 24)]

    @given(
        st.dates(),
        st.integers(0, 9999),
        st.sampled_from(["", "-", " ", "\u2013", " - ", "\u00a0"]),
        st.booleans(),
        st.text(alphabet="abc æøå,:()\n"),
    )
    def test_finds_any_date_with_any_four_digits(self, day, rest, sign, stand_in, around):
        day_number = day.day + 60 * stand_in
        number = f"{day_number:02}{day:%m}{day.year % 100:02}{sign}{rest:04}"
        start = len(around)
        assert find_cpr(f"{around}{number}{around}") == [(start, start + len(number))]

    @given(st.text(alphabet="0123- .\u00a0a\n", max_size=60))
    def test_spans_hold_ten_digits_and_never_overlap(self, text):
        last_end = 0
        for start, end in find_cpr(text):
            assert last_end <= start
            assert sum(character.isdigit() for character in text[start:end]) == 10
            last_end = end

    def test_long_runs_take_no_time(self):
        assert find_cpr("0" * 20_000 + "- " * 20_000) == []
