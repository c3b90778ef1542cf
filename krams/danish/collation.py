"""Danish order and search, alike on every database.

SQLite knows no Danish, so it is handed :func:`compare` as a collation and :func:`fold` as a
function. The order is that of Retskrivningsordbogen and of ICU's ``da`` collation, which PostgreSQL
uses with numeric order: æ ø å stand last, aa counts as å, ü as y, figures count as the number that
they write (Hus 2, Hus 10), and capitals come before small letters where nothing else tells two
texts apart.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

RING, DIAERESIS, DOUBLE_ACUTE = "\u030a", "\u0308", "\u030b"

ALPHABET = "abcdefghijklmnopqrstuvwxyzæøå"

# Unicode splits these into a letter and a mark; in Danish they are letters of their own, and the
# Swedish, German and Hungarian ones count as the Danish letter that they stand for.
OWN_LETTERS = {
    ("a", RING): "å",
    ("a", DIAERESIS): "æ",
    ("o", DIAERESIS): "ø",
    ("o", DOUBLE_ACUTE): "ø",
}

# Letters that Unicode does not split, though a Dane looks for them under the plain letter.
PLAIN_LETTERS = {"đ": "d", "ð": "d", "ł": "l", "þ": "th", "œ": "oe"}

# Only the order knows ü as y (Müller next to Myller); who searches writes u.
SORTED_AS_Y = {("u", DIAERESIS), ("u", DOUBLE_ACUTE)}

# CLDR's order of the signs that names hold. Other signs follow by code point.
SIGNS = "_-\u2013\u2014,;:!?.'\u2018\u2019\"\u201c\u201d()[]{}§@*/\\&#%"


@dataclass(slots=True)
class _Letter:
    """One letter to compare by, and where it stands in the text (``text[start:end]``)."""

    base: str
    marks: str
    case: int  # 0 capital, 1 mixed (only "Aa"), 2 small: capitals first, as in ICU's Danish
    start: int
    end: int
    is_double_a: bool = False


def _letters(text: str) -> list[_Letter]:
    """Split a text into Danish letters; invisible characters such as soft hyphens fall away."""
    letters: list[_Letter] = []
    for position, character in enumerate(text):
        for part in unicodedata.normalize("NFKD", character):
            if unicodedata.combining(part):
                if letters:
                    letters[-1].marks += part
                    letters[-1].end = position + 1
            elif not _is_invisible(part):
                case = 0 if part.isupper() else 2
                small = part.casefold()
                for base in PLAIN_LETTERS.get(small, small):
                    letters.append(_Letter(base, "", case, position, position + 1))
    return _join_double_a(_settle_marks(letters))


def _is_invisible(character: str) -> bool:
    is_variation_selector = "\ufe00" <= character <= "\ufe0f"
    return is_variation_selector or unicodedata.category(character) == "Cf"


def _settle_marks(letters: list[_Letter]) -> list[_Letter]:
    for letter in letters:
        for mark in letter.marks:
            letter.base = OWN_LETTERS.get((letter.base, mark), letter.base)
        if letter.base == "å":
            letter.marks = letter.marks.replace(RING, "")
    return letters


def _join_double_a(letters: Iterable[_Letter]) -> list[_Letter]:
    joined: list[_Letter] = []
    for letter in letters:
        before = joined[-1] if joined else None
        if before and before.base == letter.base == "a":
            before.base = "å"
            before.marks += letter.marks
            before.case = (before.case + letter.case) // 2
            before.end = letter.end
            before.is_double_a = True
        else:
            joined.append(letter)
    return joined


def _join_numbers(letters: Iterable[_Letter]) -> list[_Letter]:
    """Figures side by side are one number, whose ``base`` has no zeros in front."""
    joined: list[_Letter] = []
    for letter in letters:
        if not letter.base.isdecimal():
            joined.append(letter)
            continue
        figure = replace(letter, base=str(unicodedata.decimal(letter.base)))
        before = joined[-1] if joined else None
        if before and before.base.isdecimal():
            before.base = (before.base + figure.base).lstrip("0") or "0"
            before.marks += figure.marks
        else:
            joined.append(figure)
    return joined


def _rank(letter: _Letter) -> tuple[int | str, ...]:
    """Spaces, signs, symbols, digits, Danish letters, other letters: in that order."""
    base = letter.base
    if base.isdecimal():
        return (3, len(base), base)
    if base in ALPHABET:
        is_y = any((base, mark) in SORTED_AS_Y for mark in letter.marks)
        return (5, ALPHABET.index("y" if is_y else base))
    if base in SIGNS:
        return (1, SIGNS.index(base))
    match unicodedata.category(base)[0]:
        case "Z" | "C":
            return (0, ord(base))
        case "P":
            return (1, ord(base))
        case "S":
            return (2, ord(base))
        case "N":
            return (4, ord(base))
        case _:
            return (6, ord(base))


@lru_cache(maxsize=8192)
def sort_key(text: str) -> tuple[object, ...]:
    """Return the key that puts texts in Danish order.

    Letters decide first, then accents, then case, and at last the characters themselves, so only
    identical texts share a key. Numbers stand before letters and count as what they are worth, as
    ICU's ``kn`` has it: "9" before "10".
    """
    letters = _join_numbers(_letters(text))
    return (
        tuple(_rank(letter) for letter in letters),
        tuple(letter.marks for letter in letters),
        tuple((letter.case, letter.is_double_a) for letter in letters),
        text,
    )


def compare(a: str, b: str) -> int:
    """Compare two texts in Danish order: -1, 0 or 1, and 0 only for identical texts.

    Made for ``sqlite3.Connection.create_collation``.
    """
    if a == b:
        return 0
    return -1 if sort_key(a) < sort_key(b) else 1


def fold(text: str) -> str:
    """Return the text as search sees it: case and accents gone, aa as å, ä as æ, ö as ø.

    Folding twice changes nothing. Every aa counts as å, also where a compound word only happens
    to hold one: "arbejde" is not found inside "ekstraarbejde".
    """
    if text.isascii():
        return text.lower().replace("aa", "å")
    return "".join(letter.base for letter in _letters(text))


def places(text: str) -> list[tuple[str, int, int]]:
    """Each letter of the folded text, with where it stands in the text itself: from, to."""
    return [(letter.base, letter.start, letter.end) for letter in _letters(text)]


def mark_spans(text: str, query: str) -> list[tuple[int, int]]:
    """Return where the query occurs in the text, as ``text[start:end]`` of the original.

    The spans are in order and never overlap. A hit on a part of a character (the "s" of "ß")
    marks the whole character. An empty query has no hits.
    """
    needle = fold(query.strip())
    if not needle:
        return []
    letters = _letters(text)
    folded = "".join(letter.base for letter in letters)
    spans: list[tuple[int, int]] = []
    found = folded.find(needle)
    while found >= 0:
        after = found + len(needle)
        start, end = letters[found].start, letters[after - 1].end
        if not spans or start >= spans[-1][1]:
            spans.append((start, end))
        found = folded.find(needle, after)
    return spans
