"""What was read of a matrix in a document, as it is kept until somebody has gone through it. Pure.

It is stored as JSON (:func:`as_json`, :func:`of_json`), since a colleague may go on with it
tomorrow. Columns and rows that could not be told for certain have nobody; the person places them.
"""

import datetime as dt
import enum
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _


class Doubt(enum.StrEnum):
    """What somebody should look at before a cell is taken in."""

    GUESS = "guess"
    SHORTENED = "shortened"
    SHORT = "short"
    CPR = "cpr"
    WIDE = "wide"
    TWICE = "twice"
    UNREADABLE = "unreadable"

    @property
    def label(self) -> str:
        return {
            Doubt.GUESS: _("The answer is a guess, from the words of the text."),
            Doubt.SHORTENED: _("A text was too long for an effort: the whole of it is its note."),
            Doubt.SHORT: _("A line is too short to be an effort, and was left out."),
            Doubt.CPR: _(
                "A line looked like a CPR number and was not read. Nobody may be numbered here."
            ),
            Doubt.WIDE: _("The cell reaches over several authorities: each gets the same."),
            Doubt.TWICE: _("The proposal stands twice in the document. Take in one of the two."),
            Doubt.UNREADABLE: _("A text is too long, or holds a sign that cannot be stored."),
        }[self]

    @property
    def blocks(self) -> bool:
        """Whether it cannot be taken in as it was read."""
        return self in (Doubt.CPR, Doubt.TWICE, Doubt.UNREADABLE)


@dataclass
class ReadLine:
    """One effort as it was read. None is what the document does not say.

    ``labels`` point to notes; ``note`` is the effort's own text below the table.
    """

    text: str
    state: str | None = None
    division: str | None = None
    link: str | None = None
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    labels: list[str] = field(default_factory=list)
    note: str | None = None


@dataclass
class ReadAnswer:
    """``column`` and ``row`` are places in the lists of the reading; ``state`` empty where none is
    said. ``is_certain``: the state stands there in so many words."""

    column: int
    row: int
    state: str = ""
    state_from: dt.date | None = None
    is_certain: bool = False
    lines: list[ReadLine] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"c{self.column}-{self.row}"

    @property
    def is_empty(self) -> bool:
        return not self.lines and self.state in ("", "not_filled") and not self.doubts


@dataclass
class ReadColumn:
    """``maybe`` are the keys of authorities that the heading may mean."""

    heading: str
    authority: int | None = None
    maybe: list[int] = field(default_factory=list)


@dataclass
class ReadRow:
    """``proposals`` are the keys of all that the row answers."""

    text: str
    proposals: list[int] = field(default_factory=list)
    maybe: list[int] = field(default_factory=list)


@dataclass
class ReadNote:
    """``is_of_effort``: the longer text of an effort of that name, and no note of its own."""

    authority: int
    heading: str
    text: str
    division: str = ""
    link: str = ""
    label: str = ""
    is_of_effort: bool = False


@dataclass
class Reading:
    """``unplaced`` are texts that belong to no cell and no note: they are shown, never dropped.

    ``problems`` say what is wrong with a table as a whole, ``remarks`` how the file was read.
    """

    title: str = ""
    columns: list[ReadColumn] = field(default_factory=list)
    rows: list[ReadRow] = field(default_factory=list)
    answers: list[ReadAnswer] = field(default_factory=list)
    notes: list[ReadNote] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def as_json(reading: Reading) -> dict[str, Any]:
    """For a JSON field whose encoder knows dates."""
    return asdict(reading)


def of_json(stored: dict[str, Any]) -> Reading:
    return Reading(
        **stored
        | {
            "columns": [ReadColumn(**one) for one in stored["columns"]],
            "rows": [ReadRow(**one) for one in stored["rows"]],
            "answers": [_answer(one) for one in stored["answers"]],
            "notes": [ReadNote(**one) for one in stored["notes"]],
        }
    )


def _answer(stored: dict[str, Any]) -> ReadAnswer:
    return ReadAnswer(
        **stored
        | {
            "state_from": _day(stored["state_from"]),
            "lines": [_line(one) for one in stored["lines"]],
            "doubts": [Doubt(one) for one in stored["doubts"]],
        }
    )


def _line(stored: dict[str, Any]) -> ReadLine:
    days = {name: _day(stored[name]) for name in ("valid_from", "valid_until")}
    return ReadLine(**stored | days)


def _day(stored: str | None) -> dt.date | None:
    return dt.date.fromisoformat(stored) if stored else None
