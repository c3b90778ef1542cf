"""Scales of drawings: round ends, lengths that fit, words that never touch."""

import datetime as dt
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krams.pictures.scale import along_time, apart, length, round_step, round_top

FIGURES = st.decimals(min_value="0.01", max_value="100000", places=2)
PLACES = st.lists(st.floats(min_value=0, max_value=1000), max_size=40).map(sorted)


@pytest.mark.parametrize(
    ("values", "top"),
    [([], 1), ([0], 1), ([3], 3), ([4.65], 6), ([0.45, 0.27], 0.6), ([85], 100), ([101], 150)],
)
def test_an_axis_ends_at_a_round_number(values, top):
    assert round_top([Decimal(str(value)) for value in values]) == Decimal(str(top))


@given(st.lists(FIGURES, min_size=1, max_size=20))
def test_an_axis_has_room_for_all_and_not_much_more(values):
    top = round_top(values)
    assert max(values) <= top <= 2 * max(values)
    assert all(0 <= float(length(value, top)) <= 100 for value in values)


@given(FIGURES, st.integers(min_value=1, max_value=10))
def test_steps_are_1_2_or_5_and_few(span, most):
    step = round_step(span, most)
    assert step.normalize().as_tuple().digits in {(1,), (2,), (5,)}
    assert step * most >= span


def test_nothing_has_no_step():
    with pytest.raises(ValueError, match="covers something"):
        round_step(Decimal(0))


def test_lengths():
    assert length(1, 4) == "25.0"
    assert length(Decimal("0.45"), Decimal("0.6")) == "75.0"
    assert length(9, 4) == "100.0", "never out of the picture"
    assert length(0, 4) == length(1, 0) == "0"


@given(PLACES, st.floats(min_value=1, max_value=200))
def test_words_never_touch_and_the_last_place_has_them(places, gap):
    chosen = sorted(apart(places, gap))
    assert all(places[b] - places[a] >= gap for a, b in pairwise(chosen))
    assert not places or len(places) - 1 in chosen


def test_days_stand_where_their_time_is():
    days = [dt.date(2026, 1, 1), dt.date(2026, 1, 11), dt.date(2026, 1, 31)]
    assert along_time(days, 0, 300) == [0, 100, 300]
    assert along_time(days[:1], 0, 300) == [150]
    assert along_time([], 0, 300) == []
