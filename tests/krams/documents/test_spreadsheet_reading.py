"""What is read of workbooks and CSV files, and what is refused with a sentence."""

import datetime as dt
import io
import re
import time
import tracemalloc
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from krams.documents import spreadsheet_reading
from krams.documents.content import Document
from krams.documents.csv_reading import Unreadable
from krams.documents.spreadsheet_reading import cell_text, read_table
from krams.documents.spreadsheets import Table, as_csv, as_xlsx
from krams.documents.word import as_docx
from tests.spreadsheets import xlsx

NAMES = {"navn", "dato", "antal"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "ja"),
        (False, "nej"),
        (12, "12"),
        (12.0, "12"),
        (0.1 + 0.2, "0,3"),
        (-47.25, "-47,25"),
        (1e15, "1000000000000000"),
        (dt.datetime(2026, 11, 3), "03.11.2026"),
        (dt.datetime(2026, 11, 3, 14, 5), "03.11.2026 14.05"),
        (dt.time(9, 5), "09.05"),
        (" A\u030a\u00ad rhus\u00a0", "Å rhus"),
    ],
)
def test_a_cell_reads_as_a_dane_would_write_it(value, text):
    assert cell_text(value) == text


def test_both_kinds_give_the_same():
    rows = [["Tur", dt.date(2026, 11, 3), 5], ["=1+1", None, None], ['Æble; "rød"\nto', None, 2]]
    table = Table("Liste", ["Navn", "Dato", "Antal"], rows)
    of_xlsx, of_csv = read_table(as_xlsx(table), NAMES), read_table(as_csv(table), NAMES)
    assert of_xlsx.header == of_csv.header == ["navn", "dato", "antal"]
    filled = [[cell for cell in cells if cell] for _number, cells in of_csv.rows]
    assert [cells for _number, cells in of_xlsx.rows] == [
        ["Tur", "03.11.2026", "5"],
        ["=1+1"],
        ['Æble; "rød"\nto', "", "2"],
    ]
    assert filled[0] == ["Tur", "03.11.2026", "5"]
    assert filled[1] == ["=1+1"]


@given(st.lists(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=9), min_size=1))
def test_text_is_text_whatever_it_begins_with(texts):
    table = Table("Liste", ["Navn", "Antal"], [[text, 1] for text in texts])
    wanted = [cell_text(text) for text in texts]
    found = [cells[0] for _number, cells in read_table(as_xlsx(table), NAMES).rows]
    assert found == wanted


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_tells_its_letters_and_its_signs(encoding, delimiter):
    lines = [("Navn", "Antal"), ("Rødgrød", "5")]
    text = "\r\n".join(delimiter.join(line) for line in lines)
    table = read_table(text.encode(encoding), NAMES)
    assert (table.header, table.rows) == (["navn", "antal"], [(2, ["Rødgrød", "5"])])


def test_rows_keep_their_numbers_and_a_title_is_passed_over():
    content = xlsx(["Ugeplan"], [], ["Navn", "Antal"], [], ["Tur", 5])
    table = read_table(content, NAMES)
    assert (table.header, table.rows) == (["navn", "antal"], [(5, ["Tur", "5"])])
    assert len(table.remarks) == 1


def test_the_sheet_with_the_names_is_read():
    content = xlsx(["Forside"], Liste=[["Navn", "Antal"], ["Tur", 5]])
    assert read_table(content, NAMES).rows == [(2, ["Tur", "5"])]


def test_a_formula_that_was_worked_out_is_its_value_and_another_is_told():
    content = xlsx(["Navn", "Antal"], ["Tur", "=2+3"])
    with pytest.raises(Unreadable, match="B2"):
        read_table(content, NAMES)
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(output, "w") as new:
        for member in old.infolist():
            part = re.sub(rb"</f><v ?/?>(</v>)?", b"</f><v>5</v>", old.read(member))
            new.writestr(member, part)
    assert read_table(output.getvalue(), NAMES).rows == [(2, ["Tur", "5"])]


def renamed(content: bytes, **parts: bytes) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(output, "w") as new:
        for member in old.infolist():
            new.writestr(member, parts.get(member.filename, old.read(member)))
    return output.getvalue()


