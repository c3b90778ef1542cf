"""The agenda and the minutes as documents."""

import datetime as dt

import pytest
from django.urls import reverse

from initiatives.models import AgendaItem
from tests.files import docx_of, out_of_order, paragraphs_of, text_of_file

from ..planning import TODAY
from .making_meetings import make_decision, make_fading_plan, make_meeting

pytestmark = pytest.mark.usefixtures("at_noon")
LAST_MONTH = TODAY - dt.timedelta(weeks=4)


def path(name: str, meeting, kind: str = "docx") -> str:
    return reverse(f"initiatives:{name}-file", args=[meeting.pk, kind])


@pytest.fixture
def full(facility, meeting):
    """A meeting with something in each section, and one before it."""
    make_fading_plan(facility)
    make_decision(make_meeting(facility, LAST_MONTH), "Køb frugt", due_on=TODAY)
    AgendaItem.objects.create(meeting=meeting, text="Julefrokost")
    meeting.wishes = "Gåture til vandet"
    meeting.place, meeting.starts_at = "Fællesstuen", dt.time(14)
    meeting.save()
    return meeting


@pytest.mark.parametrize(("name", "called"), [("agenda", "dagsorden"), ("minutes", "referat")])
def test_a_file_is_told_from_those_of_other_places_and_days_by_its_name(
    login, viewer, meeting, name, called
):
    answer = login(viewer).get(path(name, meeting))
    expected = f'filename="{called}-{meeting.facility.slug}-{meeting.held_on}.docx"'
    assert answer["Content-Disposition"].endswith(expected)


def test_the_agenda_has_what_the_page_has_in_its_order(login, viewer, full):
    found = paragraphs_of(login(viewer).get(path("agenda", full)))
    expected = [
        *("Dagsorden lørdag 28.11.2026", "Husmøde · Bakkehuset · Kl. 14.00 · Fællesstuen"),
        *("1. Sat på dagsordenen", "Julefrokost", "Siden sidst", "Hvad er skredet?", "Aftentur"),
        *("Beslutninger fra tidligere", "Køb frugt", "Beboernes ønsker", "Gåture til vandet"),
        *("Nye beslutninger", "Hvad gør vi?", "Eventuelt", "Næste møde"),
    ]
    assert out_of_order(expected, found) == []


def test_sections_are_numbered_and_what_is_empty_is_left_out(login, viewer, meeting):
    document = docx_of(login(viewer).get(path("agenda", meeting)))
    headings = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert [one.split(".")[0] for one in headings] == ["1", "2", "3", "4"]
    assert not any("Beslutninger fra tidligere" in one for one in headings)


def test_decisions_take_the_place_of_lines_for_handwriting(login, viewer, meeting):
    client = login(viewer)
    before = docx_of(client.get(path("agenda", meeting))).tables[-1]
    for number in range(4):
        make_decision(meeting, f"Beslutning {number}")
    after = docx_of(client.get(path("agenda", meeting))).tables[-1]
    assert (len(before.rows), len(after.rows)) == (1 + 5, 1 + 4 + 1)


def test_the_minutes_say_what_was_said_and_decided(login, viewer, full):
    full.minutes = "Vi talte om jul.\n\nAlle var med."
    full.save()
    make_decision(full, "Vi spiser ris", closed_on=TODAY, closing_note="Det smagte")
    found = paragraphs_of(login(viewer).get(path("minutes", full)))
    expected = [
        *("Referat lørdag 28.11.2026", "Vi talte om jul.", "Alle var med.", "Vi spiser ris"),
        *("Det smagte", "Beboernes ønsker", "Næste møde"),
    ]
    assert out_of_order(expected, found) == []


def test_minutes_that_nobody_has_written_say_so(login, viewer, meeting):
    text = text_of_file(login(viewer).get(path("minutes", meeting)))
    assert "Ingen beslutninger." in text
    assert b"/referat.docx" not in login(viewer).get(meeting.get_absolute_url()).content


@pytest.mark.parametrize("name", ["agenda", "minutes"])
def test_strangers_and_kinds_that_there_are_not(login, viewer, stranger, make_user, full, name):
    assert login(viewer).get(path(name, full, "xlsx")).status_code == 404
    for person in (stranger, make_user()):
        assert login(person).get(path(name, full)).status_code == 404


def test_the_page_leads_to_both(login, viewer, full):
    make_decision(full)
    page = login(viewer).get(full.get_absolute_url()).content.decode()
    assert path("agenda", full) in page
    assert path("minutes", full) in page
