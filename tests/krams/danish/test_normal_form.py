"""Names have one normal form, whatever was typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krams.danish.normal_form import tidy, visible
from krams.web.forms import (
    LineField,
)


@given(st.text())
def test_the_normal_form_is_its_own_normal_form(text):
    assert tidy(tidy(text)) == tidy(text)


@pytest.mark.parametrize(
    "text", ["Botilbud A\u030alhuset", "Botilbud\u00a0Ålhuset", " Botilbud  Ål\u00adhuset "]
)
def test_names_have_one_form(text):
    assert LineField(max_length=40).clean(text) == "Botilbud Ålhuset"


def test_latin_signs_stay_as_they_are_but_for_the_soft_hyphen():
    """So that a text of them alone need not be looked through sign by sign."""
    signs = "".join(map(chr, range(0x300)))
    latin = signs.replace("\u00ad", "")
    assert unicodedata.normalize("NFC", latin) == latin
    assert [sign for sign in signs if unicodedata.category(sign) == "Cf"] == ["\u00ad"]
    assert not any(unicodedata.bidirectional(sign) in {"R", "AL"} for sign in signs)
    assert visible(latin) == visible(signs) == latin
