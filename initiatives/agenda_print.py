"""How much of an agenda one printed A4 page holds. Pure.

Every section gets its first rows in turn until the page is full, so a long list never pushes a
short one off the page; what is left out is counted, and stands in the portal. Lengths are in lines
of 13 pt; the style sheet (``print.css``, "Agenda") has the heights that are counted with here.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .agenda import Agenda, News, Row, Standing

# Left for rows, headings and wishes when the head, "since last time", "any other business" and
# seven ruled lines for handwriting have had theirs: 271 mm of paper, less two lines for letters
# that are wider than most.
ROOM = 36.0
RULED_LINES, RULED_LINE = 7, 1.75
HEADING, LEFT_OUT = 2.35, 0.85
# Characters on a line: of a whole row, beside a status, in the first and last column of the table.
FULL, BESIDE, TITLE, COLUMN = 95, 80, 30, 40
SMALL_LINE = 0.9
ROW_SPACE, TABLE_ROW_SPACE = 0.35, 0.65
MOST_WISH_CHARACTERS = 2 * FULL


@dataclass(frozen=True, slots=True)
class Print:
    """``shown`` and ``left_out`` count the rows of each section by its name in the agenda."""

    shown: dict[str, int]
    left_out: dict[str, int]
    ruled_lines: int
    wishes: str

    @property
    def lines(self) -> range:
        return range(self.ruled_lines)


def lay_out(agenda: Agenda) -> Print:
    """Decide what is printed of the agenda."""
    ruled = max(0, RULED_LINES - len(agenda.decided))
    wishes = shorten(agenda.facts.wishes)
    costs = {
        "items": [_of_row(row) if isinstance(row, Row) else _of(row.text) for row in agenda.items],
        "slipped": [_of_row(row) for row in agenda.slipped],
        "restarts": [
            _of(row.followed.title + row.followed.facility + row.reason, BESIDE, 45)
            for row in agenda.restarts
        ],
        "open": [_of_decision(row) for row in agenda.open],
        "news": [_of_news(row) for row in agenda.news],
        "attention": [_of(point.text, FULL, 25) for point in agenda.attention],
        "decided": [_of_decision(row) for row in agenda.decided],
    }
    headed = ("items", "open", "news", "attention")
    room = ROOM + RULED_LINE * (RULED_LINES - ruled)
    room -= HEADING * sum(bool(costs[name]) for name in headed)
    room -= LEFT_OUT * sum(bool(rows) for rows in costs.values())
    room -= HEADING + _of(wishes)
    room -= _summed(agenda)
    shown = dict(zip(costs, fit(list(costs.values()), room), strict=True))
    left_out = {name: len(rows) - shown[name] for name, rows in costs.items()}
    left_out["slipped"] += agenda.slipped_left_out
    return Print(shown, left_out, ruled, wishes)


def fit(costs: Sequence[Sequence[float]], room: float) -> list[int]:
    """How many of the first rows of each list fit into ``room``, taking the lists in turn.

    A list stops at its first row that does not fit: rows are never taken out of their order.
    """
    taken = [0] * len(costs)
    growing = [number for number, rows in enumerate(costs) if rows]
    while growing:
        for number in list(growing):
            rows = costs[number]
            if rows[taken[number]] > room:
                growing.remove(number)
                continue
            room -= rows[taken[number]]
            taken[number] += 1
            if taken[number] == len(rows):
                growing.remove(number)
    return taken


def shorten(text: str) -> str:
    """The text on few lines, cut between words; the portal holds all of it."""
    words = " ".join(text.split())
    if len(words) <= MOST_WISH_CHARACTERS:
        return words
    return words[:MOST_WISH_CHARACTERS].rsplit(" ", 1)[0] + " …"


def _of(text: str, width: int = FULL, beside: int = 0) -> float:
    """Lines that a row takes; ``beside`` counts the characters of fixed words on it."""
    return max(1, math.ceil((len(text) + beside) / width)) + ROW_SPACE


def _of_row(row: Row) -> float:
    """A row of the table: name and verdict, or the last column if that is longer."""
    name = math.ceil((len(row.followed.title) + len(row.followed.facility) + 4) / TITLE) + 1
    name += row.is_new
    words = (
        len(row.cancelled)
        + len(row.missing)
        + len(str(row.question))
        + (len(row.item.text) if row.item else 0)
    )
    return SMALL_LINE * max(name, math.ceil(words / COLUMN) + 1) + TABLE_ROW_SPACE


def _of_decision(row: Standing) -> float:
    decision = row.decision
    words = decision.text + decision.responsible_role + decision.plan_title + decision.place
    note = SMALL_LINE * math.ceil(len(decision.closing_note) / BESIDE)
    return _of(words, BESIDE, 30) + note


def _of_news(news: News) -> float:
    return _of(
        news.criterion + news.indicator + news.reason + news.unit * 3 + news.facility, FULL, 90
    )


def _summed(agenda: Agenda) -> float:
    """The lines on what got better, holds and rests; only so many are named."""
    named = [row.followed for row in agenda.better[: agenda.MOST_NAMED]]
    named += agenda.paused[: agenda.MOST_NAMED]
    characters = sum(len(one.title) + len(one.facility) + 14 for one in named)
    for row in agenda.unknown[: agenda.MOST_NAMED]:
        characters += len(row.followed.title + row.followed.facility + row.missing) + 10
    characters += 60 + 18 * len(agenda.holding)
    return SMALL_LINE * math.ceil(characters / FULL)
