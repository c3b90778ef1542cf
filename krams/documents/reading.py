"""What was read of a document or of what was pasted: texts and tables as they stand. Pure.

Runs and paragraphs are those of :mod:`krams.documents.content`; a table is the cells that it has,
each with its place in the grid, since tables of others need not be whole.
"""

import enum
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

from django.utils.translation import gettext as _

from ..danish.normal_form import tidy, visible
from .content import Heading, Paragraph, Run


class Remark(enum.Enum):
    """What whoever hands in a file should know of how it was read."""

    TRACKED = "tracked"
    COMMENTS = "comments"
    TEXT_BOXES = "text_boxes"
    FOOTNOTES = "footnotes"
    NESTED = "nested"
    HIDDEN = "hidden"
    MACROS = "macros"
    PICTURES = "pictures"

    @property
    def label(self) -> str:
        return {
            Remark.TRACKED: _("Tracked changes were read as if all were accepted."),
            Remark.COMMENTS: _("Comments belong to no cell; they are listed below."),
            Remark.TEXT_BOXES: _("Text boxes belong to no cell; they are listed below."),
            Remark.FOOTNOTES: _("Footnotes belong to no cell; they are listed below."),
            Remark.NESTED: _("A table within a cell was read as the text of the cell."),
            Remark.HIDDEN: _("Hidden text was left out."),
            Remark.MACROS: _("Macros were left out."),
            Remark.PICTURES: _("Pictures were left out."),
        }[self]


@dataclass(frozen=True, slots=True)
class ReadCell:
    """``row`` and ``column`` are its place, from 0; ``rows`` and ``columns`` how far it reaches."""

    row: int
    column: int
    rows: int
    columns: int
    content: tuple[Paragraph, ...]

    @property
    def text(self) -> str:
        return "\n".join(filter(None, map(text_of, self.content)))


@dataclass(frozen=True, slots=True)
class ReadTable:
    cells: tuple[ReadCell, ...]
    height: int
    width: int


ReadBlock: TypeAlias = Heading | Paragraph | ReadTable


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """``apart`` are texts that stand beside the document, such as comments."""

    title: str
    blocks: tuple[ReadBlock, ...]
    remarks: tuple[Remark, ...] = ()
    apart: tuple[str, ...] = ()

    @property
    def tables(self) -> list[ReadTable]:
        return [block for block in self.blocks if isinstance(block, ReadTable)]


def text_of(paragraph: Paragraph) -> str:
    """In normal form: composed, without what cannot be seen, plain spaces."""
    return tidy("".join(run.text for run in paragraph.runs))


def joined(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Neighbours of one look as one run: Word parts them wherever somebody stopped to think."""
    found: list[Run] = []
    for run in runs:
        if not run.text:
            continue
        if found and replace(found[-1], text=run.text) == run:
            found[-1] = replace(run, text=found[-1].text + run.text)
        else:
            found.append(run)
    return tuple(replace(run, text=visible(run.text)) for run in found)
