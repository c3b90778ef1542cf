"""Word-level differences."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krams.history.word_differences import ADDED, REMOVED, Piece, inline, side_by_side, word_diff

TEXTS = st.text(alphabet="ab cæ\n.<&", max_size=60)


@given(TEXTS, TEXTS)
def test_the_pieces_make_both_texts(old, new):
    pieces = word_diff(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != ADDED) == old
    assert "".join(piece.text for piece in pieces if piece.kind != REMOVED) == new
    assert all(piece.text for piece in pieces)


@given(TEXTS)
def test_the_same_text_has_no_changes(text):
    assert all(piece.kind == "same" for piece in word_diff(text, text))


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        ("", "Ny", "<ins>Ny</ins>"),
        ("Væk", "", "<del>Væk</del>"),
        ("Fem gåture.", "Seks gåture.", "<del>Fem</del><ins>Seks</ins> gåture."),
        ("en to tre", "en tre", "en <del>to </del>tre"),
        ("a b c d", "a x y d", "a <del>b c</del><ins>x y</ins> d"),
        ("a b c d e", "a x c y e", "a <del>b</del><ins>x</ins> c <del>d</del><ins>y</ins> e"),
        ("én\nto", "én, ja\nto", "én<ins>, ja</ins>\nto"),
        ("Første.\nAnden.", "Første.\nTredje.", "Første.\n<del>Anden</del><ins>Tredje</ins>."),
    ],
)
def test_words_are_marked(old, new, marked):
    assert inline(old, new) == marked


def test_side_by_side_marks_each_on_its_side():
    assert side_by_side("fem ture", "seks ture") == ("<del>fem</del> ture", "<ins>seks</ins> ture")


def test_markup_in_the_text_is_shown_not_run():
    assert inline("", "<b>'\"&") == "<ins>&lt;b&gt;&#x27;&quot;&amp;</ins>"
    assert "<script" not in inline("<script>", "<script>alert(1)</script>")


def test_right_to_left_and_emoji_stay_whole():
    assert word_diff("שלום 👩‍👩‍👧", "שלום 👩‍👩‍👧 nu")[-1] == Piece(ADDED, " nu")


@pytest.mark.parametrize("word", ["a ", "ord ", "ab\n"])
def test_long_texts_take_no_long_time(word):
    started = time.process_time()
    word_diff(word * 8000 + "x", "y " + word * 7900)
    assert time.process_time() - started < 4
