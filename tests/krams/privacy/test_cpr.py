"""CPR numbers are found in text. Every number here is made up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krams.privacy.cpr import find_cpr
from scripts.cpr_corpus import corpus
from scripts.cpr_figures import failures, main

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
    "01-01-1990-1234",
    "01011990-1234",
    "010119901234",
    "1.1.90-1234",
    "1. 1. 90 - 1234",
    "1/1 90-1234",
    "1/1-1990 1234",
    "010190-12 34",
    "01 01 90-12 34",
    "010190,1234",
    "010190:1234",
    "010190_1234",
    "010190...1234",
    "010190 / 1234",
    "010190    1234",
    "010190                    1234",
    "010190\t1234",
    "010190\n1234",
    "010190-\r\n1234",
    "01 01 90\n1234",
    "0\u200b1\u200b0\u200b1\u200b9\u200b0\u200b1\u200b2\u200b3\u200b4",
    "0101\u00ad901234",
    "\u0660\u0661\u0660\u0661\u0669\u0660-\u0661\u0662\u0663\u0664",
    "\U0001d7ce\U0001d7cf\U0001d7ce\U0001d7cf\U0001d7d7\U0001d7ce-1234",
    "\u2070\u00b9\u2070\u00b9\u2079\u2070-\u00b9\u00b2\u00b3\u2074",
    "0 1 0 1 9 0 - 1 2 3 4",
    "0101 90 1234",
    "01 0190 1234",
    "01.01.90 1234",
    "01.01.1990 12 34",
    # A day to come and a time, but for the dash.
    "281126-1430",
    "28.11.26-1430",
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
    "§ 82, 85 og 99",
    "28.11.26 1430",
    "28.11.2026 1430",
    "28/11/26, 1430",
    "28.11.85 14:30",
    "21.11.26-25.11",
    "1.-3.12.2026",
    "10-12.12.2026",
    "stue 4 12.12.2026",
    "01.12.26-03.12.26",
    "uge 12 10.00-12.00",
    "mandag 1/10 10.00-12",
    "12.03.25 4500 kr.",
    "tlf. 12 10 55 12 34",
    "20 11 10 50 / 0045 22 33 44 55",
    "+3110 12 34 56 78",
    "P-nr. 1012345678",
    "P-numre: 1012345678, 1012345679 og 1012345670",
    "1012345678 (P-nr.)",
    "EAN 5798 0012 34567",
    "CVR-nr. 10121990",
    "KLE 27.12.16 2024",
    "27.12.16-G01-1-21",
    "Sag 27.12.16-2024/1234",
    "sagsnr. 1012345678",
    "2012-123456",
    "2010 2011 2012",
    "2010, 2011, 2012",
    "12, 10, 15, 1500",
    "0 1 0 1 2 0 3 1 2 4",
    "konto 1203 0112901234",
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

    @pytest.mark.parametrize(
        "text",
        [
            "sag 010190-1234",
            "sag 0101901234",
            "P-nr. 010190-1234",
            "tlf. 20 11 40 50, 0101901234",
            "CPR 010 190 1234",
            "cpr-nr.: 0 1 0 1 9 0 1 2 3 4",
            "CPR: 28.11.26 1430",
            "https://intranet.example/sag/0101901234",
            "Se note 010190-1234\u00b2",
        ],
    )
    def test_words_excuse_no_number_that_is_written_as_one(self, text):
        assert len(find_cpr(text)) == 1

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
    def test_spans_hold_its_digits_and_never_overlap(self, text):
        last_end = 0
        for start, end in find_cpr(text):
            assert last_end <= start
            assert 8 <= sum(character.isdigit() for character in text[start:end]) <= 12
            last_end = end

    def test_long_runs_take_no_time(self):
        assert find_cpr("0" * 20_000 + "- " * 20_000) == []


class TestCorpus:
    """``scripts/cpr_corpus.py`` knows nothing of how the guard reads."""

    def test_it_is_large(self):
        texts = list(corpus())
        assert len(texts) >= 2000
        assert min(sum(one[0] for one in texts), sum(not one[0] for one in texts)) >= 1000

    @pytest.mark.parametrize("seed", [20261130, 1, 2, 3])
    def test_none_is_missed_and_few_others_are_stopped(self, seed):
        wrong = failures(seed=seed)
        others = sum(not is_cpr for is_cpr, _kind, _text in corpus(seed=seed))
        assert [text for is_cpr, _kind, text in wrong if is_cpr] == []
        assert sum(not is_cpr for is_cpr, _kind, _text in wrong) < 0.005 * others

    def test_the_document_has_these_figures(self):
        assert main(["--check"]) == 0
