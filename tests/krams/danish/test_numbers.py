"""Numbers as Danes write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krams.danish.numbers import format_decimal, parse_decimal


class TestDecimals:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("47,5", "47.5"),
            ("1.234,5", "1234.5"),
            ("1.234", "1234"),
            ("1.234.567", "1234567"),
            ("1234567", "1234567"),
            ("-3", "-3"),
            ("\u22123,25", "-3.25"),
            ("+3", "3"),
            (" 12 ", "12"),
            ("0,0", "0"),
            ("007", "7"),
            ("1\u00a0234", "1234"),
            ("12.000", "12000"),
            ("0.125", "0.125"),
            ("52.5", "52.5"),
            ("1234.567", "1234.567"),
            ("4\u200b7,\u00ad5", "47.5"),
        ],
    )
    def test_reads_danish_numbers(self, text, value):
        assert parse_decimal(text) == Decimal(value)

    @pytest.mark.parametrize(
        "text",
        [
            *["NaN", "nan", "Infinity", "-inf", "1e400", "1E5", "9" * 400],
            *["", " ", "12 kr", "1_000", "0x1", "\u0663", "½", "--1", "- 1", "1\n2"],
            *["1,2,3", "1.23,4", ".5", "5,", ",5", "1 23", "0.125,5", "0.125.000"],
        ],
    )
    def test_refuses_everything_else(self, text):
        with pytest.raises(ValueError, match="not a Danish decimal number"):
            parse_decimal(text)

    @pytest.mark.parametrize(
        ("value", "places", "text"),
        [
            (Decimal("47.50"), None, "47,5"),
            (Decimal("1234567.85"), None, "1.234.567,85"),
            (Decimal("1E+3"), None, "1.000"),
            (Decimal("-0.00"), None, "0"),
            (Decimal("-1234"), None, "-1.234"),
            (100, None, "100"),
            (12, 2, "12,00"),
            (Decimal("0.25"), 1, "0,3"),
            (Decimal("-0.25"), 1, "-0,3"),
            (Decimal("-0.04"), 1, "0,0"),
            (Decimal("999.5"), 0, "1.000"),
            (Decimal("1" * 30 + ".5"), 0, "111.111.111.111.111.111.111.111.111.112"),
        ],
    )
    def test_writes_danish_numbers(self, value, places, text):
        assert format_decimal(value, places) == text

    @pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "sNaN"])
    def test_refuses_to_write_what_is_no_number(self, value):
        with pytest.raises(ValueError, match="finite"):
            format_decimal(Decimal(value))

    @given(st.decimals(min_value=-(10**12), max_value=10**12, places=4))
    def test_reads_what_it_writes(self, value):
        assert parse_decimal(format_decimal(value)) == value
