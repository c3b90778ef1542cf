"""The pages that compare authorities as files: what they show, and for the same people."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from clusters.enums import PositionState
from clusters.models import Proposal, Theme
from krams.enums import Role
from tests.files import docx_of, out_of_order, paragraphs_of, sheets_of, text_of_file

pytestmark = pytest.mark.django_db
PAGES = ("compare", "gaps", "coverage", "themes")


def path(name: str, cluster, kind: str = "docx", query: str = "") -> str:
    return reverse(f"clusters:{name}-file", args=[cluster.slug, kind]) + query


@pytest.fixture
def filled(rows, answer, other_municipality):
    """Of six proposals one is answered by both, with a theme in common, and one by one of them."""
    theme = Theme.objects.create(name="Rygestop", slug="rygestop")
    for effort in (
        *answer(rows[0], "Rygestop i herberget"),
        *answer(rows[0], "Rygestop på gaden", authority=other_municipality),
    ):
        effort.themes.add(theme)
    answer(rows[1], "Varmestue")
    return rows


@pytest.fixture
def reader(login, make_user, cluster):
    return login(make_user(Role.VIEWER, cluster=cluster))


@pytest.mark.usefixtures("filled")
def test_side_by_side(reader, cluster):
    query = "?m=nordby&m=soenderby&kun=on"
    found = paragraphs_of(reader.get(path("compare", cluster, query=query)))
    expected = ["Nordby Kommune", "Sønderby Kommune", "2 Forslag nr. 2", "Varmestue", "Hul"]
    assert out_of_order(expected, [one.replace("hul", "Hul") for one in found]) == []
    assert not any("1 Forslag nr. 1" in one for one in found), "the same answer is left out"
    [rows] = sheets_of(reader.get(path("compare", cluster, "xlsx", query))).values()
    sides = [row for row in rows if row[1] == 2]
    assert [(row[5], row[7], row[9]) for row in sides] == [
        ("Nordby Kommune", "• Varmestue", "nej"),
        ("Sønderby Kommune", "", "ja"),
    ]
    everything = paragraphs_of(reader.get(path("compare", cluster, query=query[:-7])))
    assert "Fælles: Rygestop (Nordby, Sønderby)" in "\n".join(everything)


@pytest.mark.usefixtures("filled")
def test_gaps_say_whom_to_ask(reader, cluster, make_user, municipality):
    editor = make_user(Role.EDITOR, authority=municipality)
    found = paragraphs_of(reader.get(path("gaps", cluster, query="?myndighed=soenderby")))
    expected = ["3 Forslag nr. 3", "Sønderby Kommune: Ikke udfyldt", "Ingen har en indsats"]
    assert out_of_order(expected, found) == []
    asked = ["2 Forslag nr. 2", "Nordby Kommune", "Varmestue", editor.email]
    assert out_of_order(asked, found) == []
    assert not any("Region Prøve:" in one for one in found)
    missing, others = sheets_of(
        reader.get(path("gaps", cluster, "xlsx", "?myndighed=soenderby"))
    ).values()
    assert {row[2] for row in missing[1:]} == {"Sønderby Kommune"}
    assert [row[:4] for row in others[1:]] == [[2, "Forslag nr. 2", "Nordby Kommune", "Varmestue"]]


@pytest.mark.usefixtures("filled")
def test_coverage_counts_as_the_page_does(reader, cluster):
    document = docx_of(reader.get(path("coverage", cluster)))
    _at_a_glance, by_authority, by_proposal = document.tables
    assert [cell.text for cell in by_authority.rows[1].cells] == [
        *("Nordby Kommune", "2 af 6", "2 af 6", "")
    ]
    assert [cell.text for cell in by_proposal.rows[1].cells][1:] == ["2 af 3", "2 af 3", ""]
    authorities, proposals = sheets_of(reader.get(path("coverage", cluster, "xlsx"))).values()
    assert authorities[1] == ["Nordby Kommune", 2, 2, 6, 0]
    assert proposals[1] == [1, "Forslag nr. 1", "Kommuner, region og almen praksis", 2, 2, 3, 0]


@pytest.mark.usefixtures("filled")
def test_themes_say_who_does_what(reader, cluster):
    found = paragraphs_of(reader.get(path("themes", cluster, query="?tema=rygestop")))
    expected = ["Rygestop", "2 myndigheder", "Nordby Kommune", "Rygestop i herberget – 1 Forslag"]
    assert out_of_order(expected, found) == []
    [rows] = sheets_of(reader.get(path("themes", cluster, "xlsx"))).values()
    assert [row[:3] for row in rows[1:]] == [
        ["Rygestop", "Nordby Kommune", "Rygestop i herberget"],
        ["Rygestop", "Sønderby Kommune", "Rygestop på gaden"],
    ]


@pytest.mark.parametrize("name", PAGES)
def test_each_page_leads_to_its_files_with_what_is_chosen(reader, cluster, filled, name):
    query = {"compare": "?m=nordby&m=soenderby", "gaps": "?myndighed=nordby"}.get(name, "")
    page = reader.get(reverse(f"clusters:{name}", args=[cluster.slug]) + query)
    assert escape(path(name, cluster, "xlsx", query)) in page.content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_strangers_and_kinds_that_there_are_not(login, make_user, cluster, other_cluster, name):
    reader = login(make_user(Role.VIEWER, cluster=cluster))
    assert reader.get(path(name, cluster, "docx")).status_code == 200
    assert reader.get(path(name, cluster, "odt")).status_code == 404
    for stranger in (make_user(), make_user(Role.COORDINATOR, cluster=other_cluster)):
        for kind in ("docx", "xlsx"):
            assert login(stranger).get(path(name, cluster, kind)).status_code == 404


@pytest.mark.parametrize(
    ("name", "query"),
    [("compare", "?m=nordby"), ("gaps", "?myndighed=x"), ("themes", "?tema=x")],
)
def test_what_means_nothing_leads_back_to_the_page(reader, cluster, filled, name, query):
    answer = reader.get(path(name, cluster, query=query), follow=True)
    assert answer.status_code == 422
    assert answer.request["PATH_INFO"] == reverse(f"clusters:{name}", args=[cluster.slug])


@pytest.mark.parametrize("name", PAGES)
def test_queries_do_not_grow(reader, cluster, filled, answer, name):
    def count() -> int:
        with CaptureQueriesContext(connection) as found:
            assert reader.get(path(name, cluster, "xlsx")).status_code == 200
        return len(found)

    count()
    before = count()
    for number in range(7, 37):
        proposal = Proposal.objects.create(
            cluster=cluster, group=filled[0].group, number=number, title=f"Forslag {number}"
        )
        answer(proposal, "Indsats", state=PositionState.PLANNED)
    assert count() == before


def test_an_empty_matrix_has_files(reader, cluster):
    for name in PAGES:
        for kind in ("docx", "xlsx"):
            assert reader.get(path(name, cluster, kind)).status_code == 200
    assert "Ingen indsats har fået et tema endnu." in text_of_file(
        reader.get(path("themes", cluster))
    )
