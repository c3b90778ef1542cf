"""What a document for Word and paper consists of, whatever the format that it is written in. Pure.

A subject builds a :class:`Document` of what it knows; a writer (``word``, ``pdf``) makes a file of
it. The parts are those that both formats have: headings, paragraphs, lists, tables with joined
cells and curves.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal, TypeAlias

from django.utils.safestring import SafeString

# What XML 1.0 forbids (https://www.w3.org/TR/xml/#charsets), and half of a pair of UTF-16.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# In characters: a third of a page of two columns. What is longer would leave pages half empty.
LONGEST_WHOLE = 1200

Letters: TypeAlias = Literal["", "small", "middle", "large"]
Change: TypeAlias = Literal["", "added", "removed"]


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one look. ``link`` is an address that the text leads to.

    ``change`` says what became of it between two versions.
    """

    text: str
    bold: bool = False
    small: bool = False
    raised: bool = False
    link: str = ""
    change: Change = ""

    @property
    def address(self) -> str:
        """What stands behind a link, as paper cannot be clicked; nothing where it is the text."""
        return "" if self.link in ("", self.text) else f" ({self.link})"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``leads`` to what follows, and is no last line of a page."""

    kind: ClassVar = "text"
    runs: tuple[Run, ...]
    is_item: bool = False
    leads: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """``level`` is 1 for the parts of the document, 2 and 3 below."""

    kind: ClassVar = "heading"
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """``rows`` and ``columns``: how far it reaches down and to the right."""

    content: tuple[Paragraph, ...]
    rows: int = 1
    columns: int = 1
    is_head: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """``rows`` hold cells from left to right; where one reaches down from above, none stands.

    ``widths`` are shares of the width of the page. The first ``heads`` rows are repeated on each
    page. ``summary`` says to who cannot see the table what is in it. Rows stay whole where they fit
    on a page; with ``flows``, for a table that is laid out like a text, of long ones only their
    paragraphs do.
    """

    kind: ClassVar = "table"
    widths: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]
    heads: int = 0
    summary: str = ""
    flows: bool = False

    def keeps_whole(self, cells: Iterable[Cell]) -> bool:
        """Whether a row of these cells goes to the next page rather than over the end of one."""
        if self.flows:
            runs = (run for cell in cells for part in cell.content for run in part.runs)
            return sum(len(run.text) for run in runs) <= LONGEST_WHOLE
        return all(cell.rows == 1 for cell in cells)

    def placed(self) -> Iterator[list[tuple[Cell, bool]]]:
        """Row by row, each place with its cell and whether the cell began in a row above.

        Raises ``ValueError`` for a row that is longer or shorter than the table is wide.
        """
        reaching: dict[int, tuple[Cell, int]] = {}
        for row in self.rows:
            cells = iter(row)
            placed: list[tuple[Cell, bool]] = []
            column = 0
            while column < len(self.widths):
                above = column in reaching
                if above:
                    cell, left = reaching.pop(column)
                else:
                    found = next(cells, None)
                    if found is None:
                        raise ValueError("A row has fewer cells than the table has columns.")
                    cell, left = found, found.rows
                placed.append((cell, above))
                if left > 1:
                    reaching[column] = (cell, left - 1)
                column += cell.columns
            if column > len(self.widths) or next(cells, None) is not None:
                raise ValueError("A row has more cells than the table has columns.")
            yield placed


@dataclass(frozen=True, slots=True)
class Curve:
    """Figures along time, and at most two levels that run across, such as a target.

    ``drawing`` is an SVG of it. Word draws it from the figures, between the two values of
    ``scale``. ``description`` says in words to who cannot see it what it shows.
    """

    kind: ClassVar = "curve"
    title: str
    description: str
    drawing: SafeString
    points: tuple[tuple[dt.date, Decimal], ...]
    scale: tuple[Decimal, Decimal]
    levels: tuple[tuple[str, Decimal], ...] = ()


Block: TypeAlias = Heading | Paragraph | Table | Curve


@dataclass(frozen=True, slots=True)
class Document:
    """``lead`` stands below the title; ``owner`` and ``day`` stand on every page.

    ``name`` is what a file of it is called where the title alone would not tell it from others.
    ``language`` is a tag such as ``da-DK``; ``is_wide`` lays the paper on its side, ``is_large``
    makes it A3, for a table whose words A4 would break. ``poster`` is how large the letters of one
    for the wall are.
    """

    title: str
    owner: str
    day: dt.date
    blocks: tuple[Block, ...]
    lead: tuple[str, ...] = ()
    language: str = "da-DK"
    is_wide: bool = False
    is_large: bool = False
    name: str = ""
    poster: Letters = ""


def as_xml_text(text: str) -> str:
    """The text without what no XML may hold, so that every file of it can be opened."""
    return _FORBIDDEN.sub("", text)


def paragraph(text: str, *, bold: bool = False, small: bool = False, link: str = "") -> Paragraph:
    return Paragraph((Run(text, bold=bold, small=small, link=link),))


def marked(mark: str, text: str) -> Paragraph:
    """A paragraph that begins with a bold word and a colon."""
    return Paragraph((Run(f"{mark}: ", bold=True), Run(text)))


def item(*runs: Run | str) -> Paragraph:
    """A line of a list."""
    return Paragraph(tuple(Run(run) if isinstance(run, str) else run for run in runs), is_item=True)


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """A text that people wrote: a blank line begins a paragraph; single breaks stay breaks."""
    parts = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return tuple(paragraph(part.strip()) for part in parts if part.strip())


def row(*texts: str, is_head: bool = False) -> tuple[Cell, ...]:
    """Cells of one paragraph each; the first says what the row is about."""
    cells = enumerate(texts)
    return tuple(
        Cell((paragraph(text, bold=is_head),), is_head=is_head or not number)
        for number, text in cells
    )
