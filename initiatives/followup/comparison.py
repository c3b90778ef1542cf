"""How facilities compare factor by factor, per place and week, few people hidden. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from krams.danish.numbers import format_decimal
from krams.privacy.small_counts import HIDDEN, Hidden

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
    counts: Sequence[int | Hidden | None],
    weeks: Decimal,
    whole_weeks: int,
    *,
    total_shown: bool,
) -> list[Rate]:
    """The rates of one factor; the last one is the total, if it is shown.

    ``counts`` are participations in the ``whole_weeks``, as they are told
    (``criteria.few_people.participations``); activities are counted in all ``weeks``.
    """
    shown = [count or 0 for count in counts]
    rates = [
        _rate(held, count, place_count, weeks, whole_weeks)
        for held, count, place_count in zip(sessions, shown, places, strict=True)
    ]
    if total_shown:
        rates.append(_total(sum(sessions), shown, places, weeks, whole_weeks))
    return rates


def _rate(
    held: int, count: int | Hidden, places: int | None, weeks: Decimal, whole_weeks: int
) -> Rate:
    per_place = None
    if places and whole_weeks:
        per_place = HIDDEN if count is HIDDEN else _part(count, Decimal(places * whole_weeks))
    return Rate(held, _part(held, weeks), count, per_place)


def _total(
    held: int,
    shown: Sequence[int | Hidden],
    places: Sequence[int | None],
    weeks: Decimal,
    whole_weeks: int,
) -> Rate:
    """Of the facilities whose participations are shown; the rate of those that have places.

    What is put together from nothing but what is shown gives nothing away.
    """
    told = [(n, number) for n, number in zip(shown, places, strict=True) if n is not HIDDEN]
    if held and not any(n for n, _number in told):
        return _rate(held, HIDDEN, sum(number or 0 for number in places), weeks, whole_weeks)
    counted = [(n, number) for n, number in told if number]
    per_place = None
    if counted and whole_weeks:
        place_count = sum(number for _n, number in counted)
        per_place = _part(sum(n for n, _number in counted), Decimal(place_count * whole_weeks))
    return Rate(held, _part(held, weeks), sum(n for n, _number in told), per_place)


def _part(count: int, of: Decimal) -> Decimal:
    return (Decimal(count) / of).quantize(Decimal("0.01"), ROUND_HALF_UP)
