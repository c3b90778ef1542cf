"""The matrix for Word and paper: states in words, efforts as bullets, notes below. Pure."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from krams.documents import content
from krams.documents.content import Block, Heading, Paragraph, Run, Table, item, paragraph
from krams.documents.content import Cell as TableCell

from .cell_status import Cell, Line
from .layout import Column, Group, Matrix
from .notes_below import Entry

PROPOSAL_WIDTH, COLUMN_WIDTH = 5, 6
# With more columns than that, long words would not fit into one on A4.
MOST_ON_A4 = 8


def as_content(
    matrix: Matrix, *, title: str, owner: str, day: dt.date, lead: tuple[str, ...] = ()
) -> content.Document:
    """The matrix on paper laid on its side; ``lead`` says what stands below the title."""
    said = list(lead)
    if not matrix.is_exhaustive:
        said.append(_("The list is not exhaustive."))
    return content.Document(
        title=title,
        owner=owner,
        day=day,
        lead=tuple(said),
        blocks=(as_table(matrix, title), *_notes(matrix)),
        language=get_language() or "da",
        is_wide=True,
        is_large=len(matrix.columns) > MOST_ON_A4,
    )


def as_table(matrix: Matrix, summary: str) -> Table:
    heads = [_("Proposal"), *(column.authority.official_name for column in matrix.columns)]
    head = tuple(TableCell((paragraph(name, bold=True),), is_head=True) for name in heads)
    rows = [row for group in matrix.groups for row in _rows(group, len(matrix.columns))]
    widths = (PROPOSAL_WIDTH, *(COLUMN_WIDTH for _column in matrix.columns))
    return Table(widths, (head, *rows), heads=1, summary=summary)


def _rows(group: Group, columns: int) -> Iterator[tuple[TableCell, ...]]:
    name = paragraph(group.group.name, bold=True)
    yield (TableCell((name,), columns=columns + 1, is_head=True),)
    for block in group.blocks:
        for row in block:
            number = Run(f"{row.proposal.number}. ", bold=True)
            proposal = TableCell((Paragraph((number, Run(row.proposal.title))),), is_head=True)
            cells = (
                TableCell(tuple(answer_in_words(cell)), rows=cell.rowspan)
                for cell in row.cells
                if cell.rowspan
            )
            yield (proposal, *cells)


def answer_in_words(cell: Cell) -> Iterator[Paragraph]:
    """State, which proposals it answers where these are several, efforts, and its confirmation."""
    yield paragraph(cell.state_text, bold=True)
    if cell.is_joint:
        yield paragraph(cell.joint_text, small=True)
    for line in cell.lines:
        if line.part:
            yield paragraph(line.part, bold=True, small=True)
        yield effort(line)
    confirmed = f"{cell.confirmed_text} {cell.confirmed_by_text}".strip()
    if confirmed:
        yield paragraph(confirmed, small=True)


def effort(line: Line) -> Paragraph:
    """A bullet with its link, the labels of its notes, and what must be known of it."""
    labels = [Run(" " + entry.label, raised=True) for entry in line.entries]
    tags = [Run(f" ({tag.text})", small=True) for tag in line.tags]
    return item(Run(line.effort.text, link=line.effort.link), *labels, *tags)


def _notes(matrix: Matrix) -> Iterator[Block]:
    columns = [column for column in matrix.columns if column.entries]
    if columns:
        yield Heading(1, _("Notes"))
    for column in columns:
        yield Heading(2, column.authority.official_name)
        yield from _notes_of(column)


def _notes_of(column: Column) -> Iterator[Block]:
    for division, entries in column.sections:
        if division:
            yield Heading(3, division)
        for entry in entries:
            yield from _note(entry)


def _note(entry: Entry) -> Iterator[Paragraph]:
    label = Run(f"{entry.label} ", small=True)
    # A note may have the name of an effort: who reads the file back must tell the two apart.
    whose = () if entry.note else (Run(" " + _("(about the effort)"), small=True),)
    yield Paragraph((label, Run(entry.heading, bold=True), *whose), leads=bool(entry.text))
    yield from content.paragraphs(entry.text)
    if entry.link:
        yield paragraph(entry.link, link=entry.link)
