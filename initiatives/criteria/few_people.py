"""Which figures of a criterion are hidden because they are about few people. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

from krams.danish.quarters import Quarter
from krams.privacy.small_counts import (
    HIDDEN,
    Hidden,
    Share,
    shown_total_share,
    suppress,
    suppress_shares,
)

from ..enums import IndicatorKind
from .figures import Tracked, figure_text


@dataclass(frozen=True, slots=True)
class Total:
    """The share of all places together, from their latest figures; None where there is none."""

    value: Decimal | Hidden | None
    n: int | None = None

    @property
    def is_hidden(self) -> bool:
        return self.value is HIDDEN

    @property
    def text(self) -> str:
        # Who asks for the text of a hidden one has forgotten to ask whether it is hidden.
        assert self.value is not HIDDEN
        return figure_text(self.value, "%", IndicatorKind.SHARE)


def hide_small(same_indicator: Sequence[Tracked], *, total_shown: bool) -> None:
    """Mark the latest figures of one indicator that would give away one about few people.

    Who sees the total too could subtract, so further figures are hidden until that tells nothing
    (``krams.privacy.small_counts.suppress_shares``). The page of a single place must be given the
    same places, or it would show what the overview hides; and all of them must say of which places
    the reader sees everything (``Tracked.is_known``).
    """
    if not same_indicator:
        return
    shown = suppress_shares(
        _latest_shares(same_indicator),
        same_indicator[0].smallest_shown,
        total_shown=total_shown,
        known=_known(same_indicator),
    )
    for one, share in zip(same_indicator, shown, strict=True):
        one.hides_latest = share is HIDDEN


def total_of(same_indicator: Sequence[Tracked]) -> Total:
    """The share of all places together; belongs to ``hide_small(..., total_shown=True)``."""
    shares = _latest_shares(same_indicator)
    if len(shares) - shares.count(None) < 2:
        return Total(None)
    total = shown_total_share(shares, same_indicator[0].smallest_shown, _known(same_indicator))
    if total is HIDDEN:
        return Total(HIDDEN)
    part, whole = total
    return Total(Decimal(100 * part) / whole, whole)


def _known(same_indicator: Sequence[Tracked]) -> list[int]:
    return [place for place, one in enumerate(same_indicator) if one.is_known]


def _latest_shares(same_indicator: Sequence[Tracked]) -> list[Share | None]:
    return [_latest_share(one) for one in same_indicator]


def _latest_share(one: Tracked) -> Share | None:
    latest = one.latest
    if latest is None or not latest.denominator:
        return None
    assert latest.numerator is not None, "a whole has its part"
    return latest.numerator, latest.denominator


def small_weeks(
    mondays: Sequence[date], counts: Sequence[tuple[int, int]], smallest_shown: int
) -> list[bool]:
    """Which weeks' participations must not be shown; ``counts`` are sessions and participations.

    The comparison of facilities shows the sum of a quarter, so a small week must not be what is
    left over when the other weeks are taken from it. Where nothing was held everybody sees that
    nobody took part: that 0 can hide no other count.
    """
    quarters = [Quarter.of(monday + timedelta(days=6)) for monday in mondays]
    small = []
    for _quarter, weeks in groupby(zip(quarters, counts, strict=True), itemgetter(0)):
        told = [people if held else None for _same, (held, people) in weeks]
        small += [count is HIDDEN for count in suppress(told, smallest_shown)]
    return small
