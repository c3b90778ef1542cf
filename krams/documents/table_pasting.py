"""A table as it comes out of the clipboard: the HTML of Word or Excel, or plain text with tabs."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from lxml import etree, html

from ..uploads.packages import Refused
from .content import Paragraph, Run
from .reading import ReadCell, ReadDocument, ReadTable, joined, text_of
from .word_reading import MOST_CELLS, MOST_COLUMNS, MOST_ROWS

if TYPE_CHECKING:
    from lxml.html import HtmlElement

BLOCKS = {"p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table"}
UNSEEN = {"script", "style", "head", "title", "xml", "o:p", "img"}
# Word draws the bullet itself and says so.
DRAWN_BULLET = re.compile(r"mso-list:\s*ignore", re.IGNORECASE)


def read_pasted(text: str) -> ReadDocument:
    """What was pasted, as far as it is a table. Raises :class:`Refused` where it is none."""
    if re.search(r"<table[\s>]", text, re.IGNORECASE):
        tables = [_table(one) for one in _tree(text).iter("table") if not _is_nested(one)]
    elif "\t" in text:
        tables = [_plain(text)]
    else:
        raise Refused(_no_table())
    return ReadDocument("", tuple(tables))


def _tree(text: str) -> "HtmlElement":
    """As bytes: lxml takes no text that says in which encoding it was once stored."""
    parser = html.HTMLParser(no_network=True, encoding="utf-8")
    try:
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError as error:
        # Nothing but comments.
        raise Refused(_no_table()) from error


def _no_table() -> str:
    return _("This is no table. Copy the whole table in Word or Excel, and paste it here.")


def _plain(text: str) -> ReadTable:
    """A row a line, a tab between cells; a cell with breaks is quoted, as Excel writes it."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t")
    try:
        rows = list(reader)
    except csv.Error as error:
        # A cell of more than 131,072 characters.
        raise Refused(_("A text is too long, or holds a sign that cannot be stored.")) from error
    width = max(map(len, rows), default=0)
    _refuse_too_much(len(rows), width, len(rows) * width)
    cells = (
        ReadCell(number, place, 1, 1, tuple(Paragraph((Run(line),)) for line in cell.splitlines()))
        for number, row in enumerate(rows)
        for place, cell in enumerate(row)
    )
    return ReadTable(tuple(cells), len(rows), width)


def _refuse_too_much(rows: int, columns: int, cells: int) -> None:
    if rows > MOST_ROWS or columns > MOST_COLUMNS or cells > MOST_CELLS:
        raise Refused(_("A table has more cells than a matrix can have."))


def _is_nested(table: "HtmlElement") -> bool:
    return next(table.iterancestors("table"), None) is not None


def _table(element: "HtmlElement") -> ReadTable:
    cells: list[ReadCell] = []
    taken = set[tuple[int, int]]()
    rows = [row for row in element.iter("tr") if next(row.iterancestors("table")) is element]
    width = 0
    for number, row in enumerate(rows):
        column = 0
        for cell in row.iterchildren("td", "th"):
            while (number, column) in taken:
                column += 1
            down = min(_span(cell, "rowspan"), len(rows) - number)
            right = _span(cell, "colspan")
            width = max(width, column + right)
            _refuse_too_much(len(rows), width, len(taken))
            taken |= {
                (number + lower, column + further)
                for lower in range(down)
                for further in range(right)
            }
            cells.append(ReadCell(number, column, down, right, tuple(_paragraphs(cell))))
            column += right
    return ReadTable(tuple(cells), len(rows), width)


def _span(cell: "HtmlElement", name: str) -> int:
    value = cell.get(name, "1").strip()
    known = value.isascii() and value.isdigit() and len(value) < 5
    return max(1, min(int(value), MOST_ROWS)) if known else 1


@dataclass
class _Lines:
    """Gathers the runs of a cell into paragraphs."""

    found: list[Paragraph] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)

    def end(self, *, is_item: bool) -> None:
        paragraph = Paragraph(joined(self.runs), is_item)
        if text_of(paragraph):
            self.found.append(paragraph)
        self.runs = []


def _paragraphs(cell: "HtmlElement") -> list[Paragraph]:
    lines = _Lines()
    _gather(cell, lines, Run(""), is_item=False)
    lines.end(is_item=False)
    return lines.found


def _gather(element: "HtmlElement", lines: _Lines, look: Run, *, is_item: bool) -> None:
    for run in _text(element.text, look):
        lines.runs.append(run)
    for child in element:
        tag = child.tag if isinstance(child.tag, str) else ""
        style = child.get("style") or "" if tag else ""
        if tag and tag not in UNSEEN and not DRAWN_BULLET.search(style):
            inner = is_item or tag == "li" or (child.get("class") or "").startswith("MsoList")
            if tag in BLOCKS:
                lines.end(is_item=is_item)
            if tag == "br":
                lines.runs.append(Run("\n"))
            _gather(child, lines, _look(tag, child, look), is_item=inner)
            if tag in BLOCKS:
                lines.end(is_item=inner)
        for run in _text(child.tail, look):
            lines.runs.append(run)


def _look(tag: str, element: "HtmlElement", look: Run) -> Run:
    link = element.get("href") or "" if tag == "a" else look.link
    return Run(
        "",
        bold=look.bold or tag in {"b", "strong", "th"},
        small=look.small,
        raised=look.raised or tag == "sup",
        link=link if link.startswith(("http://", "https://")) else "",
    )


def _text(text: str | None, look: Run) -> Iterator[Run]:
    """White space of the source is one space; a non-breaking one alone is a blank cell."""
    if text:
        words = re.sub(r"[ \t\r\n\f]+", " ", text)
        yield Run(words, look.bold, look.small, look.raised, look.link)
