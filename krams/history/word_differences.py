"""What changed between two texts, word by word; pure, and safe to put into a page.

Paragraphs are matched first and words only inside those that changed, so that a long document with
one new sentence is compared fast and reads well.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

SAME, REMOVED, ADDED = "same", "removed", "added"
_TAGS = {REMOVED: "del", ADDED: "ins"}
_WORDS = re.compile(r"\s+|[^\W_]+|.", re.DOTALL)
# SequenceMatcher is quadratic; above this product of lengths the parts count as replaced.
_MOST_PAIRS = 400_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that is the ``same``, ``removed`` or ``added``."""

    kind: str
    text: str


def word_diff(old: str, new: str) -> list[Piece]:
    """Return the pieces that turn ``old`` into ``new``, removed ones before added ones.

    The pieces that are not added make ``old``, and those that are not removed make ``new``.
    """
    pieces: list[Piece] = []
    for tag, before, after in _blocks(_paragraphs(old), _paragraphs(new)):
        if tag == "equal":
            pieces += [Piece(SAME, before)]
        else:
            for inner, gone, come in _blocks(_WORDS.findall(before), _WORDS.findall(after)):
                if inner == "equal":
                    pieces += [Piece(SAME, gone)]
                else:
                    pieces += [Piece(REMOVED, gone), Piece(ADDED, come)]
    return _joined(pieces)


def inline(old: str, new: str) -> SafeString:
    """Both texts in one: what went in ``<del>``, what came in ``<ins>``; all else escaped."""
    return _marked(word_diff(old, new))


def side_by_side(old: str, new: str) -> tuple[SafeString, SafeString]:
    """The old text with ``<del>`` and the new one with ``<ins>``."""
    pieces = word_diff(old, new)
    return (
        _marked([piece for piece in pieces if piece.kind != ADDED]),
        _marked([piece for piece in pieces if piece.kind != REMOVED]),
    )


def replaced(old: str, new: str) -> SafeString:
    """Both values, of what is no running text, such as a date."""
    return _marked([Piece(REMOVED, old)] * bool(old) + [Piece(ADDED, new)] * bool(new))


def excerpt(old: str, new: str, around: int = 60) -> SafeString:
    """Both texts in one, as ``inline``, of what stayed only ``around`` letters beside a change."""
    pieces = word_diff(old, new)
    last = len(pieces) - 1
    return _marked(
        [
            Piece(SAME, _cut(piece.text, around, number > 0, number < last))
            if piece.kind == SAME
            else piece
            for number, piece in enumerate(pieces)
        ]
    )


def _cut(text: str, around: int, after_a_change: bool, before_a_change: bool) -> str:
    head = text[:around] if after_a_change else ""
    tail = text[len(text) - around :] if before_a_change else ""
    return text if len(text) <= len(head) + len(tail) else f"{head} … {tail}"


class Rewording(NamedTuple):
    """A text before and after."""

    old: str
    new: str

    @property
    def pieces(self) -> list[Piece]:
        return word_diff(self.old, self.new)

    @property
    def inline(self) -> SafeString:
        return inline(self.old, self.new)


def _paragraphs(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _blocks(old: list[str], new: list[str]) -> Iterator[tuple[str, str, str]]:
    """Yield ``(tag, old part, new part)``; what both begin and end with is not compared."""
    start, shorter = 0, min(len(old), len(new))
    while start < shorter and old[start] == new[start]:
        start += 1
    end = 0
    while end < shorter - start and old[-1 - end] == new[-1 - end]:
        end += 1
    if start:
        yield "equal", "".join(old[:start]), "".join(new[:start])
    old_middle, new_middle = old[start : len(old) - end], new[start : len(new) - end]
    if len(old_middle) * len(new_middle) > _MOST_PAIRS:
        yield "replace", "".join(old_middle), "".join(new_middle)
    else:
        matcher = SequenceMatcher(None, old_middle, new_middle, autojunk=False)
        for tag, a, b, c, d in matcher.get_opcodes():
            yield tag, "".join(old_middle[a:b]), "".join(new_middle[c:d])
    if end:
        yield "equal", "".join(old[-end:]), "".join(new[-end:])


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Without empty pieces, and with a lone space between two changes taken into them."""
    joined: list[Piece] = []
    gone = come = ""
    end = Piece(SAME, "")
    pieces = [*(piece for piece in pieces if piece.text), end]
    for piece, after in zip(pieces, [*pieces[1:], end], strict=True):
        if piece.kind == REMOVED:
            gone += piece.text
        elif piece.kind == ADDED:
            come += piece.text
        elif piece.text == " " and (gone or come) and after.kind != SAME:
            gone, come = gone + piece.text, come + piece.text
        else:
            joined += [Piece(REMOVED, gone)] * bool(gone) + [Piece(ADDED, come)] * bool(come)
            gone = come = ""
            if joined and joined[-1].kind == SAME:
                joined[-1] = Piece(SAME, joined[-1].text + piece.text)
            elif piece.text:
                joined.append(piece)
    return joined


def _marked(pieces: list[Piece]) -> SafeString:
    parts = []
    for piece in pieces:
        text, tag = escape(piece.text), _TAGS.get(piece.kind)
        parts.append(f"<{tag}>{text}</{tag}>" if tag else text)
    return mark_safe("".join(parts))  # Every piece is escaped above.
