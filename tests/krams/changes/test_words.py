"""Words in texts: found whole, whatever their case, and taken out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krams.changes.words import GONE, count_in, pattern_of, without


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Gik med Jens Prøve i dag", "Gik med […] i dag"),
        ("JENS  PRØVE og jens\nprøve", "[…] og […]"),
        ("Jens Prøves mor", "[…] mor"),
        ("Jens Prøve's", "[…]"),
        ("Jens Prøvesen kom", "Jens Prøvesen kom"),
        ("(Jens Prøve)", "([…])"),
        ("", ""),
    ],
)
def test_whole_words_go(text, left):
    assert without(text, pattern_of("Jens Prøve")) == left


def test_they_go_from_json_of_any_shape():
    kept = {"a": ["Jens Prøve", {"b": "om Jens Prøve"}], "n": 3, "x": None}
    pattern = pattern_of("jens prøve")
    assert count_in(kept, pattern) == 2
    assert without(kept, pattern) == {"a": [GONE, {"b": f"om {GONE}"}], "n": 3, "x": None}


WORDS = st.text(alphabet="abcæøå.*(", min_size=1, max_size=8)


@given(st.text(max_size=40), WORDS)
def test_nothing_is_left_and_signs_mean_themselves(text, words):
    pattern = pattern_of(words)
    assert count_in(without(f"{text} {words} {text}", pattern), pattern) == 0
