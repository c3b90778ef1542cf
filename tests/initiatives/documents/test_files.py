"""The initiative as a document of Word: the ten sections of the form, for those who may read it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from initiatives.documents.sections import SECTIONS
from initiatives.models import AttentionPoint, EconomyLine, FactorText, Initiative
from krams.documents import pdf
from krams.enums import Role
from tests.files import docx_of, out_of_order, paragraphs_of


@pytest.fixture
def initiative(department, facility):
    found = Initiative.objects.create(
        department=department,
        title="KRAMS for alle",
        purpose="Længere liv.\n\nFlere gode år.",
        starts_on=dt.date(2026, 1, 1),
    )
    found.facilities.add(facility)
    FactorText.objects.create(initiative=found, factor="K", text="Sund mad")
    FactorText.objects.create(initiative=found, factor="K", facility=facility, text="Fælles kok")
    EconomyLine.objects.create(initiative=found, what="Råvarer", amount_dkk=Decimal(12000))
    AttentionPoint.objects.create(initiative=found, text="Tid", follow_up_on=dt.date(2027, 3, 1))
    return found


def path(initiative, kind: str = "docx") -> str:
    return reverse("initiatives:initiative-file", args=[initiative.pk, kind])


@pytest.fixture
def reader(login, make_user, facility):
    return login(make_user(Role.VIEWER, facility=facility))


def test_the_ten_sections_stand_in_their_order_beside_what_they_say(reader, initiative):
    answer = reader.get(path(initiative))
    [table] = docx_of(answer).tables
    assert [row.cells[0].paragraphs[0].text for row in table.rows] == [
        str(section.title) for section in SECTIONS
    ]
    expected = [
        *("KRAMS for alle", "K – Kost: Sund mad", "Bakkehuset: Fælles kok", "Længere liv."),
        *("Flere gode år.", "Start: ", "Råvarer: 12.000 kr. om året", "Tid ("),
    ]
    found = paragraphs_of(answer)
    assert out_of_order(expected, found) == []


def test_the_page_leads_to_it(reader, initiative):
    page = reader.get(initiative.get_absolute_url()).content.decode()
    assert path(initiative) in page
    assert (path(initiative, "pdf") in page) == pdf.can_write_pdf()


def test_strangers_and_kinds_that_there_are_not(
    login, make_user, reader, initiative, other_facility
):
    assert reader.get(path(initiative, "xlsx")).status_code == 404
    assert reader.get(path(initiative, "doc")).status_code == 404
    for stranger in (make_user(), make_user(Role.MANAGER, facility=other_facility)):
        assert login(stranger).get(path(initiative)).status_code == 404


def test_queries_do_not_grow_with_its_lines(reader, initiative):
    def count() -> int:
        with CaptureQueriesContext(connection) as found:
            assert reader.get(path(initiative)).status_code == 200
        return len(found)

    count()
    before = count()
    for number in range(30):
        EconomyLine.objects.create(initiative=initiative, what=f"Linje {number}")
    assert count() == before
