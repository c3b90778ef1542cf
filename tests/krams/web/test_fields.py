"""Fields of text, numbers and dates: what is read, what is refused, what is asked about."""

import datetime as dt

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from initiatives.criteria.forms.measurements import MeasurementForm
from initiatives.log.forms.registrations import UnplannedForm
from krams.danish.numbers import format_decimal
from krams.web.forms import (
    CountField,
    DanishDateField,
    FreeTextField,
    LineField,
    LinkField,
    TimeOfDayField,
    TodayField,
)

INVISIBLE = "\u200b\u00ad\u200e\u200f\u2060\ufeff"


@given(st.integers(0, 99_999))
def test_a_count_that_is_shown_can_be_read_back(count):
    field = CountField(least=0, most=99_999)
    assert field.clean(format_decimal(count)) == field.clean(str(count)) == count


@pytest.mark.parametrize(("text", "count"), [("1.000", 1000), ("12 000", 12000), ("\u200b7", 7)])
def test_counts(text, count):
    assert CountField(least=0, most=99_999).clean(text) == count


@pytest.mark.parametrize("text", ["0.125", "1.5", "7.0", "1,5", "0,000", "1.00"])
def test_what_is_no_count_is_refused(text):
    with pytest.raises(ValidationError, match="helt tal"):
        CountField(least=0, most=99_999).clean(text)


def test_both_readings_of_a_count_are_named():
    with pytest.raises(ValidationError) as caught:
        CountField(least=0, most=99_999).clean("1,250")
    assert "1,25" in caught.value.messages[0]
    assert "1.250" in caught.value.messages[0]


@pytest.mark.parametrize(
    "field",
    [
        CountField(least=0, most=9),
        DanishDateField(),
        TimeOfDayField(),
        LineField(max_length=20),
        FreeTextField(max_length=20),
        LinkField(max_length=20),
    ],
    ids=lambda field: type(field).__name__,
)
def test_invisible_signs_alone_count_as_empty(field):
    with pytest.raises(ValidationError) as caught:
        field.clean(INVISIBLE)
    assert caught.value.code == "required" or caught.value.error_list[0].code == "required"


@pytest.mark.parametrize("sign", ["\u200b", "\u00ad", "\u00a0", "\u2060", "  ", "\u2009"])
def test_no_sign_hides_a_cpr_number(sign):
    for field in (LineField(max_length=90), FreeTextField(max_length=90)):
        with pytest.raises(ValidationError, match="CPR"):
            field.clean(f"Ring 010203{sign}1234")


def test_too_long_a_text_is_kept_and_both_numbers_are_named():
    field = FreeTextField(max_length=10_000)
    assert "maxlength" not in field.widget.attrs
    with pytest.raises(ValidationError, match=r"10000.*10400"):
        field.clean("x" * 10_400)


@pytest.mark.parametrize(
    "link",
    ["http://intranet/sag/123", "https://www.sst.dk", "http://10.0.0.1:8080/x", "https://blå.dk/å"],
)
def test_links_that_are_accepted(link):
    assert LinkField(max_length=200).clean(link) == link


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "ftp://x/y", "http://", "http:///x",
     "https://a b.dk", "https://u:p@x.dk", "mailto:a@b.dk", "java\u200bscript:alert(1)", "https://[x"],
)  # fmt: skip
def test_links_that_are_refused(link):
    with pytest.raises(ValidationError):
        LinkField(max_length=200).clean(link)


def test_a_link_without_a_scheme_gets_https():
    assert LinkField(max_length=200).clean("www.sst.dk/x") == "https://www.sst.dk/x"


def test_every_date_has_a_calendar_and_what_was_held_has_its_two_days():
    """Beside a text field that goes on reading what people type."""
    assert 'type="date"' in str(DateForm()["any"])
    assert "data-day" in str(DateForm()["any"])
    html = str(DateForm()["held"])
    today = timezone.localdate()
    for day in (today, today - dt.timedelta(days=1)):
        assert f'data-day="{day:%d.%m.%Y}"' in html
    for held in (UnplannedForm, MeasurementForm):
        [field] = [one for one in held.base_fields.values() if isinstance(one, TodayField)]
        assert field.widget.has_shortcuts


class DateForm(forms.Form):
    any = DanishDateField()
    held = TodayField(shortcuts=True)
