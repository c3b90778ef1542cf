"""Ready-made indicators with their Danish source, from ``fixtures/indicators.toml``.

They are offered when an indicator is added, and never forced: what is taken over is only what the
form begins with.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from krams.seeding.facts_files import FIXTURES, Entry, read_facts

from ..enums import Direction, Factor, FigureAbout, Frequency, IndicatorKind, LogMeasure
from ..fields import factors_of

_TEXTS = ("key", "factors", "name", "unit", "source", "fact")


@dataclass(frozen=True, slots=True)
class Offer:
    """``fact`` is what the source says, in our own words; ``valid_from`` where it gives a day."""

    key: str
    factors: str
    name: str
    unit: str
    source: str
    fact: str
    kind: IndicatorKind
    direction: Direction
    frequency: Frequency
    about: FigureAbout = FigureAbout.PEOPLE
    log_measure: str = ""
    log_factor: str = ""
    valid_from: dt.date | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None

    @property
    def is_undated(self) -> bool:
        """Rests on somebody's word that has no day; one's own log needs none."""
        return self.valid_from is None and self.kind != IndicatorKind.LOG

    @property
    def factor_list(self) -> tuple[Factor, ...]:
        return factors_of(self.factors)

    def initial(self) -> dict[str, Any]:
        """What the form of an indicator begins with."""
        names: tuple[str, ...] = (
            "name",
            "direction",
            "unit",
            "frequency",
            "source",
            "log_measure",
            "log_factor",
        )
        names += ("about", "minimum", "maximum")
        return {name: getattr(self, name) for name in names}


@cache
def offers() -> tuple[Offer, ...]:
    """All of them in the file's order. Raises ``FactsError`` for a slip in the file."""
    rows = read_facts(FIXTURES / "indicators.toml").only("indicators").tables("indicators")
    return tuple(_offer(row) for row in rows)


def offers_for(letters: str) -> list[Offer]:
    """All, those of the criterion's own factors first."""
    return sorted(offers(), key=lambda offer: not set(offer.factors) & set(letters))


def offer_of(key: str) -> Offer | None:
    return next((offer for offer in offers() if offer.key == key), None)


def range_of(row: Entry) -> dict[str, Decimal]:
    """``minimum`` and ``maximum`` where the file gives them. Raises ``FactsError``."""
    found = {}
    for name in ("minimum", "maximum"):
        if name in row:
            if type(row[name]) not in (int, float):
                raise row.refuse(_("%(value)s is no figure") % {"value": row[name]})
            found[name] = Decimal(str(row[name]))
    return found


def _offer(row: Entry) -> Offer:
    row.only(
        *_TEXTS,
        *("kind", "direction", "frequency", "log_measure", "log_factor"),
        *("valid_from", "minimum", "maximum"),
    )
    kind = row.choice("kind", IndicatorKind)
    is_counted = kind == IndicatorKind.LOG
    limits = range_of(row)
    return Offer(
        **{name: row[name] for name in _TEXTS},
        kind=kind,
        direction=row.choice("direction", Direction),
        frequency=row.choice("frequency", Frequency),
        valid_from=row.get("valid_from", None),
        minimum=limits.get("minimum"),
        maximum=limits.get("maximum"),
        log_measure=row.choice("log_measure", LogMeasure) if is_counted else "",
        log_factor=row.choice("log_factor", Factor) if is_counted else "",
    )
