"""Documents of Word: what is in them is what was given, whatever the text."""

import datetime as dt
import io
import re
import zipfile
from decimal import Decimal

import docx
import pytest
from django.utils.safestring import mark_safe
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from krams.documents.content import (
    Cell,
    Curve,
    Document,
    Heading,
    Paragraph,
    Run,
    Table,
    as_xml_text,
    item,
    paragraph,
    paragraphs,
)
from krams.documents.word import PRINTED_ADDRESS, as_docx

DAY = dt.date(2026, 11, 30)


def made(*blocks, **options) -> bytes:
    given = {"title": "Skema for Æøå", "owner": "Prøve Kommune", "day": DAY} | options
    return as_docx(Document(blocks=blocks, **given))


def opened(*blocks, **options):
    return docx.Document(io.BytesIO(made(*blocks, **options)))


def cell(text: str, **options) -> Cell:
    return Cell((paragraph(text),), **options)


def test_headings_and_lists_are_real_ones():
    file = opened(Heading(1, "Del"), Heading(2, "Underdel"), paragraph("Tekst"), item("punkt"))
    looks = [(one.style.name, one.text) for one in file.paragraphs]
    assert looks == [
        ("Title", "Skema for Æøå"),
        ("Heading 1", "Del"),
        ("Heading 2", "Underdel"),
        ("Normal", "Tekst"),
        ("List Bullet", "punkt"),
    ]


