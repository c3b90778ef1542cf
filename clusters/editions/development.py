"""How much was answered from edition to edition, up to today. Pure."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from krams.pictures.scale import coordinate

from ..matrix.layout import Matrix


class Part(NamedTuple):
    """A part of a bar: where it begins and how wide it is, of 100."""

    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A matrix at one time. ``number`` is its edition's; None is today.

    The three counts are the cells whose proposal concerns their authority, as the coverage counts
    them: with an effort, answered without one, and not answered.
    """

    number: int | None
    name: str
    day: dt.date
    with_effort: int
    without: int
    unanswered: int

    @property
    def total(self) -> int:
        return self.with_effort + self.without + self.unanswered

    @property
    def answered(self) -> int:
        return self.with_effort + self.without

    @property
    def parts(self) -> list[Part]:
        """The three counts from left to right."""
        return list(_parts((self.with_effort, self.without, self.unanswered)))


def stage(number: int | None, name: str, day: dt.date, matrix: Matrix) -> Stage:
    cells = [cell for cell in matrix.cells.values() if cell.concerns]
    filled = sum(cell.is_filled for cell in cells)
    efforts = sum(cell.has_effort for cell in cells)
    return Stage(number, name, day, efforts, filled - efforts, len(cells) - filled)


def _parts(counts: Iterable[int]) -> Iterator[Part]:
    counts = list(counts)
    total, before = sum(counts) or 1, 0
    for count in counts:
        yield Part(coordinate(100 * before / total), coordinate(100 * count / total))
        before += count
