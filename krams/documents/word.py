"""A document as a file of Word: real headings, lists and tables, in Danish.

The parts are written as the elements of WordprocessingML (ECMA-376) themselves: ``python-docx``
brings the package around them, but finds its way in a table of five hundred cells too slowly.
"""

import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator
from functools import partial

import docx
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from docx.document import Document as WordFile
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Length, Mm, Pt, RGBColor

from .content import Block, Cell, Curve, Document, Heading, Paragraph, Run, Table, as_xml_text
from .word_chart import chart_part, drawing_of

TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MARGIN = Mm(18)
# Shorter and longer side.
A4, A3 = (Mm(210), Mm(297)), (Mm(297), Mm(420))
# A Word document counts in twentieths of a point.
EMU_A_TWIP = 635
# Before and after the paragraphs of a style, in points.
SPACES = (
    *(("Normal", 0, 3), ("List Bullet", 0, 2)),
    *(("Heading 1", 12, 3), ("Heading 2", 9, 2), ("Heading 3", 6, 2)),
)
# The style of addresses behind links: who reads the document can tell them from what was written.
PRINTED_ADDRESS = "PrintedAddress"
# What is an element of its own in a run.
_BREAKS = re.compile("(\r\n|\r|\n|\t)")
INK, GREY_HEAD = "1A1A1A", "E9EDF0"


def as_docx(document: Document) -> bytes:
    """The bytes of a .docx; ``Table.placed`` says when a table cannot be written."""
    file = docx.Document()
    _set_up(file, document)
    _frame(file.sections[0], document)
    body = _Body(file, document)
    for block, before in zip(document.blocks, (None, *document.blocks), strict=False):
        body.add(block)
        if isinstance(block, Paragraph) and isinstance(before, Heading):
            _keep_with_next(body.last)
    if document.blocks and isinstance(document.blocks[-1], Table):
        # Below a full page it would be the only line of another.
        file.element.body.replace(body.last, _gap(20))
    output = io.BytesIO()
    file.save(output)
    return output.getvalue()


def _set_up(file: WordFile, document: Document) -> None:
    """Properties, language, paper, and how the styles look."""
    about = file.core_properties
    about.title, about.author = as_xml_text(document.title), as_xml_text(document.owner)
    about.language, about.comments = document.language, ""
    moment = dt.datetime.combine(document.day, dt.time())
    about.created = about.modified = moment
    section = file.sections[0]
    section.page_width, section.page_height = _sides(document)
    if document.is_wide:
        section.orientation = WD_ORIENT.LANDSCAPE
    section.left_margin = section.right_margin = MARGIN
    section.top_margin = section.bottom_margin = MARGIN
    section.header_distance = section.footer_distance = Mm(9)
    sizes = {"Normal": 10.5, "Title": 20, "Heading 1": 15, "Heading 2": 12.5, "Heading 3": 11}
    for name, size in sizes.items():
        style = file.styles[name]
        style.font.size, style.font.name = Pt(size), "Calibri"
        style.font.color.rgb = RGBColor.from_string(INK)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), "Calibri")
        for attribute in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            style.element.rPr.rFonts.attrib.pop(qn(attribute), None)
    for name, before, after in SPACES:
        space = file.styles[name].paragraph_format
        space.space_before, space.space_after = Pt(before), Pt(after)
    address = file.styles.add_style(PRINTED_ADDRESS, WD_STYLE_TYPE.CHARACTER)
    address.font.size, address.hidden = Pt(8.5), True
    language = _element("w:lang", val=document.language, eastAsia=document.language)
    defaults = file.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for old in defaults.findall(qn("w:lang")):
        defaults.remove(old)
    defaults.append(language)


def _sides(document: Document) -> tuple[Length, Length]:
    """Width and height of the paper."""
    short, long = A3 if document.is_large else A4
    return (long, short) if document.is_wide else (short, long)


def _frame(section: Section, document: Document) -> None:
    """Owner and date at the head of each page, its number at the foot."""
    day = date_format(document.day, "SHORT_DATE_FORMAT")
    section.header.paragraphs[0]._p.append(_run(Run(f"{document.owner} · {day}", small=True)))
    foot = section.footer.paragraphs[0]
    foot._p.append(_run(Run(f"{_('Page')} ", small=True)))
    foot._p.append(_element("w:fldSimple", _run(Run("1", small=True)), instr="PAGE"))
    foot._p.append(_run(Run("/", small=True)))
    foot._p.append(_element("w:fldSimple", _run(Run("1", small=True)), instr="NUMPAGES"))


