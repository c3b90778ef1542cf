"""Small multiples: what is measured for a criterion, one curve a facility, all on one scale. Pure.

Only figures that may be shown are drawn, and only they and the targets make the scale. The overview
has them in its cells, as small as words.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from krams.pictures.scale import along_time, coordinate

from ..criteria.figures import Figure, Tracked
from .overview import Column, Row, Table

MOST_POINTS = 12


class Frame(NamedTuple):
    """What a curve is drawn in; nothing comes nearer to its sides than ``edge``."""

    width: int
    height: int
    edge: int


LARGE, SMALL = Frame(150, 48, 5), Frame(66, 20, 3)


@dataclass(frozen=True, slots=True)
class Curve:
    """``line`` is a polyline's points; ``dots`` the places of the figures, the last one last."""

    line: str
    dots: tuple[tuple[str, str], ...]
    goal_y: str


@dataclass(frozen=True, slots=True)
class Multiple:
    """One facility; ``curve`` is None where nothing may be drawn."""

    row: Row
    tracked: Tracked
    first: Figure | None
    last: Figure | None
    curve: Curve | None


@dataclass(frozen=True, slots=True)
class Panel:
    """An indicator of a criterion at all its facilities. ``name`` where it has several."""

    column: Column
    name: str
    first_day: date
    last_day: date
    multiples: tuple[Multiple, ...]


def small_curves(tables: Iterable[Table]) -> dict[tuple[int, int], Curve]:
    """By facility and indicator; where nothing may be drawn there is none."""
    return {
        (one.row.pk, one.tracked.indicator_id): one.curve
        for table in tables
        for panel in panels_of(table, SMALL)
        for one in panel.multiples
        if one.curve
    }


def panels_of(table: Table, frame: Frame = LARGE) -> Iterator[Panel]:
    """In the order of the overview; what nobody has measured is left out."""
    for number, column in enumerate(table.columns):
        by_indicator: dict[int, list[tuple[Row, Tracked]]] = {}
        for row in table.rows:
            for tracked in row.cells[number].tracked:
                by_indicator.setdefault(tracked.indicator_id, []).append((row, tracked))
        for same in by_indicator.values():
            if any(tracked.figures for _row, tracked in same):
                yield _panel(column, same, frame, is_alone=len(by_indicator) == 1)


def _panel(
    column: Column, same: Sequence[tuple[Row, Tracked]], frame: Frame, *, is_alone: bool
) -> Panel:
    shown = [_drawn(tracked) for _row, tracked in same]
    days = [figure.day for figures in shown for figure in figures]
    # Nothing may be shown of anybody: the pictures say so, and need no scale.
    span = (min(days), max(days)) if days else (date.min, date.min)
    values = [figure.value for figures in shown for figure in figures]
    values += [one.facts.target for _row, one in same if one.facts.target is not None]
    return Panel(
        column,
        "" if is_alone else same[0][1].name,
        *span,
        tuple(
            Multiple(
                row,
                tracked,
                figures[0] if figures else None,
                figures[-1] if figures else None,
                _curve(figures, tracked.facts.target, span, values, frame) if figures else None,
            )
            for (row, tracked), figures in zip(same, shown, strict=True)
        ),
    )


def _drawn(tracked: Tracked) -> list[Figure]:
    """None at all where the latest is hidden."""
    return [] if tracked.is_hidden else tracked.shown_figures[-MOST_POINTS:]


def _curve(
    figures: Sequence[Figure],
    target: Decimal | None,
    span: tuple[date, date],
    values: Sequence[Decimal],
    frame: Frame,
) -> Curve:
    width, height, edge = frame
    least, most = min(values), max(values)

    def y(value: Decimal) -> str:
        share = float((value - least) / (most - least)) if most > least else 0.5
        return coordinate(height - edge - share * (height - 2 * edge))

    days = [span[0], *(figure.day for figure in figures), span[1]]
    xs = along_time(days, edge, width - edge)[1:-1]
    dots = tuple((coordinate(x), y(figure.value)) for x, figure in zip(xs, figures, strict=True))
    return Curve(" ".join(map(",".join, dots)), dots, "" if target is None else y(target))
