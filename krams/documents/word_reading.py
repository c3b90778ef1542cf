"""Reads a Word document (ECMA-376): its texts and tables in order, and what else is in it. Pure.

Tracked changes are read as accepted. Fields, content controls and links are read as the text that
they show. What stands beside the text (comments, footnotes, text boxes) is kept apart, never lost.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from docx.oxml.ns import qn

from ..uploads.packages import Package, Refused, Relationship
from ..uploads.recognition import Kind
from .content import Heading, Paragraph, Run
from .reading import (
    ReadBlock,
    ReadCell,
    ReadDocument,
    ReadTable,
    Remark,
    joined,
    text_of,
)
from .word import PRINTED_ADDRESS
from .word_styles import PLAIN, Look, Styles, look_of_paragraph, look_of_run, value_of

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_ROWS, MOST_CELLS, MOST_COLUMNS = 3000, 40_000, 200
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
# What holds parts of a text and says nothing about them itself.
WRAPPERS = {
    qn(f"w:{name}")
    for name in ("ins", "moveTo", "smartTag", "customXml", "sdt", "sdtContent", "fldSimple", "dir")
} | {MC + "AlternateContent", MC + "Choice", MC + "Fallback"}
KEPT_CHANGES = {qn("w:ins"), qn("w:moveTo")}
GONE = {qn("w:del"), qn("w:moveFrom")}
BREAKS = {qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:tab"): "\t", qn("w:noBreakHyphen"): "-"}
PICTURES = {qn("w:drawing"), qn("w:pict"), qn("w:object")}
BESIDE = {"comments": Remark.COMMENTS, "footnotes": Remark.FOOTNOTES, "endnotes": Remark.FOOTNOTES}


def read_docx(data: bytes) -> ReadDocument:
    """The document. Raises :class:`Refused` for a file that is none, or that cannot be trusted."""
    package = Package(data, Kind.WORD)
    root = package.xml(package.main)
    if root.tag == f"{{{STRICT}}}document":
        raise Refused(_("The file is a “Strict Open XML” document. Save it as a plain .docx."))
    body = root.find(qn("w:body"))
    if body is None:
        raise Refused(_("The file is damaged: it holds no text."))
    styles = package.related("styles")
    reader = _Reader(
        Styles(package.xml(styles) if styles else None), package.relationships(package.main)
    )
    blocks = tuple(reader.blocks(body))
    if package.has_macros:
        reader.remarks[Remark.MACROS] = None
    for kind, remark in BESIDE.items():
        if part := package.related(kind):
            reader.read_beside(package.xml(part), remark)
    return ReadDocument(reader.title, blocks, tuple(reader.remarks), tuple(reader.apart))


class _Reader:
    """``remarks`` are kept in the order in which they came up."""

    def __init__(self, styles: Styles, links: dict[str, Relationship]):
        self.styles, self.links = styles, links
        self.title = ""
        self.remarks: dict[Remark, None] = {}
        self.apart: list[str] = []
        # Of each field that is open: whether its result has begun, which alone is shown.
        self.fields: list[bool] = []
        # Runs of a paragraph whose end was deleted: they belong to the next.
        self.carried: list[Run] = []
        self.depth = 0

    def blocks(self, holder: "_Element") -> Iterator[ReadBlock]:
        for child in self.children(holder):
            if child.tag == qn("w:p"):
                if (found := self.paragraph(child)) is not None:
                    yield found
            elif child.tag == qn("w:tbl"):
                yield self.table(child)

    def children(self, holder: "_Element") -> "Iterator[_Element]":
        """What stands in it, whatever wraps it; without what was deleted."""
        for child in holder:
            if child.tag in GONE:
                self.remark(Remark.TRACKED)
            elif child.tag == MC + "Fallback" and holder.find(MC + "Choice") is not None:
                continue
            elif child.tag in WRAPPERS:
                if child.tag in KEPT_CHANGES:
                    self.remark(Remark.TRACKED)
                yield from self.children(child)
            elif isinstance(child.tag, str):
                yield child

    def remark(self, remark: Remark) -> None:
        self.remarks.setdefault(remark)

    def paragraph(self, element: "_Element") -> Paragraph | Heading | None:
        """None for the title, and where its end was deleted: its text goes on in the next."""
        properties = element.find(qn("w:pPr"))
        style = None if properties is None else value_of(properties, "w:pStyle")
        look = look_of_paragraph(properties).over(self.styles.look(style))
        runs = [*self.carried, *self.runs(element, look)]
        mark = None if properties is None else properties.find(qn("w:rPr"))
        if mark is not None and mark.find(qn("w:del")) is not None:
            self.remark(Remark.TRACKED)
            self.carried = runs
            return None
        self.carried = []
        found = Paragraph(joined(runs), is_item=bool(look.is_item))
        text = text_of(found)
        if look.is_title and not self.title:
            self.title = text
            return None
        if look.level and text and not look.is_item:
            return Heading(look.level, text)
        return found

    def runs(self, holder: "_Element", look: Look, link: str = "") -> Iterator[Run]:
        for child in self.children(holder):
            if child.tag == qn("w:r"):
                yield from self.run(child, look, link)
            elif child.tag == qn("w:hyperlink"):
                target = self.links.get(child.get(qn("r:id"), ""))
                is_page = target and target.is_external and target.target.startswith("http")
                yield from self.runs(child, look, target.target if target and is_page else "")
            else:
                for text in child.iter(MATH_TEXT):
                    yield Run(text.text or "")

    def run(self, element: "_Element", paragraph: Look, link: str) -> Iterator[Run]:
        properties = element.find(qn("w:rPr"))
        style = None if properties is None else value_of(properties, "w:rStyle")
        if style == PRINTED_ADDRESS:
            # What our own paper says for who cannot click on the link before it.
            return
        named = PLAIN if properties is None else self.styles.look(style)
        look = look_of_run(properties).over(named).over(paragraph)
        text = "".join(self.text(element))
        if look.hidden:
            if text.strip():
                self.remark(Remark.HIDDEN)
            return
        yield Run(text, bool(look.bold), bool(look.small), bool(look.raised), link)

    def text(self, run: "_Element") -> Iterator[str]:
        for child in self.children(run):
            if child.tag == qn("w:fldChar"):
                self.field(child.get(qn("w:fldCharType"), ""))
            elif child.tag in PICTURES:
                self.picture(child)
            elif not all(self.fields):
                continue
            elif child.tag == qn("w:t"):
                yield child.text or ""
            elif child.tag in BREAKS:
                yield BREAKS[child.tag]

    def field(self, step: str) -> None:
        if step == "begin":
            self.fields.append(False)
        elif self.fields and step == "separate":
            self.fields[-1] = True
        elif self.fields and step == "end":
            self.fields.pop()

    def picture(self, element: "_Element") -> None:
        """A picture may be a text box, whose text belongs to no place in the document."""
        boxes = list(element.iter(qn("w:txbxContent")))
        self.remark(Remark.TEXT_BOXES if boxes else Remark.PICTURES)
        for box in boxes:
            self.read_apart(box)

    def read_apart(self, holder: "_Element") -> None:
        carried, fields = self.carried, self.fields
        self.carried, self.fields = [], []
        lines = [line for block in self.blocks(holder) for line in _lines(block)]
        self.carried, self.fields = carried, fields
        if text := "\n".join(filter(None, map(text_of, lines))):
            self.apart.append(text)

    def read_beside(self, root: "_Element", remark: Remark) -> None:
        """Comments or notes; the lines that Word draws above notes have a type, and no text."""
        before = len(self.apart)
        for one in root:
            if isinstance(one.tag, str) and one.get(qn("w:type"), "normal") == "normal":
                self.read_apart(one)
        if len(self.apart) > before:
            self.remark(remark)

    def table(self, element: "_Element") -> ReadTable:
        self.depth += 1
        if self.depth > 20:
            raise Refused(_("The tables of the document stand too deep in each other."))
        grid = _Grid()
        for row in self.children(element):
            if row.tag == qn("w:tr"):
                self.row(row, grid)
        self.depth -= 1
        return ReadTable(tuple(grid.cells), grid.height, grid.width)

    def row(self, element: "_Element", grid: "_Grid") -> None:
        about = element.find(qn("w:trPr"))
        before = 0
        if about is not None:
            if about.find(qn("w:del")) is not None:
                self.remark(Remark.TRACKED)
                return
            before = _number(value_of(about, "w:gridBefore"))
        grid.begin_row(before)
        for cell in self.children(element):
            if cell.tag == qn("w:tc"):
                self.cell(cell, grid)

    def cell(self, element: "_Element", grid: "_Grid") -> None:
        about = element.find(qn("w:tcPr"))
        span, merge, is_gone = 1, None, False
        if about is not None:
            span = max(1, _number(value_of(about, "w:gridSpan")))
            merge = value_of(about, "w:vMerge")
            is_gone = about.find(qn("w:cellDel")) is not None
        content = tuple(self.content(element))
        if is_gone:
            self.remark(Remark.TRACKED)
            content = ()
        grid.put(content, span, goes_on=merge is not None and merge != "restart")

    def content(self, cell: "_Element") -> Iterator[Paragraph]:
        """Headings in a cell are bold lines; a table in it is its texts."""
        for block in self.blocks(cell):
            if isinstance(block, ReadTable):
                self.remark(Remark.NESTED)
            yield from _lines(block)


class _Grid:
    """Puts the cells of a table into their places as its rows are read."""

    def __init__(self) -> None:
        self.cells: list[ReadCell] = []
        self.height = self.width = self.column = 0
        # Which cell reaches down in a column, by its place in ``cells``.
        self.open: dict[int, int] = {}

    def begin_row(self, column: int) -> None:
        self.height, self.column = self.height + 1, column
        if self.height > MOST_ROWS:
            raise Refused(_("A table has more rows than a matrix can have."))

    def put(self, content: tuple[Paragraph, ...], span: int, *, goes_on: bool) -> None:
        row, column = self.height - 1, self.column
        self.column += span
        self.width = max(self.width, self.column)
        if self.width > MOST_COLUMNS or len(self.cells) >= MOST_CELLS:
            raise Refused(_("A table has more cells than a matrix can have."))
        above = self.open.get(column)
        if goes_on and above is not None:
            cell = self.cells[above]
            if cell.columns == span and cell.row + cell.rows == row:
                more = tuple(line for line in content if text_of(line))
                self.cells[above] = replace(cell, rows=cell.rows + 1, content=cell.content + more)
                return
        self.open[column] = len(self.cells)
        self.cells.append(ReadCell(row, column, 1, span, content))


def _lines(block: ReadBlock) -> Iterator[Paragraph]:
    match block:
        case Heading():
            yield Paragraph((Run(block.text, bold=True),))
        case Paragraph():
            yield block
        case ReadTable():
            for cell in block.cells:
                yield from cell.content


def _number(value: str | None) -> int:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 6 else 0
