"""What a facility's figures for an indicator say, and what may be shown of them. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import cached_property

from krams.danish.numbers import format_decimal

from ..enums import CriterionStatus
from .status import Facts, Judgement, Point, combine, judge, rounded

NBSP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Figure:
    """A measurement: a share is of ``denominator`` people, an average of ``people``.

    ``is_small``: it is about few people by itself (``krams.privacy.small_counts``) and never shown.
    """

    day: date
    value: Decimal
    numerator: int | None
    denominator: int | None
    note: str
    by: str | None
    pk: int | None = None
    is_small: bool = False
    people: int | None = None

    @property
    def n(self) -> int | None:
        """How many people it is about, where that is known."""
        return self.people if self.denominator is None else self.denominator

    @property
    def point(self) -> Point:
        return Point(self.day, self.value, self.numerator, self.denominator)


@dataclass
class Tracked:
    """An indicator at a facility, with its figures in the order of their days.

    What is hidden cannot be read from anything else here: statuses and marks rest on shown figures
    only. ``is_own``: the reader may enter figures there and looks at its own page, so nothing is
    hidden. ``baseline_is_small``: one that is no measurement is about few people, as far as anybody
    knows. ``more`` has what the reader asked for besides.
    """

    facility_id: int
    indicator_id: int
    criterion_id: int
    name: str
    unit: str
    kind: str
    source: str
    facts: Facts
    figures: tuple[Figure, ...]
    today: date
    removed: tuple[Figure, ...] = ()
    log_measure: str = ""
    log_factor: str = ""
    smallest_shown: int = 1
    baseline_is_small: bool = False
    is_own: bool = False
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def latest(self) -> Figure | None:
        return self.figures[-1] if self.figures else None

    @property
    def shown_figures(self) -> list[Figure]:
        return [figure for figure in self.figures if not self.hides(figure)]

    def hides(self, figure: Figure) -> bool:
        return figure.is_small and not self.is_own

    @property
    def baseline_is_hidden(self) -> bool:
        """The baseline is often the first measurement; then it is hidden with it, also once that
        has been removed.
        """
        if self.facts.baseline is None:
            return False
        day = self.facts.baseline_on
        for figures in (self.figures, self.removed):
            if measured := [self.hides(figure) for figure in figures if figure.day == day]:
                return any(measured)
        return self.baseline_is_small and not self.is_own

    @property
    def baseline(self) -> Decimal | None:
        return None if self.baseline_is_hidden else self.facts.baseline

    @property
    def is_hidden(self) -> bool:
        return (latest := self.latest) is not None and self.hides(latest)

    @property
    def before(self) -> Figure | None:
        return self.figures[-2] if len(self.figures) > 1 else None

    @property
    def shown_facts(self) -> Facts:
        """What may be concluded from: neither hidden figures nor a hidden baseline."""
        points = tuple(figure.point for figure in self.shown_figures)
        return replace(self.facts, points=points, baseline=self.baseline)

    def judged_on(self, day: date) -> Judgement:
        """As on ``day``, from what is shown; a hidden figure has no status and is not worse."""
        if self.is_hidden:
            return replace(judge(self.facts, day), status=None, is_worse=False, is_better=False)
        found = judge(self.shown_facts, day)
        if self.before and not self.hides(self.before):
            return found
        return replace(found, is_worse=False, is_better=False)

    @cached_property
    def judgement(self) -> Judgement:
        return self.judged_on(self.today)

    @property
    def status(self) -> CriterionStatus | None:
        return self.judgement.status

    @property
    def is_worse(self) -> bool:
        return self.judgement.is_worse

    @property
    def is_stale(self) -> bool:
        """Measured, but too long ago."""
        return bool(self.latest) and self.judgement.is_overdue

    @property
    def is_better(self) -> bool:
        return self.judgement.is_better

    @property
    def went_up(self) -> bool:
        """Which way the arrow points; whether that is good is another matter."""
        before, latest = self.before, self.latest
        return before is not None and latest is not None and latest.value > before.value

    @property
    def shown_before(self) -> Figure | None:
        """The share of people before the latest, where it may be shown beside it."""
        before = self.before
        return before if before and before.denominator and not self.hides(before) else None

    @property
    def n(self) -> int | None:
        return self.latest.n if self.latest else None

    def text(self, value: Decimal | None) -> str:
        return figure_text(value, self.unit, self.kind)

    @property
    def latest_text(self) -> str:
        return self.text(self.latest.value) if self.latest else ""

    @property
    def target_text(self) -> str:
        return self.text(self.facts.target)


def figure_text(value: Decimal | None, unit: str, kind: str) -> str:
    """A figure with its unit, as it is judged too (:func:`initiatives.criteria.status.rounded`)."""
    if value is None:
        return ""
    return f"{format_decimal(rounded(value, kind))}{NBSP}{unit}".rstrip()


def combined_status(tracked: Iterable[Tracked]) -> CriterionStatus | None:
    """The computed status of a criterion at a facility, from its indicators there."""
    return combine(Judgement(one.status) for one in tracked)
