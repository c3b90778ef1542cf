"""Facilities compared by bars, a picture a factor. Pure.

A bar is participations per place and week. What is hidden has no length, and the axis ends at the
largest rate that is shown, so that no picture tells more than the table.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from krams.danish.numbers import format_decimal
from krams.pictures.scale import length, round_top
from krams.privacy.small_counts import HIDDEN

from ..enums import Factor
from .comparison import Comparison, PlaceWithCount, Rate

# How it is drawn: by its length, as hidden, or not at all: nothing was held, or nobody said how
# many places there are.
Kind = Literal["bar", "hidden", "none", "unknown"]


@dataclass(frozen=True, slots=True)
class Bar:
    """``facility`` is None for all of them together; ``width`` is of 100."""

    facility: PlaceWithCount | None
    rate: Rate
    kind: Kind
    width: str = ""


@dataclass(frozen=True, slots=True)
class FactorBars:
    """``top`` is the rate at which the axis ends."""

    factor: Factor
    bars: tuple[Bar, ...]
    top: Decimal

    @property
    def top_text(self) -> str:
        return format_decimal(self.top)

    @property
    def middle_text(self) -> str:
        return format_decimal(self.top / 2)


def bars_by_factor(found: Comparison) -> Iterator[FactorBars]:
    """The factors in their order; one of which nothing was held anywhere is left out."""
    for number, factor in enumerate(found.factors):
        rates = [(place, rates[number]) for place, rates in _lines(found)]
        if not any(rate.sessions for _place, rate in rates):
            continue
        top = round_top([shown for _place, rate in rates if (shown := _shown(rate)) is not None])
        yield FactorBars(factor, tuple(_bar(place, rate, top) for place, rate in rates), top)


def _lines(found: Comparison) -> Iterator[tuple[PlaceWithCount | None, tuple[Rate, ...]]]:
    yield from zip(found.facilities, found.rates, strict=True)
    if found.totals:
        yield None, found.totals


def _shown(rate: Rate) -> Decimal | None:
    return None if rate.per_place is HIDDEN else rate.per_place


def _bar(place: PlaceWithCount | None, rate: Rate, top: Decimal) -> Bar:
    if not rate.sessions:
        return Bar(place, rate, "none")
    if rate.is_hidden or rate.per_place is HIDDEN:
        return Bar(place, rate, "hidden")
    shown = _shown(rate)
    if shown is None:
        return Bar(place, rate, "unknown")
    return Bar(place, rate, "bar", length(shown, top))
