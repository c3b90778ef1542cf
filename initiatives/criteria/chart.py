"""The drawing of measurements: a chart on the criterion's page.

Pure geometry, in SVG user units; coordinates are text with a point, since templates would write
numbers the Danish way.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from krams.pictures.scale import along_time, apart, round_step

from .bounds import UNBOUNDED, Bounds
from .status import Point

MOST_POINTS = 12
TOP, BOTTOM, BELOW = 20, 236, 40
# Labels nearer to each other than this would touch.
LEAST_GAP = 44
MOST_TICKS = 6


@dataclass(frozen=True, slots=True)
class Mark:
    """A drawn point; texts are empty where they would touch their neighbours."""

    x: str
    y: str
    text: str
    text_y: str
    day: date | None
    year: str
    is_last: bool


@dataclass(frozen=True, slots=True)
class Tick:
    y: str
    text_y: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Level:
    """The baseline or target as a line across; ``text_x`` and ``text_y`` place its words."""

    y: str
    text_x: str
    text_y: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Chart:
    width: int
    height: int
    left: int
    right: int
    ticks: tuple[Tick, ...]
    line: str
    marks: tuple[Mark, ...]
    goal: Level | None
    base: Level | None


def chart(
    points: Sequence[Point],
    *,
    width: int,
    target: Decimal | None = None,
    baseline: Decimal | None = None,
    bounds: Bounds = UNBOUNDED,
    text: Callable[[Decimal], str] = str,
) -> Chart | None:
    """The last points along time. ``text`` writes a value as it stands beside its point."""
    points = points[-MOST_POINTS:]
    if not points:
        return None
    levels = [level for level in (target, baseline) if level is not None]
    ticks = _ticks([*(point.value for point in points), *levels], bounds)
    scale = _Scale(ticks, BOTTOM, TOP)
    left, right = 44, width - 8
    xs = along_time([point.day for point in points], left + 22, right - 30)
    return Chart(
        width=width,
        height=BOTTOM + BELOW,
        left=left,
        right=right,
        ticks=tuple(
            Tick(f"{scale.y(tick):.1f}", f"{scale.y(tick) + 4:.1f}", tick) for tick in ticks
        ),
        line=" ".join(
            f"{x:.1f},{scale.y(point.value):.1f}" for x, point in zip(xs, points, strict=True)
        ),
        marks=_marks(points, xs, scale, text),
        goal=_goal(target, scale, left),
        base=_base(baseline, scale, points, xs, right),
    )


class _Scale:
    """Values to heights: the largest at ``top``, the smallest ``top`` above the bottom."""

    def __init__(self, values: Sequence[Decimal], bottom: int, top: int) -> None:
        self.least, self.most = min(values), max(values)
        self.top, self.bottom = top, bottom if top == TOP else bottom - top

    def y(self, value: Decimal) -> float:
        if self.most == self.least:
            return (self.top + self.bottom) / 2
        share = float((value - self.least) / (self.most - self.least))
        return self.bottom - share * (self.bottom - self.top)


def _ticks(values: Sequence[Decimal], bounds: Bounds) -> list[Decimal]:
    """Round values around all that is drawn: steps of 1, 2 or 5 times a power of ten.

    Never beyond ``bounds``, nor below 0 where nothing is: a share lies within 0 and 100.
    """
    least, most = min(values), max(values)
    floor = bounds.least if bounds.least is not None or least < 0 else Decimal(0)
    if least == most:
        around = (
            Decimal(10) if (bounds.least, bounds.most) == (Decimal(0), Decimal(100)) else Decimal(1)
        )
        least, most = least - around, most + around
    step = round_step(most - least, MOST_TICKS - 2)
    first = (least / step).to_integral_value(ROUND_FLOOR)
    last = (most / step).to_integral_value(ROUND_CEILING)
    ticks = (number * step for number in range(int(first), int(last) + 1))
    if floor is not None:
        ticks = (max(tick, floor) for tick in ticks)
    if bounds.most is not None:
        ticks = (min(tick, bounds.most) for tick in ticks)
    return list(dict.fromkeys(ticks))


def _marks(
    points: Sequence[Point], xs: Sequence[float], scale: _Scale, text: Callable[[Decimal], str]
) -> tuple[Mark, ...]:
    labelled = apart(xs, LEAST_GAP)
    marks, year = [], None
    for number, (point, x) in enumerate(zip(points, xs, strict=True)):
        y, has_label = scale.y(point.value), number in labelled
        is_new_year = has_label and point.day.year != year
        year = point.day.year if has_label else year
        marks.append(
            Mark(
                x=f"{x:.1f}",
                y=f"{y:.1f}",
                text=text(point.value) if has_label else "",
                text_y=f"{_figure_y(points, number, scale):.1f}",
                day=point.day if has_label else None,
                year=str(year) if is_new_year else "",
                is_last=number == len(points) - 1,
            )
        )
    return tuple(marks)


def _is_low(points: Sequence[Point], number: int) -> bool:
    """Whether the point lies below its neighbours, so that its figure is clear of the line."""
    neighbours = [*points[max(number - 1, 0) : number], *points[number + 1 : number + 2]]
    return bool(neighbours) and all(other.value > points[number].value for other in neighbours)


def _goal(target: Decimal | None, scale: _Scale, left: int) -> Level | None:
    if target is None:
        return None
    y = scale.y(target)
    return Level(f"{y:.1f}", f"{left + 4}", f"{y - 8:.1f}", "start")


def _base(
    baseline: Decimal | None,
    scale: _Scale,
    points: Sequence[Point],
    xs: Sequence[float],
    right: int,
) -> Level | None:
    """Its words stand below the line at the right, or where points and figures are furthest."""
    if baseline is None:
        return None
    y = scale.y(baseline)
    text_y = y + 16
    taken = [
        (x, height)
        for number, (x, point) in enumerate(zip(xs, points, strict=True))
        for height in (scale.y(point.value), _figure_y(points, number, scale))
    ]

    def room(place: float) -> float:
        near = [abs(height - text_y + 4) for x, height in taken if abs(x - place) < 80]
        return min(near, default=99)

    middle = (xs[0] + right) / 2
    if room(right - 60) < 36 and room(middle) > room(right - 60):
        return Level(f"{y:.1f}", f"{middle:.1f}", f"{text_y:.1f}", "middle")
    return Level(f"{y:.1f}", f"{right}", f"{text_y:.1f}", "end")


def _figure_y(points: Sequence[Point], number: int, scale: _Scale) -> float:
    """Where the figure of a point stands: above it, or below a low one if there is room."""
    y = scale.y(points[number].value)
    return y + 22 if _is_low(points, number) and y + 22 < BOTTOM else y - 12
