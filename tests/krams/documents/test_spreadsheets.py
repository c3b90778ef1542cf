"""Tables as files: what a spreadsheet reads is what was there, and text never runs."""

import csv
import datetime as dt
import io
import tempfile
from decimal import Decimal

import openpyxl
import pytest

from krams.documents import spreadsheets
from krams.documents.spreadsheets import Table, as_csv, as_xlsx, csv_portions, stream

ROWS = [
    [dt.date(2026, 1, 1), dt.time(8, 30), 6, None, "Gåtur; rundt om »søen«\nogså søndag"],
    [dt.date(2027, 1, 1), None, 0, 90, '=HYPERLINK("http://x.example")'],
    [dt.date(2026, 11, 21), None, None, None, "+4512345678 <b>O'Brien</b> 🙂"],
]
COLUMNS = ["Dato", "Tid", "Deltagere", "Minutter", "Bemærkning"]


@pytest.fixture
def table():
    return Table("Registreringer Mosbjerghus", COLUMNS, iter(ROWS))


def test_csv_reads_back(table):
    data = as_csv(table)
    assert data.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";")
    assert head == COLUMNS
    assert rows[0] == ["01.01.2026", "08:30", "6", "", "Gåtur; rundt om »søen«\nogså søndag"]
    assert rows[1][2:] == ["0", "90", '\'=HYPERLINK("http://x.example")']
    assert rows[2][4].startswith("'+45")


@pytest.mark.parametrize("start", [*"=+-@\t\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_no_cell_of_the_csv_begins_as_a_formula(start):
    data = as_csv(Table("Log", ["Bemærkning"], [[f"{start}1+1"]])).decode("utf-8-sig")
    _, (cell,) = csv.reader(io.StringIO(data, newline=""), delimiter=";")
    assert cell == f"'{start}1+1"


def test_decimals_are_numbers_to_a_spreadsheet():
    def made():
        return Table("Tal", ["Tal"], [[Decimal("1234.50")], [Decimal("-0.25")]])

    assert as_csv(made()).decode("utf-8-sig").split() == ["Tal", "1234,50", "-0,25"]
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(made()))).active
    assert [sheet["A2"].value, sheet["A3"].value] == [1234.5, -0.25]


def test_xlsx_keeps_types_and_runs_nothing(table):
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(table))).active
    assert [cell.value for cell in sheet[1]] == COLUMNS
    assert sheet["A2"].value == dt.datetime(2026, 1, 1)
    assert sheet["B2"].value == dt.time(8, 30)
    assert [sheet["C2"].value, sheet["C3"].value, sheet["C4"].value] == [6, 0, None]
    assert sheet["E3"].value == '=HYPERLINK("http://x.example")'
    assert sheet["E3"].data_type == "s"
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:E4"


def test_a_printed_sheet_is_as_wide_as_the_page_where_it_can_be_read(table):
    narrow = openpyxl.load_workbook(io.BytesIO(as_xlsx(table))).active
    assert narrow.page_setup.orientation == "landscape"
    assert (narrow.sheet_properties.pageSetUpPr.fitToPage, narrow.page_setup.fitToHeight) == (1, 0)
    assert narrow.print_title_rows == "$1:$1"
    names = [f"{'Kommune ' * 4}{number}" for number in range(12)]
    wide = openpyxl.load_workbook(io.BytesIO(as_xlsx(Table("Bred", names, [])))).active
    assert not wide.sheet_properties.pageSetUpPr.fitToPage
    assert wide.print_title_cols == "$A:$A"


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_an_empty_table_has_its_head(write):
    assert write(Table("Tom", COLUMNS, []))


def test_csv_comes_bit_by_bit_and_says_the_same(monkeypatch):
    asked = []

    def rows():
        for number in range(100):
            asked.append(number)
            yield [number, "tekst" * 10]

    monkeypatch.setattr(spreadsheets, "PORTION", 1000)
    portions = csv_portions(Table("Log", ["Nr.", "Tekst"], rows()))
    first = [next(portions), next(portions)]
    assert len(asked) < 50, "only what was sent is read"
    assert b"".join([*first, *portions]) == as_csv(Table("Log", ["Nr.", "Tekst"], rows()))


def test_a_streamed_workbook_holds_what_a_small_one_holds(table):
    streamed = b"".join(stream(Table(table.title, table.columns, ROWS), "xlsx"))
    found, expected = (
        openpyxl.load_workbook(io.BytesIO(one)).active for one in (streamed, as_xlsx(table))
    )
    assert list(found.iter_rows(values_only=True)) == list(expected.iter_rows(values_only=True))
    assert (found.freeze_panes, found.auto_filter.ref) == ("A2", "A1:E4")


def test_a_workbook_that_cannot_be_written_leaves_no_file_open(monkeypatch):
    files, make = [], tempfile.TemporaryFile

    def made():
        files.append(make())
        return files[-1]

    def rows():
        yield ["a"]
        raise OSError("The database is gone.")

    monkeypatch.setattr(spreadsheets, "TemporaryFile", made)
    with pytest.raises(OSError, match="gone"):
        stream(Table("Log", ["A"], rows()), "xlsx")
    assert [file.closed for file in files] == [True]
