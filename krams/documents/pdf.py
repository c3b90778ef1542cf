"""A document as a PDF that a screen reader can follow (PDF/UA-1): tagged, with bookmarks.

WeasyPrint needs Pango, which is no part of Python: the extra ``pdf``. Where it is missing the pages
say so, and offer Word and print instead.
"""

from ctypes.util import find_library
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn

from django.template.loader import render_to_string

from .content import Document

TYPE = "application/pdf"
PAPER = "krams/documents/paper.html"
LOOKS = Path(__file__).with_name("paper.css")


class NoPdf(Exception):
    """WeasyPrint, or a library of the system that it needs, is not installed."""


@cache
def _weasyprint() -> Any:
    """None where it cannot be used; the import takes a second, so it waits for the first PDF."""
    try:
        import weasyprint
    except (ImportError, OSError):
        return None
    return weasyprint


@cache
def can_write_pdf() -> bool:
    """Whether the extra is here, without the import: pages ask before anybody wants a PDF."""
    return find_spec("weasyprint") is not None and find_library("pango-1.0") is not None


def as_pdf(document: Document) -> bytes:
    """Raises ``NoPdf``."""
    weasyprint = _weasyprint()
    if weasyprint is None:
        raise NoPdf
    page = weasyprint.HTML(string=as_html(document), url_fetcher=_fetch_nothing)
    looks = weasyprint.CSS(filename=LOOKS)
    written: bytes = page.write_pdf(
        stylesheets=[looks], pdf_variant="pdf/ua-1", presentational_hints=True
    )
    return written


def as_html(document: Document) -> str:
    """The page that the PDF is made of."""
    return render_to_string(PAPER, {"document": document})


def _fetch_nothing(url: str, *args: object, **kwargs: object) -> NoReturn:
    """A document is whole: nothing in it may make the server ask another one."""
    raise ValueError("A document loads nothing.")
