"""What a cell of a document answers: a state and efforts, as far as its words say so. Pure.

A cell of our own export says all of it: the state in a bold line, divisions in small bold lines,
efforts as bullets with labels of notes and what is to know of them in small print. Of any other
cell each line is an effort, and only a line that is a state is one for certain.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from django.core.exceptions import ValidationError

from krams.danish.normal_form import tidy
from krams.documents.content import Paragraph, Run
from krams.documents.reading import text_of
from krams.privacy.cpr import find_cpr
from krams.privacy.free_text import validate_line, validate_link

from ..enums import EffortState, PositionState
from .reading import Doubt, ReadLine
from .state_words import (
    BARE_ANSWER,
    division_said,
    is_small_print,
    state_guessed,
    state_said,
    tag_said,
)

LONGEST_EFFORT, SHORTEST_EFFORT, LONGEST_NOTE = 300, 2, 10_000
LONGEST_LINK = 500
_BULLET = re.compile(r"\s*(?:[•·▪◦‣●○■□*–—\uf0b7\uf0a7-]|o\t)\s+")


@dataclass
class CellText:
    state: str = ""
    state_from: dt.date | None = None
    is_certain: bool = False
    lines: list[ReadLine] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


def read_cell(content: Iterable[Paragraph], labels: set[str]) -> CellText:
    """``labels`` are those of notes in the document: raised letters that are one point there."""
    found = CellText()
    lines = [line for part in content for line in _split(part) if text_of(line)]
    if any(find_cpr(text_of(line)) for line in lines):
        found.doubts.append(Doubt.CPR)
        lines = [line for line in lines if not find_cpr(text_of(line))]
    found.raw = [text_of(line) for line in lines]
    first = lines[0] if lines else None
    said = state_said(text_of(first)) if first else None
    if first and said:
        found.state, found.state_from, found.is_certain = said[0].value, said[1], True
        lines = lines[1:]
    is_ours = bool(first and said and not first.is_item and all(run.bold for run in first.runs))
    for read in _ours(lines, labels) if is_ours else _others(lines, labels):
        _keep(read, found)
    if not said:
        _guess(found)
    return found


def _split(paragraph: Paragraph) -> Iterator[Paragraph]:
    """A line break begins a line; a bullet that was typed makes it one of a list."""
    line: list[Run] = []
    for run in paragraph.runs:
        first, *more = re.split(r"[\n\r\u2028\u2029]", run.text)
        line.append(replace(run, text=first))
        for text in more:
            yield _without_bullet(line, paragraph.is_item)
            line = [replace(run, text=text)]
    yield _without_bullet(line, paragraph.is_item)


def _without_bullet(runs: list[Run], is_item: bool) -> Paragraph:
    runs = [run for run in runs if run.text]
    if not is_item and runs and (match := _BULLET.match("".join(run.text for run in runs))):
        left = match.end()
        for number, run in enumerate(runs):
            runs[number] = replace(run, text=run.text[left:])
            left = max(0, left - len(run.text))
        is_item = True
    return Paragraph(tuple(runs), is_item)


def _ours(lines: Iterable[Paragraph], labels: set[str]) -> Iterator[ReadLine]:
    """Of a cell as the export writes it: what it does not say is not there."""
    division = ""
    for line in lines:
        is_small = all(run.small for run in line.runs if run.text.strip())
        if not line.is_item and is_small:
            named = division_said(text_of(line))
            if named is not None:
                division = named
                continue
            if is_small_print(text_of(line)):
                continue
        read = _read_line(line, labels)
        yield replace(
            read,
            state=read.state or EffortState.RUNNING.value,
            division=division,
            link=read.link or "",
        )


def _others(lines: Iterable[Paragraph], labels: set[str]) -> Iterator[ReadLine]:
    """Of a cell that somebody wrote: what it does not say is not known."""
    division = None
    for line in lines:
        named = None if line.is_item else division_said(text_of(line))
        if named is not None:
            division = named
        else:
            yield replace(_read_line(line, labels), division=division)


def _read_line(line: Paragraph, labels: set[str]) -> ReadLine:
    read = ReadLine("")
    text, links = "", set[str]()
    has_body = any(not run.small for run in line.runs)
    for run in line.runs:
        words = run.text.strip()
        if run.raised and (pointed := _labels_in(words, labels)):
            read.labels += pointed
        elif run.small and has_body and (rest := _read_tags(words, read)) is not None:
            text += rest
        else:
            text += run.text
            links.add(run.link)
    link = links.pop() if len(links) == 1 else ""
    read.text, read.link = tidy(text), (link if is_link(link) else None)
    return read


def _labels_in(words: str, labels: set[str]) -> list[str]:
    """The labels that the words consist of; none where they are anything else besides."""
    found = []
    while words:
        label = max((one for one in labels if words.startswith(one)), key=len, default="")
        if not label:
            return []
        found.append(label)
        words = words.removeprefix(label).lstrip()
    return found


def _read_tags(words: str, read: ReadLine) -> str | None:
    """Small print in brackets; None where it is part of the text."""
    parts = re.findall(r"\(([^()]*)\)", words)
    if not parts or re.sub(r"\([^()]*\)|\s", "", words):
        return None
    said = [tag_said(part) for part in parts]
    if not all(said):
        return None
    for tag in said:
        if tag:
            read.state = tag.state or read.state
            read.valid_from = tag.valid_from or read.valid_from
            read.valid_until = tag.valid_until or read.valid_until
    return ""


def _keep(line: ReadLine, found: CellText) -> None:
    """The line as far as an effort can hold it; what it cannot hold is told."""
    if len(line.text) < SHORTEST_EFFORT:
        found.doubts.append(Doubt.SHORT)
        return
    if len(line.text) > LONGEST_NOTE or _cannot_be_stored(line.text):
        found.doubts.append(Doubt.UNREADABLE)
        return
    if len(line.text) > LONGEST_EFFORT:
        whole = line.text
        line = replace(line, text=_shortened(whole), note=whole)
        found.doubts.append(Doubt.SHORTENED)
    found.lines.append(line)


def is_link(link: str) -> bool:
    """Whether the portal can keep it as the address of a page."""
    try:
        validate_link(link)
    except ValidationError:
        return False
    return len(link) <= LONGEST_LINK


def _cannot_be_stored(text: str) -> bool:
    try:
        validate_line(text)
    except ValidationError:
        return True
    return False


def _shortened(text: str) -> str:
    """To the end of its first sentence, or of the last word that there is room for."""
    room = text[: LONGEST_EFFORT - 1]
    sentence = room.find(". ")
    if sentence > 20:
        return room[: sentence + 1]
    return room[: room.rfind(" ") if " " in room else None] + "…"


def _guess(found: CellText) -> None:
    if not found.lines:
        return
    guess = state_guessed(found.lines[0].text)
    if guess is None:
        return
    # An effort that begins "Ja til bevægelse" in a list of four says nothing about the answer.
    if len(found.lines) > 1 and guess in (PositionState.ESTABLISHED, PositionState.PLANNED):
        return
    found.state = guess.value
    found.doubts.append(Doubt.GUESS)
    if BARE_ANSWER.fullmatch(found.lines[0].text):
        found.lines = found.lines[1:]
