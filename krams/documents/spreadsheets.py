"""Tables as a file for a spreadsheet: CSV that Danish Excel opens as it is, or XLSX."""

import codecs
import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from tempfile import TemporaryFile
from typing import Any, BinaryIO

import xlsxwriter
from django.http import HttpResponse, StreamingHttpResponse
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from .content import as_xml_text
from .downloads import attachment, streamed

# A cell that begins so is a formula to a spreadsheet, whoever wrote it.
# Full-width signs count in some languages' Excel.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# In characters of a column.
WIDEST = 60
# What a sheet of Excel takes below its head.
MOST_ROWS = 1_048_575
# Of text, before it is sent on.
PORTION = 32_000
# Of Excel's own list of papers, and how many characters of a line can be read on it.
A4, LEGIBLE = 9, 220
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Table:
    """``rows`` hold text, whole and decimal numbers, dates, times and ``None``; read once.

    ``wraps``: texts are long, and are shown on several lines.
    """

    title: str
    columns: list[str]
    rows: Iterable[list[Any]]
    wraps: bool = False


def as_csv(table: Table) -> bytes:
    """UTF-8 with a byte order mark and semicolons, which Danish Excel expects.

    Text that a spreadsheet would run as a formula is led by an apostrophe (OWASP, "CSV
    Injection").
    """
    return b"".join(csv_portions(table))


def csv_portions(table: Table) -> Iterator[bytes]:
    """The same, bit by bit as the rows come."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    yield codecs.BOM_UTF8
    writer.writerow([_csv_cell(name) for name in table.columns])
    for row in table.rows:
        writer.writerow([_csv_cell(value) for value in row])
        if text.tell() > PORTION:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def _csv_cell(value: Any) -> str | int:
    match value:
        case None:
            return ""
        case dt.date():
            return value.strftime("%d.%m.%Y")
        case dt.time():
            return value.strftime("%H:%M")
        case int():
            return value
        case Decimal():
            return f"{value:f}".replace(".", ",")
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def as_xlsx(table: Table) -> bytes:
    """A workbook of one sheet; see :func:`as_workbook`."""
    return as_workbook(table.title, [table])


def as_workbook(title: str, tables: Sequence[Table]) -> bytes:
    """A workbook with a sheet a table, each with a fixed, filterable head row. Text stays text."""
    output = io.BytesIO()
    _write_workbook(output, title, tables, {"in_memory": True})
    return output.getvalue()


def _write_workbook(
    output: BinaryIO, title: str, tables: Sequence[Table], options: dict[str, Any]
) -> None:
    as_text = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(output, as_text | options) as book:
        book.set_properties({"title": as_xml_text(title)})
        formats = {
            "head": book.add_format({"bold": True, "bottom": 1}),
            dt.date: book.add_format({"num_format": "dd.mm.yyyy"}),
            dt.time: book.add_format({"num_format": "hh:mm"}),
            str: book.add_format({"text_wrap": True, "valign": "top"}),
        }
        for table in tables:
            _write(book.add_worksheet(_sheet_name(table.title)), table, formats)


def _sheet_name(title: str) -> str:
    """Excel takes 31 characters and none of these; quotes may not stand at the ends."""
    return re.sub(r"[\[\]:*?/\\]", " ", as_xml_text(title))[:31].strip("' ")


def _write(sheet: Worksheet, table: Table, formats: dict[Any, Format]) -> None:
    widths = [len(name) for name in table.columns]
    sheet.write_row(0, 0, table.columns, formats["head"])
    last = 0
    for last, row in enumerate(table.rows, start=1):
        for column, value in enumerate(row):
            if value is None:
                continue
            kind = type(value)
            if kind in (dt.date, dt.time):
                sheet.write_datetime(last, column, value, formats[kind])
            elif kind in (int, Decimal):
                sheet.write_number(last, column, value)
            else:
                text = as_xml_text(str(value))
                sheet.write_string(last, column, text, formats[str] if table.wraps else None)
            widths[column] = max(widths[column], min(_width(value), WIDEST))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width + 2)
    sheet.freeze_panes(1, 0)
    # On paper a table is as wide as the page, and each page has the head.
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.repeat_rows(0)
    if sum(widths) <= LEGIBLE:
        sheet.fit_to_pages(1, 0)
    else:
        sheet.repeat_columns(0)
    sheet.autofilter(0, 0, last, len(table.columns) - 1)


def _width(value: Any) -> int:
    return max(map(len, str(value).split("\n")))


WRITERS = {"csv": (as_csv, "text/csv; charset=utf-8"), "xlsx": (as_xlsx, XLSX_TYPE)}


def download(table: Table, kind: str) -> HttpResponse:
    """The table as an attachment; ``kind`` is a key of ``WRITERS``."""
    write, content_type = WRITERS[kind]
    return attachment(write(table), table.title, kind, content_type)


def stream(table: Table, kind: str) -> StreamingHttpResponse:
    """As :func:`download`, in memory that does not grow with the rows.

    A CSV file is sent as it is written. A workbook can be read only when it is whole: it is
    written to a file without a name, which is gone when it was sent, or nobody waits for it.
    """
    if kind == "csv":
        return streamed(csv_portions(table), table.title, kind, WRITERS[kind][1])
    with ExitStack() as until_sent:
        file = until_sent.enter_context(TemporaryFile())
        _write_workbook(file, table.title, [table], {"constant_memory": True})
        file.seek(0)
        # From here on the answer closes it.
        until_sent.pop_all()
    return streamed(file, table.title, kind, WRITERS[kind][1])


def download_workbook(title: str, tables: Sequence[Table]) -> HttpResponse:
    return attachment(as_workbook(title, tables), title, "xlsx", XLSX_TYPE)
