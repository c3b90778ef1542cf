"""Scales of drawings: round numbers along an axis, and places that are far enough apart.

Pure. Coordinates are text with a point, since a template would write numbers the Danish way.
"""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_CEILING, Decimal


def round_step(span: Decimal, most: int = 4) -> Decimal:
    """The least of 1, 2 and 5 times a power of ten of which ``most`` cover ``span``.

    Raises ValueError where the span is not above 0.
    """
    if span <= 0:
        raise ValueError("a scale covers something")
    rough = span / most
    power = Decimal(1).scaleb(rough.adjusted())
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)


def round_top(values: Sequence[Decimal]) -> Decimal:
    """The end of an axis from 0 that has room for all values; 1 where none is above 0."""
    most = max(values, default=Decimal(0))
    if most <= 0:
        return Decimal(1)
    step = round_step(most)
    return step * (most / step).to_integral_value(ROUND_CEILING)


def length(value: Decimal | int, most: Decimal | int, whole: float = 100) -> str:
    """How long a bar of ``value`` is where one of ``most`` is ``whole``; never longer than that."""
    if most <= 0 or value <= 0:
        return "0"
    return coordinate(min(float(value) / float(most), 1) * whole)


def coordinate(value: float) -> str:
    return f"{value:.1f}"


def along_time(days: Sequence[date], first: float, last: float) -> list[float]:
    """Days in their order, from ``first`` to ``last``; all in the middle where they are one day."""
    span = (days[-1] - days[0]).days if days else 0
    if not span:
        return [(first + last) / 2] * len(days)
    return [first + (last - first) * (day - days[0]).days / span for day in days]


def apart(places: Sequence[float], gap: float) -> set[int]:
    """Which of the places, in their order, may have words: the last, and back those with room."""
    chosen, near = set(), float("inf")
    for number in reversed(range(len(places))):
        if near - places[number] >= gap:
            chosen.add(number)
            near = places[number]
    return chosen
