"""Workbooks of several sheets, and documents as an answer."""

import datetime as dt
import io

import openpyxl
import pytest
from django.http import Http404

from krams.documents import papers, pdf
from krams.documents.content import Document
from krams.documents.spreadsheets import Table, as_workbook, download_workbook

EMPTY = Document("Skema: Æ/Ø", "Prøve Kommune", dt.date(2026, 11, 30), ())


def test_a_sheet_a_table_under_a_name_that_excel_takes():
    tables = [
        Table("Skema: a/b [c]* med et langt navn", ["A"], [["x\ny"]], wraps=True),
        Table("'Indsatser'", ["B"], [["=1+1"]]),
    ]
    book = openpyxl.load_workbook(io.BytesIO(as_workbook("Titel", tables)))
    assert book.sheetnames == ["Skema  a b  c   med et langt na", "Indsatser"]
    first, second = book.worksheets
    assert (first["A2"].value, first["A2"].alignment.wrap_text) == ("x\ny", True)
    assert (second["A2"].value, second["A2"].data_type) == ("=1+1", "s")


def test_what_no_file_may_hold_is_left_out():
    book = as_workbook("T\x01", [Table("a\x02", ["A"], [["b\x03\ufffe"]])])
    sheet = openpyxl.load_workbook(io.BytesIO(book)).active
    assert (sheet.title, sheet["A2"].value) == ("a", "b")


def test_a_file_is_named_after_its_title_and_kept_by_no_proxy():
    for answer in (papers.download(EMPTY, "docx"), download_workbook("Skema: Æ/Ø", [])):
        assert answer["Content-Disposition"].startswith('attachment; filename="skema-aeoe.')
        assert answer["Cache-Control"] == "private, no-store"


def test_there_is_no_other_format():
    with pytest.raises(Http404):
        papers.download(EMPTY, "doc")


def test_without_weasyprint_there_is_no_pdf(monkeypatch):
    monkeypatch.setattr(pdf, "_weasyprint", lambda: None)
    with pytest.raises(Http404):
        papers.download(EMPTY, "pdf")
