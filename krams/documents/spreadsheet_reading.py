"""A table as it stands in a file of a spreadsheet, XLSX or CSV: told apart by what is in the file.

Every cell becomes the text that a Dane would write for it, so that a number, a date or a time reads
the same from both. Nothing in a file is run: of a formula, the value saved with it is read.
"""

import codecs
import datetime as dt
import io
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from django.utils.translation import gettext as _
from lxml.etree import XMLSyntaxError
from openpyxl.utils.exceptions import InvalidFileException

from ..danish.normal_form import tidy
from ..uploads.packages import Package, Refused
from ..uploads.recognition import Kind, kind_of
from .csv_reading import DELIMITERS, Unreadable, read_cells
from .spreadsheets import FORMULA_STARTS

MOST_BYTES = 5_000_000
MOST_UNPACKED = 60_000_000
MOST_ROWS = 5_000
MOST_COLUMNS = 60
# One below the other; a sheet that somebody has formatted to its end has a million of them.
MOST_EMPTY = 5_000
# How far down the names of the columns may stand, below a title.
HEADINGS_WITHIN = 10
# What openpyxl and what it stands on raise for a workbook that is broken.
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, InvalidFileException, ParseError, XMLSyntaxError),
    *(KeyError, ValueError, TypeError, AttributeError, IndexError, EOFError),
    # OSError: of a package that names no workbook; the file itself is in memory.
    *(NotImplementedError, RuntimeError, OverflowError, OSError),
)


@dataclass(frozen=True, slots=True)
class ReadTable:
    """``header`` in small letters; ``rows`` with their numbers in the file, without empty ones.

    A row may be shorter or longer than the header. ``remarks`` say what was not read.
    """

    header: list[str]
    rows: list[tuple[int, list[str]]]
    remarks: tuple[str, ...] = ()


def read_table(raw: bytes, headings: Collection[str]) -> ReadTable:
    """The table of the file. ``headings`` are the names of columns, in small letters, that it may
    have: they tell which sheet and which row it begins in.

    Raises ``Unreadable``.
    """
    if len(raw) > MOST_BYTES:
        raise Unreadable(_("The file is larger than 5 MB. Divide it into several."))
    if kind_of(raw) is not Kind.OTHER:
        table = _of_workbook(raw, headings)
    elif b"\0" in raw and not raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Unreadable(_("The file is no table of text. Choose an .xlsx or .csv."))
    else:
        header, rows = read_cells(raw, tuple(headings))
        plain = [(number, [_unguarded(cell) for cell in cells]) for number, cells in rows]
        table = ReadTable(header, plain)
    return _of_a_size(table)


def read_pasted(text: str, headings: Collection[str], columns: Sequence[str]) -> ReadTable:
    """The table that somebody copied out of a spreadsheet, with or without the names of columns.

    Rows without them hold ``columns``, in that order; rows are counted as they were pasted. Raises
    ``Unreadable``.
    """
    raw = text.lstrip("\r\n").encode("utf-8", "replace")
    header, rows = read_cells(raw, tuple(headings))
    # A word in a cell may be the name of a column too, such as "Botilbud".
    if _known(header, headings) * 2 <= len(list(filter(None, header))):
        sign = max(DELIMITERS, key=text.count)
        named = sign.join(columns).encode() + b"\n" + raw
        header, rows = read_cells(named, tuple(headings))
        rows = [(number - 1, cells) for number, cells in rows]
    plain = [(number, [_unguarded(cell) for cell in cells]) for number, cells in rows]
    return _of_a_size(ReadTable(header, plain))


def _of_a_size(table: ReadTable) -> ReadTable:
    if not table.rows:
        raise Unreadable(_("There are no rows below the names of the columns."))
    if len(table.rows) > MOST_ROWS:
        raise Unreadable(_too_many_rows())
    return table


