"""The text of a PDF in the order in which it is written, without what stands on every page."""

import re
from pathlib import Path

from .conftest import run

PAGE_NUMBER = re.compile(r"(Side|Page) \d+/\d+")


def pages_of(pdf: Path, owner: str = "") -> list[list[str]]:
    """The lines of each page, without its head and foot."""
    pages = run("pdftotext", "-raw", pdf, "-").split("\f")[:-1]
    return [
        [line for line in page.splitlines() if line and not _is_frame(line, owner)]
        for page in pages
    ]


def _is_frame(line: str, owner: str) -> bool:
    return bool(PAGE_NUMBER.fullmatch(line) or (owner and line.startswith(owner)))


def squeezed(text: str) -> str:
    """Without what lines are broken by, and without bullets."""
    return re.sub(r"[\s\u00a0\u00ad•\uf0b7]+", "", text)


def first_out_of_order(paragraphs: list[str], pdf: Path, owner: str = "") -> str:
    """The first paragraph that does not stand behind the one before it; "" where all do."""
    text = squeezed("".join(line for page in pages_of(pdf, owner) for line in page))
    place = 0
    for paragraph in filter(None, map(squeezed, paragraphs)):
        found = text.find(paragraph, place)
        if found < 0:
            return paragraph
        place = found + len(paragraph)
    return ""
