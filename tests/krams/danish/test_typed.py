"""What people type is read; what can mean two things is asked about."""

import datetime as dt
import re
import unicodedata
from pathlib import Path

import pytest
import time_machine
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from initiatives.criteria.forms.measurements import MeasurementForm
from initiatives.log.forms.registrations import UnplannedForm
from krams.danish.danish import format_decimal
from krams.danish.typed import Unclear, parse_date, parse_time, tidy, visible
from krams.web.forms import (
    CountField,
    DanishDateField,
    FreeTextField,
    LineField,
    LinkField,
    TimeOfDayField,
)
from krams.web.markup import day_month
from krams.web.page_day import TodayField

TODAY = dt.date(2026, 11, 27)
days = st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31))
INVISIBLE = "\u200b\u00ad\u200e\u200f\u2060\ufeff"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1/2-2026", (2026, 2, 1)),
        ("24/11", (2026, 11, 24)),
        ("24/11-2026", (2026, 11, 24)),
        ("24112026", (2026, 11, 24)),
        ("241126", (2026, 11, 24)),
        ("24 11 26", (2026, 11, 24)),
        ("24. nov. 2026", (2026, 11, 24)),
        ("3 Dec 2026", (2026, 12, 3)),
        ("3. december", (2026, 12, 3)),
        ("December 3, 2026", (2026, 12, 3)),
        ("12/02/2026", (2026, 2, 12)),
        ("2026-11-24", (2026, 11, 24)),
        ("20101112", (2010, 11, 12)),
        ("20122026", (2026, 12, 20)),
        ("5/1", (2027, 1, 5)),
        ("2\u200b4.11.\u00ad2026", (2026, 11, 24)),
    ],
)
def test_dates_as_people_write_them(text, day):
    assert parse_date(text, TODAY) == dt.date(*day)


def test_latin_signs_stay_as_they_are_but_for_the_soft_hyphen():
    """So that a text of them alone need not be looked through sign by sign."""
    signs = "".join(map(chr, range(0x300)))
    latin = signs.replace("\u00ad", "")
    assert unicodedata.normalize("NFC", latin) == latin
    assert [sign for sign in signs if unicodedata.category(sign) == "Cf"] == ["\u00ad"]
    assert not any(unicodedata.bidirectional(sign) in {"R", "AL"} for sign in signs)
    assert visible(latin) == visible(signs) == latin


@pytest.mark.parametrize("text", ["31.02.2026", "2411", "24", "nov", "0/1", "x", "24.11.126"])
def test_what_is_no_date(text):
    with pytest.raises(ValueError, match="date"):
        parse_date(text, TODAY)


def test_a_month_before_the_day_is_asked_about():
    with pytest.raises(Unclear) as caught:
        parse_date("12/31/2027", TODAY)
    assert caught.value.readings == ("31.12.2027",)


@given(days, st.sampled_from(["da", "en"]), st.sampled_from(["DATE", "SHORT_DATE"]))
def test_a_date_that_is_shown_can_be_read_back(day, language, form):
    with override(language):
        assert parse_date(date_format(day, f"{form}_FORMAT"), TODAY) == day


@given(days, st.sampled_from(["%d.%m.%Y", "%d/%m-%Y", "%d %m %Y", "%d%m%Y", "%Y-%m-%d", "%Y%m%d"]))
def test_every_spelling_means_the_same_day(day, spelling):
    assert parse_date(day.strftime(spelling), TODAY) == day


@pytest.mark.parametrize("text", ["14.30", "14:30", "14,30", "1430", "14 30", "kl. 14.30"])
def test_times_as_people_write_them(text):
    assert parse_time(text) == dt.time(14, 30)


@pytest.mark.parametrize(("text", "readings"), [("14.3", ("14.03", "14.30")), ("14:7", ("14.07",))])
def test_half_a_minute_is_asked_about(text, readings):
    with pytest.raises(Unclear) as caught:
        parse_time(text)
    assert caught.value.readings == readings


@given(st.times())
def test_a_time_that_is_shown_can_be_read_back(moment):
    moment = moment.replace(second=0, microsecond=0)
    assert parse_time(f"{moment:%H.%M}") == parse_time(f"{moment:%H%M}") == moment


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


@given(st.text())
def test_the_normal_form_is_its_own_normal_form(text):
    assert tidy(tidy(text)) == tidy(text)


@pytest.mark.parametrize(
    "text", ["Botilbud A\u030alhuset", "Botilbud\u00a0Ålhuset", " Botilbud  Ål\u00adhuset "]
)
def test_names_have_one_form(text):
    assert LineField(max_length=40).clean(text) == "Botilbud Ålhuset"


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


def test_a_day_without_a_year_is_the_nearest():
    with time_machine.travel(dt.datetime(2026, 1, 3, 12, tzinfo=dt.UTC)):
        assert DanishDateField().clean("30/12") == dt.date(2025, 12, 30)


# --- Dates as they are shown --------------------------------------------------------------------

# Parts that have no order, a month with its year, and ISO.
SAFE_FORMATS = {"l", "D", "j", "F", "m.Y", "Y-m-d", "c"}
ROOT = Path(__file__).resolve().parent.parent.parent


def test_no_date_is_written_by_a_form_of_its_own():
    """3.12.2026 is two days to an English reader: every date is written by its language's form."""
    found = set()
    for path in (ROOT / "templates").rglob("*.html"):
        for form in re.findall(r'date:"([^"]*)"', path.read_text()):
            if not form.endswith("_FORMAT") and form not in SAFE_FORMATS:
                found.add((path.name, form))
    for room in ("krams", "initiatives", "clusters"):
        for path in (ROOT / room).rglob("*.py"):
            # The journal stores a day once, for readers in both languages.
            if path.name in ("portal.py", "journal.py") or "formats" in path.parts:
                continue
            for form in re.findall(r'date_format\([^()]+, "([^"]*)"\)', path.read_text()):
                if not form.endswith("_FORMAT") and form not in SAFE_FORMATS:
                    found.add((path.name, form))
    assert found == set()


@pytest.mark.parametrize(
    ("language", "long", "short"), [("da", "03.12.2026", "03.12."), ("en", "3 Dec 2026", "3 Dec")]
)
def test_a_date_in_both_languages_reads_back_as_the_same_day(language, long, short):
    day = dt.date(2026, 12, 3)
    with override(language):
        assert (date_format(day, "SHORT_DATE_FORMAT"), day_month(day)) == (long, short)
        assert DanishDateField().clean(long) == day
        with time_machine.travel("2026-11-21"):
            assert DanishDateField().clean(short) == day


@pytest.mark.parametrize(
    ("typed", "day"),
    [("i går", 20), ("I GÅR", 20), ("igår", 20), ("i dag", 21), ("today", 21), ("i morgen", 22)],
)
@time_machine.travel("2026-11-21 12:00")
def test_the_day_before_and_after_in_words(typed, day):
    assert DanishDateField().clean(typed) == dt.date(2026, 11, day)


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
