"""Fields in the portal's markup, and what they refuse."""

import datetime as dt
import re

import pytest
import time_machine
from django import forms
from django.template import engines

from krams.web.forms import (
    CountField,
    DanishDateField,
    FreeTextField,
    LineField,
    PortalForm,
    SubmissionField,
)


class Example(PortalForm):
    submission = SubmissionField()
    title = LineField(label="Titel", max_length=20, help_text="Kort & <godt>.")
    note = FreeTextField(label="Note", max_length=100, required=False)
    count = CountField(label="Deltagere", least=0, most=200)
    day = DanishDateField(label="Dato", not_future=True)
    factors = forms.MultipleChoiceField(
        label="Faktorer",
        choices=[("K", "Kost"), ("R", "Rygning")],
        widget=forms.CheckboxSelectMultiple,
        help_text="Mindst én.",
    )
    sure = forms.BooleanField(label="Sikker", required=False, help_text="Kan fortrydes.")


GOOD = {
    "submission": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
    "title": "Gåtur",
    "note": "",
    "count": "7",
    "day": "20.11.2026",
    "factors": ["K"],
}


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)):
        yield


def form(**changes) -> Example:
    return Example(GOOD | changes)


def group(bound, name) -> str:
    return re.sub(r"\s+", " ", str(bound[name].as_field_group()))


# --- Markup -------------------------------------------------------------------------------------


def component(source: str, **context) -> str:
    return engines["templating"].from_string(source).render(context)


def test_a_field_has_label_hint_and_control_tied_together():
    html = group(Example(), "title")
    assert '<div class="field"><label for="id_title">Titel</label>' in html
    assert '<div class="hint" id="id_title_helptext">Kort &amp; &lt;godt&gt;.</div>' in html
    assert 'aria-describedby="id_title_helptext"' in html
    assert 'class="in"' in html
    assert "aria-invalid" not in html
    assert " required" not in html


def test_an_error_stands_at_the_field_after_the_hint():
    html = group(form(title=""), "title")
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'aria-invalid="true"' in html
    assert re.search(
        r'<p class="err" id="id_title_error"><svg.*<span class="vh">Fejl: </span>', html
    )
    assert html.index("id_title_helptext") < html.index("id_title_error") < html.index("<input")


def test_choices_are_a_fieldset_with_a_legend():
    html = group(form(factors=[]), "factors")
    assert '<fieldset class="field" id="id_factors_group"' in html
    assert 'aria-describedby="id_factors_helptext id_factors_error"' in html
    assert "<legend>Faktorer</legend>" in html
    assert '<label class="opt" for="id_factors_0"><input type="checkbox"' in html
    assert html.count("aria-invalid") == 2


def test_a_single_tick_has_its_label_beside_it():
    html = group(Example(), "sure")
    assert html.count("<label") == 1
    assert re.search(r'<label class="opt" for="id_sure"><input [^>]*>Sikker</label>', html)
    assert 'aria-describedby="id_sure_helptext"' in html


def test_what_was_typed_is_kept_and_escaped():
    html = group(form(title="<b>Gåtur</b> med O'Brien og mere"), "title")
    assert 'value="&lt;b&gt;Gåtur&lt;/b&gt; med O&#39;Brien og mere"' in html


def test_chips_keep_their_class_to_the_group():
    class Chips(PortalForm):
        kind = forms.ChoiceField(
            choices=[("a", "A")], widget=forms.RadioSelect(attrs={"class": "chips"})
        )

    html = group(Chips(), "kind")
    assert '<div class="chips"><label for="id_kind_0"><input type="radio"' in html
    assert html.count("chips") == 1


def test_the_summary_links_to_every_bad_field():
    bad = form(title="", factors=[], submission="x")
    html = component("{{ error_summary(form) }}", form=bad)
    assert 'role="alert" tabindex="-1"' in html
    assert "3 ting skal rettes" in html
    assert 'href="#id_title"' in html
    assert 'href="#id_factors_0"' in html
    # Nobody can go to a hidden field.
    assert "#id_submission" not in html
    assert "Formularen er for gammel. Send den igen." in html


def test_no_summary_without_errors():
    assert component("{{ error_summary(form) }}", form=form()).strip() == ""


# --- What is refused ----------------------------------------------------------------------------


def test_good_input():
    good = form()
    assert good.is_valid(), good.errors
    assert good.cleaned_data["day"] == dt.date(2026, 11, 20)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("title", "", "Feltet skal udfyldes."),
        ("title", "   ", "Feltet skal udfyldes."),
        ("title", "x" * 21, "højst 20 tegn, og her er 21"),
        ("title", "a\x00b", "skjult styretegn"),
        ("title", "a\x07b", "tegn"),
        ("note", "Ring til 010203-1234", "CPR"),
        ("note", "x" * 101, "højst 100 tegn, og her er 101"),
        ("count", "-1", "Skriv et helt tal fra 0 til 200."),
        ("count", "1,5", "Skriv et helt tal."),
        ("count", "1.5", "Skriv et helt tal."),
        ("count", "1000000000000", "Skriv et helt tal fra 0 til 200."),
        ("count", "9" * 5000, "Skriv et helt tal."),
        ("count", "", "Feltet skal udfyldes."),
        ("day", "31-02-2026", "Datoen findes ikke."),
        ("day", "31.02.2026", "Datoen findes ikke."),
        ("day", "01.01.0001", "Årstallet kan ikke passe."),
        ("day", "01.01.9999", "Årstallet kan ikke passe."),
        ("day", "22.11.2026", "Datoen ligger i fremtiden."),
        ("day", "en dag", "Datoen findes ikke."),
        ("submission", "", "Formularen er for gammel."),
        ("submission", "abc", "Formularen er for gammel."),
    ],
)
def test_bad_input_gets_a_clear_message_at_its_field(name, value, message):
    bad = form(**{name: value})
    assert list(bad.errors) == [name]
    assert message in " ".join(bad.errors[name])


@pytest.mark.parametrize("typed", ["20.11.2026", "20-11-2026", "20/11/2026", "2026-11-20"])
def test_dates_in_all_the_ways_that_people_write_them(typed):
    assert form(day=typed).is_valid()


def test_line_ends_become_one_kind():
    sent = form(note="a\r\nb\rc")
    assert sent.is_valid()
    assert sent.cleaned_data["note"] == "a\nb\nc"
