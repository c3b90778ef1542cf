"""Reads a CSV file as spreadsheets write it: what is certain is read, the rest is named.

UTF-8 and UTF-16 tell themselves. Any other file is read as Windows text (cp1252) as long as it
holds only what a Danish one would: the same bytes are other letters on a Mac or in DOS, so that
whatever else stands there is a sign of those, and is pointed out with its line and column.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from ..danish.normal_form import tidy

DELIMITERS = ";\t,"
# What a Danish text of Windows holds beyond ASCII. Not the signs that stand where a Mac or DOS
# keeps its æ, ø and å, and not the capitals that are quotation marks on a Mac.
_PLAIN_WINDOWS = set("æøåÆØÅäöüÄÖÜßàáâèéêëìíîïðñòóôùúûýþç§½–\u00a0".encode("cp1252"))
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_FIRST_ESCAPE, _LAST_ESCAPE = 0xDC80, 0xDCFF

# UTF-8 that was once read as Windows text, and saved so: "StÃ¸tte", "â€“".
_CONTINUATION = "\u0080-\u00bfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™"
_DOUBTFUL = re.compile(rf"[\udc80-\udcff\ufffd]|[ÂÃ][{_CONTINUATION}]|â€[{_CONTINUATION}]?")


# Letters that no Danish file holds, but a dash and an æ from a Mac (D0 BE) look like in UTF-8.
_FAR_OFF = re.compile("[\u0180-\u02ff\u0370-\u07ff]")
_LINE_END = re.compile(r"\r\n|\r|\n")
# Excel's own word for the sign between cells.
_SEP = re.compile(r'"?sep=.?"?;*[\r\n]*', re.IGNORECASE)


class Unreadable(Exception):
    """The file cannot be read for certain; ``problems`` say where and why."""

    def __init__(self, *problems: str):
        super().__init__("\n".join(problems))
        self.problems = list(problems)


def read_cells(
    raw: bytes, columns: tuple[str, ...]
) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header, and the rows that say something with their line numbers.

    ``columns`` are the names that a header may hold; cells are in normal form. Lines without text,
    "sep=;" and empty cells at the end of the header are passed over. Raises ``Unreadable``.
    """
    if raw.startswith(_WORKBOOKS):
        raise Unreadable(_("This is a workbook. Save it as “CSV UTF-8” and load that file."))
    text, skipped = _without_sep(_decode(raw))
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=_delimiter(text, columns), strict=True
    )
    lines = _lines(reader, skipped)
    rows = [(number, cells) for number, cells in lines if any(map(tidy, cells))]
    header = [tidy(name).lower() for name in rows[0][1]] if rows else []
    while header and not header[-1]:
        header.pop()
    if problems := list(_doubts(header, rows)):
        raise Unreadable(*problems)
    return header, [(number, [tidy(cell) for cell in cells]) for number, cells in rows[1:]]


def _decode(raw: bytes) -> str:
    """The text; a byte that cannot be read for certain becomes a lone surrogate."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", "replace")
    if raw.startswith(codecs.BOM_UTF8):
        return raw.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")
    is_windows = all(byte < 128 or byte in _PLAIN_WINDOWS for byte in raw)
    text = raw.decode("utf-8", "surrogateescape")
    is_utf8 = any(ord(character) > 127 and not _is_escape(character) for character in text)
    if is_utf8:
        # Both at once, such as "Å–": nobody knows which.
        return (
            raw.decode("ascii", "surrogateescape") if is_windows else _FAR_OFF.sub("\ufffd", text)
        )
    return "".join(map(_of_windows, raw))


def _of_windows(byte: int) -> str:
    is_plain = byte < 128 or byte in _PLAIN_WINDOWS
    return bytes([byte]).decode("cp1252") if is_plain else chr(0xDC00 + byte)


def _is_escape(character: str) -> bool:
    return _FIRST_ESCAPE <= ord(character) <= _LAST_ESCAPE


def _without_sep(text: str) -> tuple[str, int]:
    """The text from the first line that says something, and how many lines stood before it."""
    skipped = 0
    while text:
        line = _first_line(text)
        if line.strip(f'{DELIMITERS}"\r\n ') and not _SEP.fullmatch(line):
            break
        text, skipped = text[len(line) :], skipped + 1
    return text, skipped


def _first_line(text: str) -> str:
    """With its end: Windows, Unix and old Macs each have their own."""
    end = _LINE_END.search(text)
    return text[: end.end()] if end else text


def _delimiter(text: str, columns: tuple[str, ...]) -> str:
    """The sign that parts the first line into most names of columns."""
    first = _first_line(text)

    def known(delimiter: str) -> int:
        return sum(tidy(cell.strip('"\r\n ')).lower() in columns for cell in first.split(delimiter))

    return max(DELIMITERS, key=lambda delimiter: (known(delimiter), first.count(delimiter)))


def _lines(reader: Any, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of the line where it begins."""
    while True:
        number = skipped + reader.line_num + 1
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(
                _('line %(number)s: a quotation mark (") is not closed, or stands inside a cell')
                % {"number": number}
            ) from error


def _doubts(header: list[str], rows: list[tuple[int, list[str]]]) -> Iterator[str]:
    """What cannot be read for certain: line, column and character, once a row."""
    for number, cells in rows:
        for place, cell in enumerate(cells):
            found = _DOUBTFUL.search(cell)
            if found:
                is_named = place < len(header) and not _DOUBTFUL.search(header[place])
                yield _(
                    "line %(number)s, column %(column)s: the character “%(character)s” cannot be "
                    "read for certain. Save the file as “CSV UTF-8”, and look at the word."
                ) % {
                    "number": number,
                    "column": header[place] if is_named else place + 1,
                    "character": _as_seen(found[0]),
                }
                break


def _as_seen(doubtful: str) -> str:
    """As Windows would show it."""
    if not _is_escape(doubtful[0]):
        return doubtful
    return bytes([ord(doubtful) - 0xDC00]).decode("cp1252", "replace")