def bomb() -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as package:
        with zipfile.ZipFile(io.BytesIO(xlsx(["Navn"], ["a"]))) as good:
            for member in good.infolist():
                package.writestr(member, good.read(member))
        package.writestr("xl/media/big.xml", b" " * 300_000_000)
    return output.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"%PDF-1.7 \x00", id="pdf"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), id="old Excel"),
        pytest.param(b"PK\x03\x04 torn", id="torn"),
        pytest.param(b"\x00\x01\x02 picture", id="no text"),
        pytest.param(b"Navn;Antal\n", id="no rows"),
        pytest.param(b"Navn;Antal\n" + b"a;1\n" * 5001, id="too many rows"),
        pytest.param(b"Navn;Antal\n" + b"a" * 5_000_001, id="too large"),
        pytest.param(xlsx(["Navn"] + ["x"] * 60, ["a"]), id="too many columns"),
        pytest.param(renamed(xlsx(["Navn"], ["a"]), **{"xl/workbook.xml": b"<x"}), id="no XML"),
        pytest.param(
            renamed(xlsx(["Navn"], ["a"]), **{"[Content_Types].xml": b"<Types/>"}),
            id="names no workbook",
        ),
        pytest.param(
            renamed(
                xlsx(["Navn"], ["a"]), **{"xl/worksheets/sheet1.xml": b"<worksheet><sheetData>"}
            ),
            id="broken sheet",
        ),
    ],
)
def test_what_cannot_be_read_is_told(content):
    with pytest.raises(Unreadable) as told:
        read_table(content, NAMES)
    assert all(told.value.problems)


def test_a_bomb_is_not_unpacked():
    content = bomb()
    tracemalloc.start()
    with pytest.raises(Unreadable):
        read_table(content, NAMES)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


def test_entities_stand_for_nothing():
    sheet = (
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>Navn</t></is></c></row>'
        b'<row r="2"><c r="A2" t="inlineStr"><is><t>x&e;</t></is></c></row></sheetData></worksheet>'
    )
    content = renamed(xlsx(["Navn"], ["a"]), **{"xl/worksheets/sheet1.xml": sheet})
    with pytest.raises(Unreadable):
        read_table(content, NAMES)


def test_a_million_empty_rows_do_not_hang():
    rows = b"".join(b'<row r="%d"/>' % number for number in range(3, 1_000_001))
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<dimension ref="A1:XFD1048576"/><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>Navn</t></is></c></row>'
        b'<row r="2"><c r="A2" t="inlineStr"><is><t>Tur</t></is></c></row>'
        + rows
        + b'<row r="1000001"><c r="A1000001" t="inlineStr"><is><t>Sidst</t></is></c></row>'
        b"</sheetData></worksheet>"
    )
    content = renamed(xlsx(["Navn"], ["a"]), **{"xl/worksheets/sheet1.xml": sheet})
    packed = io.BytesIO()
    deflated = zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED)
    with zipfile.ZipFile(io.BytesIO(content)) as old, deflated as new:
        for member in old.infolist():
            new.writestr(member.filename, old.read(member))
    started = time.perf_counter()
    table = read_table(packed.getvalue(), NAMES)
    print(f"a million empty rows: {time.perf_counter() - started:.2f} s")
    assert table.rows == [(2, ["Tur"])]
    assert "5.000" in table.remarks[0]


def test_a_row_far_outside_does_not_count_up_to_it():
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>Navn</t></is></c></row>'
        b'<row r="2"><c r="A2" t="inlineStr"><is><t>Tur</t></is></c></row>'
        b'<row r="2000000000"><c r="A2000000000" t="inlineStr"><is><t>x</t></is></c></row>'
        b"</sheetData></worksheet>"
    )
    content = renamed(xlsx(["Navn"], ["a"]), **{"xl/worksheets/sheet1.xml": sheet})
    assert read_table(content, NAMES).rows == [(2, ["Tur"])]


def test_limits_are_those_that_pages_name():
    assert spreadsheet_reading.MOST_BYTES == 5_000_000
    assert spreadsheet_reading.MOST_ROWS == 5_000


def test_a_word_document_is_no_workbook():
    paper = as_docx(Document("Titel", "Nordby", dt.date(2026, 11, 3), ()))
    with pytest.raises(Unreadable):
        read_table(paper, NAMES)


def test_every_hidden_sheet_is_left_out():
    book = openpyxl.Workbook()
    book.active.append(["Navn"])
    book.active.append(["Synlig"])
    hidden = book.create_sheet("Skjult")
    hidden.append(["Navn", "Antal", "Dato"])
    hidden.append(["Skjult", 1, "2"])
    hidden.sheet_state = "hidden"
    output = io.BytesIO()
    book.save(output)
    assert read_table(output.getvalue(), NAMES).rows == [(2, ["Synlig"])]
