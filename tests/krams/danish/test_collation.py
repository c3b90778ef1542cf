"""Danish order, and where a search hits."""

import sqlite3
from functools import cmp_to_key

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from krams.danish.collation import compare, fold, mark_spans, sort_key

danish_text = st.text(alphabet="aAåÅæÆøØäÖéEzbß 1-\u00ad\u0301\u030aﬁ", max_size=8) | st.text()


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
