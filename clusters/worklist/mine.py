"""A cluster as one person has to do with it. Pure, but for addresses."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from django.urls import reverse

from krams.worklist.sections import Kind, Line, Section

from ..asking.worklist import Asked, Out
from ..conversation.worklist import Waiting
from ..matrix.cell_status import Cell
from ..steps.worklist import Step

# Of each kind on the first page; the pages behind have all of them.
MOST_SHOWN = 5


@dataclass
class Column:
    """An authority's column: ``cells`` where the person edits it or coordinates the cluster."""

    pk: int
    authority: int
    name: str
    slug: str
    awaits_consent: bool
    has_editor: bool
    is_edited: bool
    may_agree: bool
    cells: list[Cell] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    @property
    def unanswered(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.is_missing]

    @property
    def total(self) -> int:
        """How many proposals concern it."""
        return sum(cell.concerns for cell in self.cells)

    @property
    def outdated(self) -> int:
        return sum(cell.is_outdated for cell in self.cells)

    @property
    def deadline(self) -> dt.date | None:
        """Of the most pressing ask for its answers."""
        days = (one.deadline for one in self.asked if one.is_about_answers)
        return min(days, default=None)


@dataclass(frozen=True, slots=True)
class LastEdition:
    number: int
    title: str
    meeting: str
    meeting_on: dt.date
    frozen_on: dt.date


@dataclass(frozen=True, slots=True)
class Clash:
    """A cell in which a save was refused: ``answer`` is the key of its ``Position``."""

    answer: int
    proposal: int
    authority: int


@dataclass
class Mine:
    """A cluster as one person has to do with it; ``months`` is how long a confirmation lasts.

    ``threads`` and ``steps`` are those in which the person has the word, or must see that something
    is done; ``out`` and ``clashes`` are told to who coordinates.
    """

    pk: int
    name: str
    slug: str
    months: int
    coordinates: bool
    today: dt.date
    columns: list[Column] = field(default_factory=list)
    edition: LastEdition | None = None
    threads: list[Waiting] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    out: list[Out] = field(default_factory=list)
    clashes: Counter[Clash] = field(default_factory=Counter)
    titles: dict[int, str] = field(default_factory=dict)

    @property
    def edited(self) -> list[Column]:
        return [column for column in self.columns if column.is_edited]

    @property
    def others(self) -> list[Column]:
        """Where the person is both, she is asked as an editor."""
        return [one for one in self.columns if self.coordinates and not one.is_edited]

    def address(self, name: str, *arguments: object) -> str:
        return reverse(f"clusters:{name}", args=[self.slug, *arguments])

    def section(
        self, title: str, lines: list[Line], path: str = "", kind: Kind = Kind.NEEDS, **more: str
    ) -> Section:
        path = path or self.address("matrix")
        return Section(
            title, tuple(lines), path, place=self.name, kind=kind, most=MOST_SHOWN, **more
        )