def test_says_its_title_owner_day_language_and_pages():
    file = opened(is_wide=True)
    about, section = file.core_properties, file.sections[0]
    assert (about.title, about.author, about.language) == (
        "Skema for Æøå",
        "Prøve Kommune",
        "da-DK",
    )
    assert section.page_width > section.page_height
    assert section.header.paragraphs[0].text == "Prøve Kommune · 30.11.2026"
    fields = section.footer._element.findall(f".//{qn('w:fldSimple')}")
    assert [field.get(qn("w:instr")) for field in fields] == ["PAGE", "NUMPAGES"]
    languages = file.styles.element.findall(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    assert [language.get(qn("w:val")) for language in languages] == ["da-DK"]


def test_a_joined_cell_is_one_and_the_head_is_repeated():
    head = (cell("Forslag", is_head=True), cell("Rebild"), cell("Region"))
    group = (cell("I kommunerne", columns=3, is_head=True),)
    rows = (
        head,
        group,
        (cell("1"), cell("fælles", rows=2), cell("a")),
        (cell("2"), cell("b")),
    )
    table = opened(Table((1, 2, 2), rows, heads=1)).tables[0]
    seen = [[one.text for one in row.cells] for row in table.rows]
    assert seen == [
        ["Forslag", "Rebild", "Region"],
        ["I kommunerne"] * 3,
        ["1", "fælles", "a"],
        ["2", "fælles", "b"],
    ]
    assert table.cell(2, 1)._tc is table.cell(3, 1)._tc
    repeated = [row._tr.find(f".//{qn('w:tblHeader')}") is not None for row in table.rows]
    assert repeated == [True, False, False, False]
    whole = [row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in table.rows]
    assert whole == [True, True, False, False]


def test_where_a_table_flows_only_paragraphs_of_long_rows_stay_whole():
    rows = ((cell("Langt " * 300),), (cell("Kort"),))
    [table] = opened(Table((1,), rows, flows=True)).tables
    whole = [row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in table.rows]
    assert whole == [False, True]
    assert table.cell(0, 0).paragraphs[0].paragraph_format.keep_together


@pytest.mark.parametrize("row", [("1",), ("1", "2", "3")])
def test_a_table_with_a_row_of_another_width_is_refused(row):
    with pytest.raises(ValueError, match="cells than the table has columns"):
        made(Table((1, 1), (tuple(map(cell, row)),)))


def test_an_empty_cell_holds_a_paragraph_and_two_tables_stay_two():
    table = Table((1,), ((Cell(()),),))
    file = opened(table, table)
    assert len(file.tables) == 2
    assert file.tables[0].cell(0, 0).paragraphs[0].text == ""
    gaps = [one.paragraph_format.line_spacing.pt for one in file.paragraphs[-2:]]
    assert gaps == [6, 1], "the last would be alone on a page of its own"


def test_a_link_leads_somewhere():
    file = opened(Paragraph((Run("se "), Run("aftalen", link="https://example.dk/a?b=1&c=2"))))
    link = file.paragraphs[-1].hyperlinks[0]
    assert (link.text, link.address) == ("aftalen", "https://example.dk/a?b=1&c=2")


def test_paper_cannot_be_clicked_so_the_address_stands_behind_the_link():
    runs = (Run("aftalen", link="https://example.dk/a"), Run("https://b.dk", link="https://b.dk"))
    [found] = [one for one in opened(Paragraph(runs)).paragraphs if "aftalen" in one.text]
    assert found.text == "aftalen (https://example.dk/a)https://b.dk"
    assert [run.text for run in found.runs if run.style.name == PRINTED_ADDRESS] == [
        " (https://example.dk/a)"
    ]


def test_what_was_added_and_removed_can_be_told_without_colours():
    found = opened(Paragraph((Run("nyt", change="added"), Run("gammelt", change="removed"))))
    new, old = found.paragraphs[-1].runs
    assert (new.font.underline, new.font.strike) == (True, None)
    assert (old.font.underline, old.font.strike) == (None, True)


def test_what_leads_to_what_follows_is_kept_with_it():
    rows = ((cell("Hoved", is_head=True),), (cell("Gruppe", is_head=True),), (cell("Tekst"),))
    file = opened(Heading(1, "Del"), paragraph("under"), paragraph("fri"), Table((1,), rows, 1))
    kept = [one.paragraph_format.keep_with_next for one in file.paragraphs[-4:-1]]
    assert kept == [None, True, None], "a heading has it of its style"
    assert file.styles["Heading 1"].paragraph_format.keep_with_next
    heading = Paragraph((Run("En uddybning", bold=True),), leads=True)
    kept = [one.paragraph_format.keep_with_next for one in opened(heading).paragraphs]
    assert kept[-1] is True
    in_rows = [one.cells[0].paragraphs[0].paragraph_format for one in file.tables[0].rows]
    assert [one.keep_with_next for one in in_rows] == [True, True, None]


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_chart_opens_whatever_its_words(title, description):
    points = ((DAY, Decimal("1.5")), (DAY + dt.timedelta(days=91), Decimal(-2)))
    levels = ((title, Decimal(3)),)
    scale = (Decimal(-5), Decimal(5))
    curve = Curve(title, description, mark_safe(""), points, scale, levels)
    file = opened(curve, curve)
    drawings = list(file.element.body.iter(qn("w:drawing")))
    names = [one.find(f".//{qn('wp:docPr')}") for one in drawings]
    assert [one.get("id") for one in names] == ["1", "2"]
    assert {one.get("descr") for one in names} == {_as_attribute(as_xml_text(description))}
    parts = [part for part in file.part.package.iter_parts() if "charts" in part.partname]
    charts = [etree.fromstring(part.blob) for part in parts]
    values = [one.text for one in charts[0].iterfind(".//{*}val//{*}v")]
    assert values == ["1.5", "-2", "3", "3"]
    assert [charts[0].find(f".//{{*}}{side}").get("val") for side in ("min", "max")] == ["-5", "5"]


def _as_attribute(text: str) -> str:
    """XML makes every break and tab of an attribute a space (3.3.3)."""
    return re.sub("[\t\n\r]", " ", text.replace("\r\n", "\n"))


def test_a_blank_line_begins_a_paragraph_and_a_break_stays_one():
    found = paragraphs(" første\r\n\r\n \nanden\nlinje\n")
    assert [part.runs[0].text for part in found] == ["første", "anden\nlinje"]
    assert paragraphs(" \n ") == ()
    assert opened(*found).paragraphs[-1].text == "anden\nlinje"


@given(st.text(max_size=40))
def test_any_text_can_be_opened_and_stands_there(text):
    """Control characters and halves of pairs, which no XML may hold, are left out."""
    content = made(paragraph(text), title=text or "x")
    for name in zipfile.ZipFile(io.BytesIO(content)).namelist():
        if name.endswith((".xml", ".rels")):
            etree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read(name))
    # A carriage return is a break to Word, and a tab an element.
    expected = as_xml_text(text).replace("\r\n", "\n").replace("\r", "\n")
    assert docx.Document(io.BytesIO(content)).paragraphs[-1].text == expected
