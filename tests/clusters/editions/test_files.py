"""Editions and what changed between them as files."""

import pytest
from django.urls import reverse

from clusters.editions.actions import withdraw_edition
from clusters.enums import PositionState
from clusters.models import AuthorityNote, Effort, Position
from krams.enums import Role
from tests.files import docx_of, out_of_order, paragraphs_of, sheets_of, text_of_file

from ..conftest import freeze_now

pytestmark = pytest.mark.django_db


def edition_path(edition, kind: str = "docx") -> str:
    args = [edition.cluster.slug, edition.number, kind]
    return reverse("clusters:edition-file", args=args)


def changes_path(cluster, kind: str = "docx", query: str = "?fra=1&til=kladde") -> str:
    return reverse("clusters:changes-file", args=[cluster.slug, kind]) + query


@pytest.fixture
def edition(cluster, rows, answer, coordinator):
    answer(rows[0], "Gadesygepleje i byen")
    return freeze_now(cluster, coordinator)


@pytest.fixture
def changed(edition, rows, municipality):
    """Other words, another answer and a note, since the edition."""
    Effort.objects.update(text="Gadesygepleje på herberget")
    Position.objects.create(proposal=rows[1], authority=municipality, state=PositionState.PLANNED)
    AuthorityNote.objects.create(
        cluster=edition.cluster, authority=municipality, heading="Nyt", text="Mere om det."
    )
    return edition


def test_an_edition_stays_as_it_was_frozen(login, coordinator, changed):
    client = login(coordinator)
    text = text_of_file(client.get(edition_path(changed)))
    assert "Gadesygepleje i byen" in text
    assert "Gadesygepleje på herberget" not in text
    assert "Frosset" in text
    sheets = sheets_of(client.get(edition_path(changed, "xlsx")))
    assert [row[4] for row in sheets["Indsatser"][1:]] == ["Gadesygepleje i byen"]


def test_a_withdrawn_edition_says_so_first(login, coordinator, edition):
    withdraw_edition(edition=edition, by=coordinator, reason="Forkert bilag")
    found = paragraphs_of(login(coordinator).get(edition_path(edition)))
    assert out_of_order(["Forkert bilag", "Frosset", "Nordby Kommune"], found) == []


def test_changes_word_by_word(login, coordinator, changed):
    answer = login(coordinator).get(changes_path(changed.cluster))
    found = paragraphs_of(answer)
    expected = [
        *("Fra udgave 1 til i dag – Klynge Prøve", "2 svar er ændret", "Kort, til dagsordenen"),
        *("Nordby Kommune, 1 Forslag nr. 1", "Nordby Kommune, 2 Forslag nr. 2: Ikke udfyldt →"),
        *("I kommunerne", "1 Forslag nr. 1", "Gadesygepleje i byenpå herberget", "Uddybninger"),
    ]
    assert out_of_order(expected, found) == []
    cells = [cell for table in docx_of(answer).tables for cell in table._cells]
    runs = [run for cell in cells for one in cell.paragraphs for run in one.runs]
    assert {run.text for run in runs if run.font.strike} == {"i byen", "Ikke udfyldt"}
    assert {run.text for run in runs if run.font.underline} >= {"på herberget", "Planlagt"}


def test_changes_of_one_authority(login, coordinator, changed):
    query = "?fra=1&til=kladde&myndighed=soenderby"
    found = text_of_file(login(coordinator).get(changes_path(changed.cluster, query=query)))
    assert "De to siger det samme." in found


def test_the_page_leads_to_the_files_of_what_is_compared(login, coordinator, changed):
    page = login(coordinator).get(
        reverse("clusters:changes", args=[changed.cluster.slug]) + "?fra=1&til=kladde"
    )
    assert b"aendringer.docx?fra=1&amp;til=kladde" in page.content


@pytest.mark.parametrize("query", ["", "?fra=9&til=kladde"])
def test_two_versions_that_there_are_not_lead_back_to_the_page(login, coordinator, edition, query):
    answer = login(coordinator).get(changes_path(edition.cluster, query=query), follow=True)
    assert answer.request["PATH_INFO"] == reverse("clusters:changes", args=[edition.cluster.slug])


def test_strangers_and_kinds_that_there_are_not(login, make_user, edition, other_cluster):
    reader = login(make_user(Role.VIEWER, cluster=edition.cluster))
    assert reader.get(edition_path(edition)).status_code == 200
    assert reader.get(changes_path(edition.cluster)).status_code == 200
    for path in (edition_path(edition, "odt"), changes_path(edition.cluster, "xlsx")):
        assert reader.get(path).status_code == 404
    for stranger in (make_user(), make_user(Role.COORDINATOR, cluster=other_cluster)):
        client = login(stranger)
        for path in (edition_path(edition), changes_path(edition.cluster)):
            assert client.get(path).status_code == 404
