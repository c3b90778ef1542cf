"""The texts below the table: notes under the authority that they belong to. Pure.

In our own export the parts are headings, and a note begins with its label in small print and its
heading in bold. In other documents a line that names an authority begins its notes, and a bold
line or a heading begins one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from krams.documents.content import Heading, Paragraph, Run
from krams.documents.reading import ReadBlock, ReadTable, text_of

from .cell_reading import is_link
from .names import authority_called
from .reading import ReadNote
from .state_words import division_said, is_about_an_effort, is_heading_of_notes

if TYPE_CHECKING:
    from krams.models import Authority

    from ..matrix.rows import AuthorityRow

LONGEST_HEADING, LONGEST_TEXT, HEADING_OF_A_TEXT = 160, 10_000, 80


@dataclass
class NotesText:
    notes: list[ReadNote] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)


class _Reader:
    def __init__(self, authorities: "Sequence[Authority | AuthorityRow]"):
        self.authorities = authorities
        self.found = NotesText()
        self.is_ours = False
        self.authority: int | None = None
        self.division = ""
        self.note: ReadNote | None = None

    def read(self, block: ReadBlock) -> None:
        match block:
            case Heading():
                self.heading(block.text)
            case Paragraph() if text_of(block):
                self.paragraph(block)

    def heading(self, text: str) -> None:
        if is_heading_of_notes(text):
            self.is_ours = True
        elif not self.opens_part(text):
            if self.authority is None:
                self.found.unplaced.append(text)
            else:
                self.begin(text)

    def opens_part(self, text: str) -> bool:
        """Whether a line begins the notes of an authority, or of a division of it."""
        meant = authority_called(text, self.authorities, among_others=False)
        if meant.key:
            self.authority, self.division, self.note = meant.key, "", None
            return True
        named = division_said(text)
        if named is not None and self.authority is not None:
            self.division, self.note = named, None
            return True
        return False

    def begin(self, heading: str, label: str = "", *, is_of_effort: bool = False) -> None:
        if self.authority is None:
            raise ValueError("A note is some authority's.")
        self.note = ReadNote(
            self.authority, heading, "", self.division, label=label, is_of_effort=is_of_effort
        )
        self.found.notes.append(self.note)

    def paragraph(self, block: Paragraph) -> None:
        text = text_of(block)
        label, heading, is_of_effort = _labelled(block.runs)
        is_bold = all(run.bold for run in block.runs if run.text.strip())
        if heading and self.authority is not None:
            self.begin(heading, label, is_of_effort=is_of_effort)
        elif not self.is_ours and self.opens_part(text.rstrip(":")):
            return
        elif self.authority is None:
            self.found.unplaced.append(text)
        elif not self.is_ours and is_bold and len(text) <= LONGEST_HEADING:
            self.begin(text)
        else:
            if self.note is None:
                self.begin(_heading_of(text))
            self.add(block)

    def add(self, block: Paragraph) -> None:
        note = self.note
        if note is None:
            return
        # A break inside a paragraph stays one.
        text = "".join(run.text for run in block.runs).strip()
        links = {run.link for run in block.runs if run.text.strip()}
        if links == {text} and not note.link and note.text and is_link(text):
            note.link = text
        else:
            mark = "- " if block.is_item else ""
            note.text = f"{note.text}\n\n{mark}{text}" if note.text else f"{mark}{text}"


def read_notes(
    blocks: Iterable[ReadBlock], authorities: "Sequence[Authority | AuthorityRow]"
) -> NotesText:
    """What stands below the first table. What nobody can be told to have written is unplaced."""
    reader = _Reader(authorities)
    is_below = False
    for block in blocks:
        if isinstance(block, ReadTable):
            is_below, reader.authority, reader.note = True, None, None
        elif is_below:
            reader.read(block)
        elif text := block.text if isinstance(block, Heading) else text_of(block):
            reader.found.unplaced.append(text)
    found = reader.found
    for note in found.notes:
        if not note.text:
            # A heading alone is no note.
            found.unplaced.append(note.heading)
        elif len(note.heading) > LONGEST_HEADING:
            note.text = f"{note.heading}\n\n{note.text}"
            note.heading = _heading_of(note.heading)
    found.notes = [note for note in found.notes if note.text]
    return found


def _labelled(runs: Sequence[Run]) -> tuple[str, str, bool]:
    """Of a paragraph that the export began a text with: label, heading, whether it is an effort's.

    Empty for any other.
    """
    look = [(run.small, run.bold) for run in runs]
    if look[:2] != [(True, False), (False, True)] or look[2:] not in ([], [(True, False)]):
        return "", "", False
    label, heading, *mark = (run.text.strip() for run in runs)
    is_of_effort = bool(mark) and is_about_an_effort(mark[0])
    return (label, heading, is_of_effort) if len(mark) == is_of_effort else ("", "", False)


def _heading_of(text: str) -> str:
    """The first words of a text that has no heading."""
    line = text.splitlines()[0]
    if len(line) <= HEADING_OF_A_TEXT:
        return line
    room = line[:HEADING_OF_A_TEXT]
    return room[: room.rfind(" ") if " " in room else None] + "…"
