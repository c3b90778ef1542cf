"""A criterion at one facility as a document with its curve, and its figures for a spreadsheet."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx.oxml.ns import qn
from lxml import etree

from initiatives.criteria.paper import criterion_paper
from initiatives.criteria.queries.criterion_page import (
    read_criterion_page,
    visible_criterion,
    visible_place,
)
from initiatives.enums import AssessmentLevel, IndicatorKind
from initiatives.models import Assessment
from krams.documents.content import Curve
from krams.enums import Role
from krams.models import Facility
from tests.files import docx_of, out_of_order, paragraphs_of, sheets_of, text_of_file

from ..making_criteria import QUARTERS, TODAY, make_criterion, make_initiative, measure

HIDDEN = "Skjult (få personer)"


@pytest.fixture(autouse=True)
def on_a_day():
    with time_machine.travel(dt.datetime(2026, 11, 21, 12), tick=False):
        yield


def path(criterion, facility, kind: str = "docx") -> str:
    place = [criterion.initiative.department.slug, criterion.pk, facility.slug, kind]
    return reverse("initiatives:criterion-file", args=place)


def rows_of(response) -> list[list[str]]:
    text = response.getvalue().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


@pytest.fixture
def shares(department, facility):
    """Three quarters of a share, the middle one about few people."""
    criterion = make_criterion(make_initiative(department, facility))
    measure(facility, criterion.indicators.get(), (10, 20), (2, 20), (14, 20))
    return criterion


@pytest.fixture
def viewer(login, make_user, facility):
    return login(make_user(Role.VIEWER, facility=facility))


def test_the_document_has_what_the_page_has_in_its_order(viewer, facility, shares):
    Assessment.objects.create(
        criterion=shares,
        facility=facility,
        level=AssessmentLevel.PARTLY_MET,
        reason="Godt på vej",
        assessed_on=TODAY,
    )
    found = paragraphs_of(viewer.get(path(shares, facility)))
    expected = [
        *("Kort 1", "Bakkehuset · KRAMS", "»Kriterium nr. 1«", "Lederens vurdering: Delvist"),
        *("Måltal 1.1", "Udgangspunkt", "40 %", "70 %", "30.09.2026 · n 20", "60 %"),
        *("Målinger", "30.09.2026", "70 %", "30.06.2026", HIDDEN, "31.03.2026", "50 %"),
        *("Vurderinger", "Godt på vej"),
    ]
    found = [one.replace("\N{NO-BREAK SPACE}", " ") for one in found]
    missing = [one for one in expected if not any(one in text for text in found)]
    assert missing == []
    assert out_of_order([expected[0], expected[4], "Målinger", HIDDEN, "Vurderinger"], found) == []


def test_words_chart_holds_the_figures_that_may_be_seen(viewer, facility, shares):
    document = docx_of(viewer.get(path(shares, facility)))
    [drawing] = document.element.body.iter(qn("w:drawing"))
    description = drawing.find(f".//{qn('wp:docPr')}").get("descr")
    assert "31.03.2026" in description
    [key] = [chart.get(qn("r:id")) for chart in drawing.iter() if chart.tag.endswith("}chart")]
    chart = etree.fromstring(document.part.related_parts[key].blob)
    values = [
        [one.text for one in series.iterfind(".//{*}val//{*}v")]
        for series in chart.iterfind(".//{*}ser")
    ]
    assert [list(map(Decimal, one)) for one in values] == [[50, 70], [60, 60], [40, 40]]
    days = chart.find(".//{*}ser").iterfind(".//{*}cat//{*}v")
    zero = dt.date(1899, 12, 30)
    assert [zero + dt.timedelta(days=int(one.text)) for one in days] == [QUARTERS[0], QUARTERS[2]]


def test_the_drawing_on_paper_is_that_of_the_page(make_user, department, facility, shares):
    reader = make_user(Role.VIEWER, facility=facility)
    place = visible_place(reader, facility.slug)
    criterion = visible_criterion(reader, department.slug, shares.pk, place)
    paper = criterion_paper(read_criterion_page(criterion, place, TODAY))
    [curve] = [block for block in paper.blocks if isinstance(block, Curve)]
    drawing = etree.fromstring(curve.drawing)
    assert len(drawing.findall(".//circle")) == 2
    assert drawing.find("title").text == "Måltal 1.1"
    assert ".line" in drawing.find("style").text


def test_a_spreadsheet_hides_what_the_page_hides(viewer, facility, shares):
    head, *rows = rows_of(viewer.get(path(shares, facility, "csv")))
    assert head == ["Det, der måles", "Dato", "Værdi", "Enhed", "n", "Bemærkning", "Indtastet af"]
    assert [row[1:5] for row in rows] == [
        ["30.09.2026", "70", "%", "20"],
        ["30.06.2026", HIDDEN, "%", ""],
        ["31.03.2026", "50", "%", "20"],
    ]
    [sheet] = sheets_of(viewer.get(path(shares, facility, "xlsx"))).values()
    assert [row[2] for row in sheet[1:]] == [70, HIDDEN, 50]


def test_averages_say_of_how_many(viewer, department, facility):
    criterion = make_criterion(make_initiative(department, facility), kind=IndicatorKind.VALUE)
    indicator = criterion.indicators.get()
    measure(facility, indicator, 41, people=4, days=QUARTERS[:1])
    measure(facility, indicator, 48, people=12)
    rows = rows_of(viewer.get(path(criterion, facility, "csv")))[1:]
    assert [row[2:5] for row in rows] == [["48,0", "point", "12"], [HIDDEN, "point", ""]]
    text = text_of_file(viewer.get(path(criterion, facility)))
    assert "30.09.2026 · n 12" in text
    assert "41" not in text


def test_who_enters_the_figures_gets_all_of_them(desk, facility, shares):
    assert [row[2] for row in rows_of(desk.get(path(shares, facility, "csv")))[1:]] == [
        *("70", "10", "50")
    ]


def test_all_measurements_come_along(desk, department, facility):
    criterion = make_criterion(make_initiative(department, facility), kind=IndicatorKind.VALUE)
    days = [dt.date(2024, 1, 1) + dt.timedelta(days=number) for number in range(90)]
    measure(facility, criterion.indicators.get(), *range(90), days=days)
    assert len(rows_of(desk.get(path(criterion, facility, "csv")))) == 91


def test_nothing_measured_is_said(viewer, department, facility):
    criterion = make_criterion(make_initiative(department, facility), indicators=0)
    text = text_of_file(viewer.get(path(criterion, facility)))
    assert "Det er endnu ikke besluttet" in text
    assert len(rows_of(viewer.get(path(criterion, facility, "csv")))) == 1


def test_the_page_leads_to_its_files(viewer, facility, shares):
    page = viewer.get(path(shares, facility).removesuffix(".docx") + "/").content.decode()
    for kind in ("docx", "xlsx", "csv"):
        assert path(shares, facility, kind) in page


def test_strangers_and_kinds_that_there_are_not(
    login, make_user, department, facility, other_facility, shares
):
    neighbour = Facility.objects.create(department=department, name="Hus 2", slug="hus-2")
    reader = login(make_user(Role.VIEWER, facility=facility))
    assert reader.get(path(shares, facility, "odt")).status_code == 404
    assert reader.get(path(shares, neighbour)).status_code == 404
    for stranger in (make_user(), make_user(Role.MANAGER, facility=other_facility)):
        for kind in ("docx", "csv"):
            assert login(stranger).get(path(shares, facility, kind)).status_code == 404


@pytest.mark.parametrize("kind", ["docx", "csv"])
def test_queries_do_not_grow(viewer, department, facility, kind):
    criterion = make_criterion(make_initiative(department, facility), kind=IndicatorKind.VALUE)
    indicator = criterion.indicators.get()
    measure(facility, indicator, 1)

    def count() -> int:
        with CaptureQueriesContext(connection) as found:
            assert viewer.get(path(criterion, facility, kind)).status_code == 200
        return len(found)

    count()
    before = count()
    days = [dt.date(2024, 1, 1) + dt.timedelta(days=number) for number in range(30)]
    measure(facility, indicator, *range(30), days=days)
    assert count() == before