class _Body:
    """Writes blocks one after the other in front of the section's end."""

    def __init__(self, file: WordFile, document: Document):
        self.file, self.language = file, document.language
        self.curves = 0
        self.width = _sides(document)[0] - 2 * MARGIN
        self.end = file.element.body.sectPr
        self.append(_paragraph([_run(Run(document.title))], "Title"))
        for line in document.lead:
            self.append(_paragraph([_run(Run(line))]))

    def add(self, block: Block) -> None:
        match block:
            case Heading():
                self.append(_paragraph([_run(Run(block.text))], f"Heading{block.level}"))
            case Paragraph():
                self.append(self.paragraph(block))
            case Table():
                self.append(self.table(block))
                # Two tables without a paragraph between them would be one.
                self.append(_gap(120))
            case Curve():
                self.append(self.curve(block))

    def append(self, element: BaseOxmlElement) -> None:
        self.end.addprevious(element)

    @property
    def last(self) -> BaseOxmlElement:
        last: BaseOxmlElement = self.end.getprevious()
        return last

    def paragraph(self, paragraph: Paragraph) -> BaseOxmlElement:
        runs: list[BaseOxmlElement] = []
        for run in paragraph.runs:
            runs.append(self.link(run) if run.link else _run(run))
            if run.address:
                runs.append(_run(Run(run.address), style=PRINTED_ADDRESS))
        element = _paragraph(runs, "ListBullet" if paragraph.is_item else "")
        if paragraph.leads:
            _keep_with_next(element)
        return element

    def curve(self, curve: Curve) -> BaseOxmlElement:
        self.curves += 1
        part = chart_part(curve, self.curves, self.file.part.package, self.language)
        key = self.file.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
        run = _element("w:r")
        run.append(drawing_of(curve, self.curves, key, self.width))
        return _paragraph([run])

    def link(self, run: Run) -> BaseOxmlElement:
        key = self.file.part.relate_to(run.link, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link = _element("w:hyperlink")
        link.set(qn("r:id"), key)
        link.append(_run(run))
        return link

    def table(self, table: Table) -> BaseOxmlElement:
        shares = sum(table.widths)
        widths = [self.width * share // shares // EMU_A_TWIP for share in table.widths]
        element = _element("w:tbl", _table_properties(table, sum(widths)))
        grid = _element("w:tblGrid", *(_element("w:gridCol", w=str(width)) for width in widths))
        element.append(grid)
        for number, row in enumerate(table.placed()):
            element.append(self.row(row, widths, table, is_head=number < table.heads))
        return element

    def row(
        self, row: list[tuple[Cell, bool]], widths: list[int], table: Table, *, is_head: bool
    ) -> BaseOxmlElement:
        about = _element("w:trPr")
        # A torn row is read wrong. One that is longer than a page Word tears all the same.
        if table.keeps_whole(cell for cell, _above in row):
            about.append(_element("w:cantSplit"))
        if is_head:
            about.append(_element("w:tblHeader"))
        element = _element("w:tr", about)
        column = 0
        for cell, above in row:
            width = sum(widths[column : column + cell.columns])
            element.append(self.cell(cell, above, width))
            column += cell.columns
        if table.flows:
            for paragraph in element.iter(qn("w:p")):
                paragraph.get_or_add_pPr().get_or_add_keepLines()
        if is_head or (len(row) == 1 and row[0][0].is_head):
            # What leads to what follows does not stand alone at the foot of a page.
            for paragraph in element.iter(qn("w:p")):
                _keep_with_next(paragraph)
        return element

    def cell(self, cell: Cell, above: bool, width: int) -> BaseOxmlElement:
        about = _element("w:tcPr", _element("w:tcW", w=str(width), type="dxa"))
        if cell.columns > 1:
            about.append(_element("w:gridSpan", val=str(cell.columns)))
        if cell.rows > 1:
            about.append(_element("w:vMerge", val="continue" if above else "restart"))
        if cell.is_head:
            about.append(_element("w:shd", val="clear", color="auto", fill=GREY_HEAD))
        element = _element("w:tc", about)
        written = [] if above else [self.paragraph(part) for part in cell.content]
        # A cell without a paragraph is a file that Word repairs.
        for paragraph in written or [_paragraph([])]:
            element.append(paragraph)
        return element


def _table_properties(table: Table, width: int) -> BaseOxmlElement:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    margins = {"top": "30", "left": "90", "bottom": "20", "right": "90"}
    line = partial(_element, val="single", sz="4", space="0", color="9AA5AD")
    about = _element(
        "w:tblPr",
        _element("w:tblW", w=str(width), type="dxa"),
        _element("w:tblBorders", *(line(f"w:{side}") for side in sides)),
        _element("w:tblLayout", type="fixed"),
        _element(
            "w:tblCellMar",
            *(_element(f"w:{side}", w=wide, type="dxa") for side, wide in margins.items()),
        ),
        _element("w:tblLook", val="0420" if table.heads else "0400"),
    )
    if table.summary:
        about.append(_element("w:tblCaption", val=as_xml_text(table.summary)))
    return about


def _paragraph(runs: Iterable[BaseOxmlElement], style: str = "") -> BaseOxmlElement:
    element = _element("w:p")
    if style:
        element.append(_element("w:pPr", _element("w:pStyle", val=style)))
    element.extend(runs)
    return element


def _gap(height: int) -> BaseOxmlElement:
    """An empty paragraph, ``height`` twentieths of a point high."""
    space = _element("w:spacing", before="0", after="0", line=str(height), lineRule="exact")
    return _element("w:p", _element("w:pPr", space))


def _keep_with_next(paragraph: BaseOxmlElement) -> None:
    about = paragraph.get_or_add_pPr()
    about.get_or_add_keepNext()


def _run(run: Run, style: str = "") -> BaseOxmlElement:
    look = [_element("w:rStyle", val=style)] if style else list(_look(run))
    element = _element("w:r", *([_element("w:rPr", *look)] if look else []))
    for part in _BREAKS.split(as_xml_text(run.text)):
        if part == "\t":
            element.append(_element("w:tab"))
        elif _BREAKS.fullmatch(part):
            element.append(_element("w:br"))
        else:
            text = _element("w:t")
            text.text = part
            text.set(qn("xml:space"), "preserve")
            element.append(text)
    return element


def _look(run: Run) -> Iterator[BaseOxmlElement]:
    """In the order that the schema wants."""
    if run.bold:
        yield _element("w:b")
    if run.change == "removed":
        yield _element("w:strike")
    if run.link:
        yield _element("w:color", val="0B5394")
    if run.small:
        yield _element("w:sz", val="17")
    if run.link or run.change == "added":
        yield _element("w:u", val="single")
    if run.raised:
        yield _element("w:vertAlign", val="superscript")


def _element(name: str, *parts: BaseOxmlElement, **attributes: str) -> BaseOxmlElement:
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    element.extend(parts)
    return element
