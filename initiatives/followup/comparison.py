"""How facilities compare factor by factor, per place and week, few people hidden. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from krams.danish.numbers import format_decimal
from krams.privacy.small_counts import HIDDEN, Hidden, shown_total, suppress

from ..enums import Factor
from ..sustain.rows import Place


@dataclass(frozen=True, slots=True)
class Rate:
    """A facility and a factor. ``participations`` is n; both it and its rate may be hidden.

    ``per_place`` is participations per place and week; None where the facility has no places.
    """

    sessions: int
    sessions_per_week: Decimal
    participations: int | Hidden
    per_place: Decimal | Hidden | None

    @property
    def is_hidden(self) -> bool:
        return self.participations is HIDDEN

    @property
    def sessions_text(self) -> str:
        return format_decimal(self.sessions_per_week, 1)

    @property
    def per_place_text(self) -> str:
        if self.per_place is None or self.per_place is HIDDEN:
            return str(self.per_place or "")
        return format_decimal(self.per_place, 2)


class PlaceWithCount(Place, Protocol):
    @property
    def place_count(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Comparison:
    """``rates`` are by facility, then in the order of ``factors``; so are ``totals``.

    There are no totals for who sees only some of the facilities.
    """

    factors: tuple[Factor, ...]
    facilities: tuple[PlaceWithCount, ...]
    rates: tuple[tuple[Rate, ...], ...]
    totals: tuple[Rate, ...]

    @property
    def without_places(self) -> list[PlaceWithCount]:
        return [facility for facility in self.facilities if not facility.place_count]


def rates_of_factor(
    places: Sequence[int | None],
    sessions: Sequence[int],
    counts: Sequence[int],
    weeks: Decimal,
    smallest_shown: int,
    *,
    total_shown: bool,
) -> list[Rate]:
    """The rates of one factor; the last one is the total, if it is shown."""
    # Where nothing was held everybody sees that nobody took part: that 0 can hide no other count.
    told = [count if held else None for held, count in zip(sessions, counts, strict=True)]
    shown = [count or 0 for count in suppress(told, smallest_shown, total_shown=total_shown)]
    rates = [
        _rate(held, count, place_count, weeks)
        for held, count, place_count in zip(sessions, shown, places, strict=True)
    ]
    if total_shown:
        all_of_them = shown_total(told, smallest_shown)
        rates.append(_total(sum(sessions), all_of_them, shown, places, weeks))
    return rates


def _rate(held: int, count: int | Hidden, places: int | None, weeks: Decimal) -> Rate:
    per_place = None
    if places:
        per_place = HIDDEN if count is HIDDEN else _part(count, places * weeks)
    return Rate(held, _part(held, weeks), count, per_place)


def _total(
    held: int,
    count: int | Hidden,
    shown: Sequence[int | Hidden],
    places: Sequence[int | None],
    weeks: Decimal,
) -> Rate:
    """Where only some facilities have places, their rate is a second total.

    It would give away what the first one protects, so it is shown only where nothing of it is
    hidden.
    """
    counted = [(n, number) for n, number in zip(shown, places, strict=True) if number]
    place_count = sum(number for _n, number in counted)
    if all(places):
        return _rate(held, count, place_count, weeks)
    if not place_count:
        return Rate(held, _part(held, weeks), count, None)
    told = [n for n, _number in counted if n is not HIDDEN]
    if count is HIDDEN or len(told) < len(counted):
        return Rate(held, _part(held, weeks), count, HIDDEN)
    return Rate(held, _part(held, weeks), count, _part(sum(told), place_count * weeks))


def _part(count: int, of: Decimal) -> Decimal:
    return (Decimal(count) / of).quantize(Decimal("0.01"), ROUND_HALF_UP)
