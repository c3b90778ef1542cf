"""A document in the format that was asked for."""

from collections.abc import Sequence

from django.http import Http404, HttpResponse

from . import pdf, word
from .content import Document
from .downloads import attachment
from .spreadsheets import Table, download_workbook

WRITERS = {"docx": (word.as_docx, word.TYPE), "pdf": (pdf.as_pdf, pdf.TYPE)}


def download(document: Document, kind: str, tables: Sequence[Table] = ()) -> HttpResponse:
    """The document as an attachment; for a spreadsheet its ``tables``, where there are any.

    Raises ``Http404`` for a format that there is not, or that this server cannot write.
    """
    if kind == "xlsx" and tables:
        return download_workbook(document.title, tables)
    if kind not in WRITERS:
        raise Http404
    write, content_type = WRITERS[kind]
    try:
        written = write(document)
    except pdf.NoPdf:
        raise Http404("No PDF without WeasyPrint.") from None
    return attachment(written, document.name or document.title, kind, content_type)
