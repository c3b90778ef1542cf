"""A table as a file for a spreadsheet: CSV that Danish Excel opens as it is, or XLSX."""

import csv
import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.http import HttpResponse

from ..danish.slugs import danish_slug

# A cell that begins so is a formula to a spreadsheet, whoever wrote it.
# Full-width signs count in some languages' Excel.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Table:
    """``rows`` hold text, whole and decimal numbers, dates, times and ``None``; read once."""

    title: str
    columns: list[str]
    rows: Iterable[list[Any]]


def as_csv(table: Table) -> bytes:
    """UTF-8 with a byte order mark and semicolons, which Danish Excel expects.

    Text that a spreadsheet would run as a formula is led by an apostrophe (OWASP, "CSV
    Injection").
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow([_csv_cell(name) for name in table.columns])
    for row in table.rows:
        writer.writerow([_csv_cell(value) for value in row])
    return text.getvalue().encode("utf-8-sig")


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
    """A workbook of one sheet with a fixed, filterable head row. Text stays text."""
    output = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(output, options) as book:
        book.set_properties({"title": table.title})
        sheet = book.add_worksheet()
        head = book.add_format({"bold": True, "bottom": 1})
        formats = {
            dt.date: book.add_format({"num_format": "dd.mm.yyyy"}),
            dt.time: book.add_format({"num_format": "hh:mm"}),
        }
        widths = [len(name) for name in table.columns]
        sheet.write_row(0, 0, table.columns, head)
        last = 0
        for last, row in enumerate(table.rows, start=1):
            for column, value in enumerate(row):
                if value is None:
                    continue
                kind = type(value)
                if kind in formats:
                    sheet.write_datetime(last, column, value, formats[kind])
                elif kind in (int, Decimal):
                    sheet.write_number(last, column, value)
                else:
                    sheet.write_string(last, column, str(value))
                widths[column] = max(widths[column], min(len(str(value)), 60))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width + 2)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, last, len(table.columns) - 1)
    return output.getvalue()


WRITERS = {"csv": (as_csv, "text/csv; charset=utf-8"), "xlsx": (as_xlsx, XLSX_TYPE)}


def download(table: Table, kind: str) -> HttpResponse:
    """The table as an attachment; ``kind`` is a key of ``WRITERS``."""
    write, content_type = WRITERS[kind]
    name = f"{danish_slug(table.title) or 'tabel'}.{kind}"
    return HttpResponse(
        write(table),
        content_type=content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )
