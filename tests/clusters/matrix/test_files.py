"""The matrix as a file holds what the page shows, for those who may see it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clusters.enums import PositionState
from clusters.models import AuthorityNote, Effort, Proposal
from krams.documents import pdf
from krams.enums import Role
from tests.files import docx_of, out_of_order, paragraphs_of, sheets_of, text_of_file

from ..conftest import freeze_now, matrix_path

pytestmark = pytest.mark.django_db


def file_path(cluster, kind: str = "docx") -> str:
    return reverse("clusters:matrix-file", args=[cluster.slug, kind])


@pytest.fixture
def explained(answer, rows, cluster, municipality):
    """An effort with a note, one with a text of its own and one with a link."""
    note = AuthorityNote.objects.create(
        cluster=cluster, authority=municipality, heading="Sundhedsteamet", text="Åbent\n\nHver dag."
    )
    answer(rows[0], "Gadesygepleje", explained_by=note)
    answer(rows[1], "Varmestue", note="Om natten.")
    answer(rows[2], "Tandpleje", link="https://eksempel.dk/tandpleje")
    return note


@pytest.mark.usefixtures("explained")
def test_word_holds_the_page_in_its_order(login, coordinator, cluster):
    found = paragraphs_of(login(coordinator).get(file_path(cluster)))
    expected = [
        *("Skema for Klynge Prøve", "Nordby Kommune", "Sønderby Kommune", "Region Prøve"),
        *("I kommunerne", "1. Forslag nr. 1", "Etableret", "Gadesygepleje N1"),
        *("Ikke udfyldt", "2. Forslag nr. 2", "Varmestue N2", "3. Forslag nr. 3", "Tandpleje"),
        *("På hospitalet", "Uddybninger", "Nordby Kommune", "N1 Sundhedsteamet", "Åbent"),
        *("Hver dag.", "N2 Varmestue", "Om natten."),
    ]
    assert out_of_order(expected, found) == []


@pytest.mark.usefixtures("explained")
def test_a_link_is_one_and_its_address_stands_behind_it(login, coordinator, cluster):
    document = docx_of(login(coordinator).get(file_path(cluster)))
    [cell] = {one for row in document.tables[0].rows for one in row.cells if "Tandpl" in one.text}
    [link] = [link for one in cell.paragraphs for link in one.hyperlinks]
    assert (link.text, link.address) == ("Tandpleje", "https://eksempel.dk/tandpleje")
    assert "Tandpleje (https://eksempel.dk/tandpleje)" in cell.text


def test_one_answer_is_one_cell(login, coordinator, cluster, rows, answer):
    answer(rows[:3], "Fælles team")
    table = docx_of(login(coordinator).get(file_path(cluster))).tables[0]
    # Below the head and the name of the group.
    cells = [table.cell(number, 1) for number in (2, 3, 4)]
    assert len({cell._tc for cell in cells}) == 1
    assert "Samlet svar på forslag 1, 2 og 3" in cells[0].text


@pytest.mark.usefixtures("explained")
def test_a_workbook_has_the_table_the_efforts_and_the_notes(login, coordinator, cluster):
    sheets = sheets_of(login(coordinator).get(file_path(cluster, "xlsx")))
    table, efforts, notes = sheets.values()
    assert list(sheets) == ["Skema", "Indsatser", "Uddybninger"]
    assert table[0] == [
        *("Gruppe", "Nummer", "Forslag", "Vedrører"),
        *("Nordby Kommune", "Sønderby Kommune", "Region Prøve"),
    ]
    assert table[1][:3] == ["I kommunerne", 1, "Forslag nr. 1"]
    assert table[1][4] == "Etableret\n• Gadesygepleje"
    assert [(row[0], row[4]) for row in efforts[1:]] == [
        (1, "Gadesygepleje"),
        (2, "Varmestue"),
        (3, "Tandpleje"),
    ]
    assert [row[1] for row in notes[1:]] == ["N1", "N2"]


def test_a_joint_answer_stands_once_in_a_workbook(login, coordinator, cluster, rows, answer):
    answer(rows[:2], "Fælles team")
    table, efforts, _notes = sheets_of(login(coordinator).get(file_path(cluster, "xlsx"))).values()
    assert [row[4] for row in table[1:3]] == ["Etableret\n• Fælles team", "Se forslag 1"]
    assert [row[0] for row in efforts[1:]] == [1, 2]


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("?vis=nordby", ["Forslag nr. 1", "Forslag nr. 2"], ["Sønderby Kommune"]),
        ("?q=gadesygepleje", ["Forslag nr. 1"], ["Forslag nr. 2", "Varmestue"]),
        ("?tilstand=none", ["Forslag nr. 4"], ["Forslag nr. 1"]),
    ],
)
def test_the_file_holds_what_the_filter_shows(
    login, coordinator, cluster, rows, answer, query, shown, hidden
):
    answer(rows[0], "Gadesygepleje")
    answer(rows[1], "Varmestue")
    answer(rows[3], state=PositionState.NONE)
    client = login(coordinator)
    page = client.get(matrix_path(cluster) + query).content.decode()
    assert f"{file_path(cluster)}{query}" in page
    text = text_of_file(client.get(file_path(cluster) + query))
    book = str(sheets_of(client.get(file_path(cluster, "xlsx") + query)))
    for found in (text, book):
        assert [one for one in shown if one not in found] == []
        assert [one for one in hidden if one in found] == []


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_a_filter_that_does_not_exist_leads_back_to_the_page(login, coordinator, cluster, kind):
    answer = login(coordinator).get(file_path(cluster, kind) + "?vis=findes-ikke", follow=True)
    assert answer.status_code == 422
    assert answer.request["PATH_INFO"] == matrix_path(cluster)


@pytest.mark.parametrize("kind", ["docx", "xlsx", "pdf", "doc", "csv"])
def test_who_may_see_the_page_gets_the_files_that_there_are(
    login, cluster, rows, make_user, municipality, other_cluster, kind
):
    for reader in (
        make_user(Role.VIEWER, cluster=cluster),
        make_user(Role.EDITOR, authority=municipality),
    ):
        found = login(reader).get(file_path(cluster, kind)).status_code
        there_is = kind in ("docx", "xlsx") or (kind == "pdf" and pdf.can_write_pdf())
        assert found == (200 if there_is else 404)
    for stranger in (make_user(), make_user(Role.COORDINATOR, cluster=other_cluster)):
        assert login(stranger).get(file_path(cluster, kind)).status_code == 404


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_queries_do_not_grow_with_what_is_in_it(login, coordinator, cluster, rows, answer, kind):
    client = login(coordinator)
    answer(rows[0], "Gadesygepleje")
    client.get(file_path(cluster, kind))
    with CaptureQueriesContext(connection) as one:
        client.get(file_path(cluster, kind))
    group = rows[0].group
    for number in range(7, 37):
        proposal = Proposal.objects.create(
            cluster=cluster, group=group, number=number, title=f"Forslag nr. {number}"
        )
        answer(proposal, "Indsats", "En til")
    with CaptureQueriesContext(connection) as thirty:
        client.get(file_path(cluster, kind))
    assert len(thirty) == len(one)


def test_without_proposals_there_is_a_file_all_the_same(login, coordinator, cluster):
    for kind in ("docx", "xlsx"):
        assert login(coordinator).get(file_path(cluster, kind)).status_code == 200


@pytest.mark.usefixtures("explained")
def test_notes_are_numbered_as_on_the_page_and_in_the_edition(login, coordinator, cluster):
    client = login(coordinator)
    edition = freeze_now(cluster, coordinator)
    frozen = reverse("clusters:edition-file", args=[cluster.slug, edition.number, "docx"])
    page = client.get(matrix_path(cluster)).content.decode()
    today, then = paragraphs_of(client.get(file_path(cluster))), paragraphs_of(client.get(frozen))
    for label in ("N1", "N2"):
        assert label in page
        assert any(one.startswith(f"{label} ") for one in today)
    assert _below(today) == _below(then)


def _below(found: list[str]) -> list[str]:
    """From the first label of a note on."""
    [first] = [number for number, one in enumerate(found) if one.startswith("N1 ")]
    return found[first:]


def test_text_that_looks_like_a_formula_or_markup_stays_text(
    login, coordinator, cluster, rows, answer
):
    texts = ['=HYPERLINK("http://x.example")', "@sum 😀"]
    [effort, _other] = answer(rows[0], *texts)
    Effort.objects.filter(pk=effort.pk).update(note="<b>fed</b> & \x0b slut")
    client = login(coordinator)
    assert "<b>fed</b> &  slut" in text_of_file(client.get(file_path(cluster)))
    sheets = sheets_of(client.get(file_path(cluster, "xlsx")))
    assert [row[4] for row in sheets["Indsatser"][1:]] == texts
