"""Finds the ten sections in a document of Word: the municipal form of two columns, or headings.

Pure. What belongs to no section is kept as such, never dropped. A paragraph that seems to hold a
CPR number is not read: that it was there is all that is said of it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches

from django.utils.translation import gettext as _

from krams.danish.in_languages import in_languages, keys
from krams.danish.normal_form import look_alike_key, tidy
from krams.documents.content import Heading, Paragraph
from krams.documents.reading import ReadCell, ReadDocument, ReadTable, text_of
from krams.privacy.cpr import find_cpr

from .sections import SECTIONS, Section

# How alike a title must be to that of a section.
ALIKE = 0.84
_END = re.compile(r"[\s:.]+$")


@dataclass
class ReadForm:
    """``sections`` has what was found of each, by slug; ``unplaced`` are texts of no section.

    ``is_ours``: the questions on the left are the portal's own, so that its marks can be trusted.
    """

    title: str
    sections: dict[str, list[Paragraph]] = field(default_factory=dict)
    unplaced: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    is_ours: bool = False


def read_form(document: ReadDocument) -> ReadForm:
    """The sections of the document as they stand in it."""
    found = ReadForm(document.title, remarks=[remark.label for remark in document.remarks])
    # Below a heading stands its section; a table may go on with the one before it.
    current = in_table = None
    for block in document.blocks:
        match block:
            case Heading():
                current, in_table = _section_of(block.text), None
                if current is None:
                    found.unplaced.append(block.text)
                else:
                    found.sections.setdefault(current, [])
            case Paragraph():
                _put(found, current, [block])
            case ReadTable():
                in_table = _read_table(found, block, current or in_table)
    found.unplaced += document.apart
    found.unplaced = [_told(text) for text in found.unplaced]
    if find_cpr(found.title):
        found.title = ""
    if found.title and found.sections:
        # The title of the paper is that of the first section too.
        found.sections.setdefault(SECTIONS[0].slug, [])
    return found


def _put(found: ReadForm, slug: str | None, content: Iterable[Paragraph]) -> None:
    for paragraph in content:
        text = "".join(run.text for run in paragraph.runs)
        if not tidy(text):
            continue
        if find_cpr(text):
            found.unplaced.append(_told(text, slug))
        elif slug is None:
            found.unplaced.append(tidy(text))
        else:
            found.sections.setdefault(slug, []).append(paragraph)


def _told(text: str, slug: str | None = None) -> str:
    """The text, or that it was not read and in which section it stood."""
    if not find_cpr(text):
        return text
    said = _("A text with what looks like a CPR number was not read.")
    return f"{_TITLES[slug].title}: {said}" if slug else said


def _read_table(found: ReadForm, table: ReadTable, current: str | None) -> str | None:
    """A row a section; a row with nothing on the left goes on with the one before."""
    for left, right in _rows(table):
        asked = [text for text in map(text_of, left.content if left else ()) if text]
        if asked:
            section = _section_of(asked[0])
            current = section
            if section is None:
                said = " | ".join([" ".join(asked), *(cell.text for cell in right if cell.text)])
                found.unplaced.append(said)
                continue
            found.sections.setdefault(section, [])
            found.is_ours = found.is_ours or _asks_as_we_do(section, asked[1:])
        for cell in right:
            _put(found, current, cell.content)
    return current


def _rows(table: ReadTable) -> Iterator[tuple[ReadCell | None, list[ReadCell]]]:
    """Row by row what stands on the left, None where a cell reaches down, and the rest."""
    for row in range(table.height):
        cells = [cell for cell in table.cells if cell.row == row]
        if cells:
            left = [cell for cell in cells if cell.column == 0]
            yield (left[0] if left else None), [cell for cell in cells if cell.column]


_TITLES = {section.slug: section for section in SECTIONS}


def _section_of(text: str) -> str | None:
    """The section with that title, or with one that is very like it."""
    key = look_alike_key(_END.sub("", text.split("\n")[0]))
    names = {name: slug for slug, section in _TITLES.items() for name in keys([section.title])}
    if key in names:
        return names[key]
    close = get_close_matches(key, names, n=1, cutoff=ALIKE)
    return names[close[0]] if close else None


def _asks_as_we_do(slug: str, asked: list[str]) -> bool:
    section: Section = _TITLES[slug]
    said = look_alike_key(" ".join(asked))
    return said in {look_alike_key(f"({one})") for one in in_languages(section.question)}
