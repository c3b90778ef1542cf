"""Danish order, search, weeks and numbers."""

import sqlite3
from datetime import date, timedelta
from decimal import Decimal
from functools import cmp_to_key

import pytest
from django.utils.translation import override
from hypothesis import example, given
from hypothesis import strategies as st

from krams.danish.collation import compare, fold, mark_spans, sort_key
from krams.danish.numbers import format_decimal, parse_decimal
from krams.danish.weeks import Week

danish_text = st.text(alphabet="aAåÅæÆøØäÖéEzbß 1-\u00ad\u0301\u030aﬁ", max_size=8) | st.text()
weeks = st.dates(date(1900, 1, 8), date(2199, 12, 1)).map(Week.of)


def in_order(*texts):
    return sorted(reversed(texts), key=cmp_to_key(compare)) == list(texts)


class TestOrder:
    def test_places_of_the_acceptance_list(self):
        assert in_order(
            "Billund", "Zealand", "Ærø", "Ølgod", "Aabenraa", "Åkirkeby", "Aalborg", "Aarhus"
        )
        assert in_order("Åbenrå", "Aabenraa", "Ålborg", "Aalborg")

    def test_foreign_letters_stand_with_their_danish_ones(self):
        assert in_order("Muller", "Myller", "Müller", "Mz")
        assert in_order("Zorn", "Äpple", "Ærø", "Öland", "Østerbro")
        assert in_order("Lodz", "Łódź", "Loen")

    def test_accents_decide_before_case_and_both_after_letters(self):
        assert in_order("Resume", "resume", "résumé", "resumen")

    def test_spaces_signs_digits_letters(self):
        assert in_order("Bo Vest", "Bo-Vest", "Bo1", "Bovest")
        assert in_order("Den gode modtagelse", "Denmark")
        assert in_order("Uge 1", "Uge 9", "Uge 10", "Uge 010 b", "Uge 10 c", "Uge 100", "Uge a")

    def test_works_as_sqlite_collation(self):
        connection = sqlite3.connect(":memory:")
        connection.create_collation("danish", compare)
        rows = connection.execute(
            "select column1 from (values ('Aarhus'), ('Zoo'), ('Ærø'), ('Ølgod'), ('Bov'))"
            " order by column1 collate danish"
        )
        assert [row[0] for row in rows] == ["Bov", "Zoo", "Ærø", "Ølgod", "Aarhus"]

    @given(danish_text, danish_text, danish_text)
    def test_order_is_total(self, a, b, c):
        assert compare(a, b) == -compare(b, a)
        assert (compare(a, b) == 0) == (a == b)
        if compare(a, b) <= 0 and compare(b, c) <= 0:
            assert compare(a, c) <= 0

    @given(danish_text)
    def test_double_a_is_the_same_letter_as_å(self, text):
        assert sort_key(f"aa-{text}")[0] == sort_key(f"å-{text}")[0]


class TestFold:
    @pytest.mark.parametrize(
        ("text", "folded"),
        [
            ("Aabenraa", "åbenrå"),
            ("ÅBENRÅ", "åbenrå"),
            ("A\u030abenra\u030a", "åbenrå"),
            ("Café", "cafe"),
            ("Ægir Øst", "ægir øst"),
            ("Ärlig Öst", "ærlig øst"),
            ("Müller", "muller"),
            ("Straße", "strasse"),
            ("so\u00adcial", "social"),
            ("\uff21\uff22\u00a01", "ab 1"),
            ("", ""),
        ],
    )
    def test_examples(self, text, folded):
        assert fold(text) == folded

    @given(danish_text)
    @example("áa")
    @example("aaa")
    def test_folding_twice_changes_nothing(self, text):
        assert fold(fold(text)) == fold(text)

    @given(st.text(alphabet=st.characters(max_codepoint=127)))
    def test_the_quick_way_for_ascii_agrees_with_the_slow_one(self, text):
        assert fold(f"{text}é") == f"{fold(text)}e"


class TestMarkSpans:
    @pytest.mark.parametrize(
        ("text", "query", "hits"),
        [
            ("Aabenraa og Åbenrå", "åbenrå", ["Aabenraa", "Åbenrå"]),
            ("Åbenrå", " AABEN ", ["Åben"]),
            ("Cafe\u0301 og café", "cafe", ["Cafe\u0301", "café"]),
            ("so\u00adcial", "social", ["so\u00adcial"]),
            ("Straße", "s", ["S", "ß"]),
            ("Aalborg", "a", []),
            ("aaaa", "aa", ["aa", "aa"]),
            ("<b>røg</b>", "RØG", ["røg"]),
            ("noget", "", []),
            ("noget", "  ", []),
        ],
    )
    def test_examples(self, text, query, hits):
        assert [text[start:end] for start, end in mark_spans(text, query)] == hits

    @given(danish_text, danish_text)
    def test_spans_are_in_order_and_hold_the_query(self, text, query):
        spans = mark_spans(text, query)
        assert bool(spans) == (bool(fold(query.strip())) and fold(query.strip()) in fold(text))
        ends = [0, *(end for _start, end in spans)]
        for previous_end, (start, end) in zip(ends, spans, strict=False):
            assert previous_end <= start < end <= len(text)
            assert fold(query.strip()) in fold(text[start:end])


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
