"""The CPR guard and the hiding of small counts. Every number here is made up."""

from itertools import product

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from krams.privacy import (
    HIDDEN,
    find_cpr,
    shown_total,
    suppress,
    validate_free_text,
    validate_line,
)

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


class TestValidators:
    @pytest.mark.parametrize("validate", [validate_free_text, validate_line])
    @pytest.mark.parametrize("number", CPR_SHAPED)
    def test_cpr_is_refused_and_not_repeated(self, validate, number):
        with pytest.raises(ValidationError) as refusal:
            validate(f"Beboer {number}")
        assert refusal.value.code == "cpr"
        assert not any(character.isdigit() for character in str(refusal.value.message))

    @pytest.mark.parametrize("character", [*"\x00\x08\x0b\x0c\x1b\x7f\x85", "\ud800", "\uffff"])
    def test_control_characters_are_refused(self, character):
        with pytest.raises(ValidationError) as refusal:
            validate_free_text(f"Gå{character}tur")
        assert refusal.value.code == "control"

    @pytest.mark.parametrize(
        "text",
        [
            "Gåtur\r\n\tkl. 10",
            "👩‍🍳 madlavning",
            "\u200fשלום\u200e",
            '<b>O\'Brien</b> "&"',
            "",
            "❤️",
        ],
    )
    def test_ordinary_text_passes(self, text):
        validate_free_text(text)

    @pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\u2028", "\u2029"])
    def test_a_line_has_no_line_breaks(self, line_break):
        with pytest.raises(ValidationError) as refusal:
            validate_line(f"Gåtur{line_break}i skoven")
        assert refusal.value.code == "newline"

    def test_a_line_may_hold_emoji_and_right_to_left_marks(self):
        validate_line("👩‍🍳 \u200fשלום\u200e")


counts_of_people = st.lists(st.none() | st.integers(0, 12) | st.integers(0, 200), max_size=8)


class TestSuppress:
    @pytest.mark.parametrize(
        ("counts", "shown", "total"),
        [
            ([6, 7], [6, 7], 13),
            ([0, 0], [0, 0], 0),
            ([], [], 0),
            ([3, 20, 30], [HIDDEN, HIDDEN, 30], 53),
            ([3, 0, 20], [HIDDEN, 0, HIDDEN], 23),
            ([None, 3, 7, 9], [None, HIDDEN, HIDDEN, 9], 19),
            ([2, 3, 9], [HIDDEN, HIDDEN, 9], 14),
            # Two small counts, but together still few people.
            ([1, 2, 50], [HIDDEN, HIDDEN, HIDDEN], 53),
            # Together 8, so both would have to be 4.
            ([4, 4, 20], [HIDDEN, HIDDEN, HIDDEN], 28),
            # Nothing left to hide behind: the total goes instead, and no further count.
            ([3], [HIDDEN], HIDDEN),
            ([3, 0], [HIDDEN, 0], HIDDEN),
            # Equal ones go together: their order would tell which one is small.
            ([3, 7, 7, 9], [HIDDEN, HIDDEN, HIDDEN, 9], 26),
            ([4, 4], [HIDDEN, HIDDEN], HIDDEN),
        ],
    )
    def test_examples(self, counts, shown, total):
        assert suppress(counts) == shown
        assert shown_total(counts) == total

    def test_without_a_total_only_small_counts_are_hidden(self):
        assert suppress([3, 0, 20], total_shown=False) == [HIDDEN, 0, 20]

    def test_threshold_is_the_municipality_s(self):
        assert suppress([3, 8, 20], threshold=3) == [3, 8, 20]
        assert suppress([3, 8, 20], threshold=10) == [HIDDEN, HIDDEN, 20]

    def test_negative_counts_are_refused(self):
        with pytest.raises(ValueError, match="negative"):
            suppress([3, -1])

    @given(counts_of_people, st.integers(1, 10), st.booleans())
    def test_shows_only_true_values_and_no_small_one(self, counts, threshold, total_shown):
        for count, shown in zip(counts, suppress(counts, threshold, total_shown), strict=True):
            assert shown is HIDDEN or shown == count
            if count is None:
                assert shown is None
            elif 0 < count < threshold:
                assert shown is HIDDEN

    @given(counts_of_people, st.integers(2, 10))
    def test_subtraction_finds_neither_one_count_nor_few_people(self, counts, threshold):
        shown, total = suppress(counts, threshold), shown_total(counts, threshold)
        hidden_count = shown.count(HIDDEN)
        if total is HIDDEN or not hidden_count:
            return
        left_over = total - sum(value for value in shown if isinstance(value, int))
        assert hidden_count >= 2
        assert left_over >= threshold

    @given(st.lists(st.integers(1, 4), max_size=5), st.lists(st.integers(5, 9), max_size=2))
    def test_every_small_count_could_have_been_another(self, small, large):
        """Try all small counts that have the sum which subtraction leaves over."""
        counts = small + large
        hidden_count = suppress(counts).count(HIDDEN)
        if not small or shown_total(counts) is HIDDEN or hidden_count > len(small):
            return
        guesses = [
            guess for guess in product(range(1, 5), repeat=len(small)) if sum(guess) == sum(small)
        ]
        assert all(len(set(values)) > 1 for values in zip(*guesses, strict=True))

    @given(counts_of_people)
    def test_a_total_of_few_people_is_hidden(self, counts):
        if 0 < sum(count or 0 for count in counts) < 5:
            assert shown_total(counts) is HIDDEN
