"""Dates and times are read as people write them; what can mean two things is asked about."""

import datetime as dt
import re
from pathlib import Path

import pytest
import time_machine
from django.utils.formats import date_format
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from krams.danish.date_input import Unclear, parse_date, parse_time
from krams.web.forms import (
    DanishDateField,
)
from krams.web.markup import day_month

TODAY = dt.date(2026, 11, 27)


days = st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31))


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


def test_a_day_without_a_year_is_the_nearest():
    with time_machine.travel(dt.datetime(2026, 1, 3, 12, tzinfo=dt.UTC)):
        assert DanishDateField().clean("30/12") == dt.date(2025, 12, 30)


# Parts that have no order, a month with its year, and ISO.
SAFE_FORMATS = {"l", "D", "j", "F", "m.Y", "Y-m-d", "c"}


ROOT = Path(__file__).resolve().parents[3]


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
