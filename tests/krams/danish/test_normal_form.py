"""Names have one normal form, whatever was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krams.danish.normal_form import tidy
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