def _unguarded(cell: str) -> str:
    """Without the apostrophe that ``spreadsheets.as_csv`` puts before what looks like a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell


def _too_many_rows() -> str:
    return _("There are more than %(most)s rows. Divide the file.") % {"most": "5.000"}


def _of_workbook(raw: bytes, headings: Collection[str]) -> ReadTable:
    _look_into(raw)
    try:
        book = openpyxl.load_workbook(
            io.BytesIO(raw), read_only=True, data_only=True, keep_links=False
        )
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        tables = [_of_sheet(sheet, headings) for sheet in sheets]
        if not tables:
            raise Unreadable(_("The workbook has no sheet that can be seen."))
        number = max(range(len(tables)), key=lambda one: _known(tables[one].header, headings))
        _refuse_formulas_without_value(raw, sheets[number].title, tables[number])
    except _BROKEN as error:
        raise Unreadable(_("The workbook is damaged. Open it, and save it once more.")) from error
    return tables[number]


def _look_into(raw: bytes) -> None:
    """What a workbook never has, before anything of it is unpacked."""
    try:
        package = Package(raw, Kind.WORKBOOK)
        if package.size > MOST_UNPACKED:
            raise Unreadable(_("The workbook is too large when unpacked. Divide it into several."))
        package.refuse_false_sizes()
    except Refused as refused:
        raise Unreadable(str(refused)) from refused


def _rows(sheet: Any, remarks: list[str]) -> Iterator[tuple[int, list[str]]]:
    """The rows that say something, as text; what is not read goes into ``remarks``."""
    # A size that the file gives itself may be that of an empty sheet filled to its end.
    sheet.reset_dimensions()
    found = last = 0
    rows = sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True)
    for number, values in enumerate(rows, start=1):
        if number - last > MOST_EMPTY:
            text = _("Reading ended at row %(row)s: below it there were %(most)s empty rows.")
            remarks.append(text % {"row": last, "most": "5.000"})
            return
        if not any(value is not None for value in values):
            continue
        cells = [cell_text(value) for value in values]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if len(cells) > MOST_COLUMNS:
            raise Unreadable(_("The sheet has more than %(most)s columns.") % {"most": 60})
        found, last = found + 1, number
        if found > MOST_ROWS + HEADINGS_WITHIN:
            raise Unreadable(_too_many_rows())
        yield number, cells


def _of_sheet(sheet: Any, headings: Collection[str]) -> ReadTable:
    """The row with most names of columns begins the table."""
    remarks: list[str] = []
    rows = list(_rows(sheet, remarks))
    first = rows[:HEADINGS_WITHIN]
    if not first:
        return ReadTable([], [])
    names = [[cell.lower() for cell in cells] for _number, cells in first]
    begins = max(range(len(first)), key=lambda one: (_known(names[one], headings), -one))
    if begins:
        remarks.append(_("What stands above the names of the columns is not read."))
    return ReadTable(names[begins], rows[begins + 1 :], tuple(remarks))


def _known(names: list[str], headings: Collection[str]) -> int:
    return sum(name.strip(" *") in headings for name in names)


def _refuse_formulas_without_value(raw: bytes, title: str, table: ReadTable) -> None:
    """A formula that no program has worked out would be an empty cell, and nobody would know."""
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        parts = [name for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
        if not any(b"<f" in package.read(name) for name in parts):
            return
    kept = dict(table.rows)
    book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, keep_links=False)
    sheet = book[title]
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        shown = kept.get(number, [])
        for place, cell in enumerate(cells):
            if cell.data_type == "f" and not "".join(shown[place : place + 1]):
                raise Unreadable(
                    _("Cell %(cell)s has a formula without a value. Save the file from Excel.")
                    % {"cell": cell.coordinate}
                )


def cell_text(value: Any) -> str:
    """The value of a cell of a workbook as a Dane would write it, in normal form."""
    match value:
        case None:
            return ""
        case bool():
            return _("yes") if value else _("no")
        case int():
            return str(value)
        case float():
            # Beyond ten decimals a workbook holds what binary fractions leave over.
            number = Decimal(repr(round(value, 10)))
            return f"{number.normalize():f}".replace(".", ",")
        case dt.datetime():
            clock = f" {value:%H.%M}" if value.time() != dt.time() else ""
            return f"{value:%d.%m.%Y}{clock}"
        case dt.date():
            return f"{value:%d.%m.%Y}"
        case dt.time():
            return f"{value:%H.%M}"
    return tidy(str(value))
