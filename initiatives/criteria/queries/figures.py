"""The figures of success criteria at facilities: one query, whatever their number."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

from django.utils import timezone
from django.utils.functional import cached_property

from krams.danish.numbers import format_decimal
from krams.privacy.small_counts import (
    HIDDEN,
    Hidden,
    Share,
    share_is_small,
    shown_total_share,
    suppress_shares,
)

from ...documents.queries.versions import put_into_force
from ...enums import CriterionStatus, IndicatorKind, LogMeasure
from ...models import FacilityIndicator
from ...sustain.thresholds import USUAL_LEAST_CHANGE, LeastChange
from ..chart import Spark, spark
from ..status import Facts, Judgement, Point, combine, judge, rounded
from .counted_in_log import small_weeks, weekly_counts, weeks_since

NBSP = "\N{NO-BREAK SPACE}"
_FACTS = ("kind", "direction", "frequency", "starts_on")
_LOG = ("log_measure", "log_factor")
INDICATOR = ("name", "unit", "source", "position", "criterion_id", *_LOG, *_FACTS)
_OWN = ("baseline", "baseline_on", "target", "target_on")
_MEASUREMENT = (
    *("measured_on", "value", "numerator", "denominator", "note"),
    *("registered_by__name", "pk"),
)
_KEYS = ("pk", "facility_id", "indicator_id", "followed_on", "in_force_since", *_OWN)
_JOINED = (
    *(f"indicator__{name}" for name in INDICATOR),
    *(f"measurements__{name}" for name in (*_MEASUREMENT, "removed_at")),
)
_place_of = itemgetter("facility_id", "indicator_id")


@dataclass(frozen=True, slots=True)
class Figure:
    """A measurement; ``denominator`` is n, the number of people that a share is about.

    ``is_small``: it is about few people by itself (:mod:`krams.privacy.free_text`) and never shown.
    """

    day: date
    value: Decimal
    numerator: int | None
    denominator: int | None
    note: str
    by: str | None
    pk: int | None = None
    is_small: bool = False

    @property
    def point(self) -> Point:
        return Point(self.day, self.value, self.numerator, self.denominator)


@dataclass
class Tracked:
    """An indicator at a facility, with its figures in the order of their days.

    ``hides_latest``: the latest figure would give away another place that is about few people
    (``hide_small``). What is hidden cannot be read from anything else here: statuses and marks
    rest on shown figures only. ``is_own``: the reader may enter figures there and looks at
    its own page, so nothing is hidden. ``more`` has what the reader asked for besides.
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
    hides_latest: bool = False
    is_own: bool = False
    more: dict = field(default_factory=dict)

    @property
    def latest(self) -> Figure | None:
        return self.figures[-1] if self.figures else None

    @property
    def shown_figures(self) -> list[Figure]:
        return [figure for figure in self.figures if not self.hides(figure)]

    def hides(self, figure: Figure) -> bool:
        if self.is_own:
            return False
        return figure.is_small or (self.hides_latest and figure is self.latest)

    @property
    def baseline_is_hidden(self) -> bool:
        """The baseline is often the first measurement; then it is hidden with it."""
        day = self.facts.baseline_on
        return any(figure.day == day and self.hides(figure) for figure in self.figures)

    @property
    def baseline(self) -> Decimal | None:
        return None if self.baseline_is_hidden else self.facts.baseline

    @property
    def is_hidden(self) -> bool:
        return bool(self.latest) and self.hides(self.latest)

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
        return bool(self.before) and self.latest.value > self.before.value

    @property
    def shown_before(self) -> Figure | None:
        """The share of people before the latest, where it may be shown beside it."""
        before = self.before
        return before if before and before.denominator and not self.hides(before) else None

    @property
    def n(self) -> int | None:
        return self.latest.denominator if self.latest else None

    @cached_property
    def spark(self) -> Spark | None:
        if self.is_hidden:
            return None
        return spark([figure.value for figure in self.shown_figures], self.facts.target)

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


def read_tracked(
    queryset,
    today: date,
    smallest_shown: int,
    more: Sequence[str] = (),
    counted: Iterable[dict] = (),
    least_change: LeastChange = USUAL_LEAST_CHANGE,
) -> list[Tracked]:
    """The indicators of ``queryset`` (of ``FacilityIndicator``) with their figures until ``today``.

    ``more`` names further columns. ``counted`` are rows of :func:`counted_row`, for what the log
    counts also where nobody has set a baseline or a target. One query, and one more where some are
    counted in the activity log.
    """
    found = queryset.annotate(
        in_force_since=put_into_force("indicator__criterion__initiative")
    ).order_by("indicator__position", "indicator_id", "pk", "measurements__measured_on")
    rows = list(found.values(*_KEYS, *_JOINED, *more))
    followed = {_place_of(row) for row in rows}
    rows += [row for row in counted if _place_of(row) not in followed]
    # As the query has sorted them; what is only counted has no number of its own and comes last.
    rows.sort(key=lambda row: (row["indicator__position"], row["indicator_id"], row["pk"] is None))
    tracked = [
        _tracked(list(same), today, smallest_shown, more, least_change)
        for _place, same in groupby(rows, _place_of)
    ]
    _count_in_log([one for one in tracked if one.kind == IndicatorKind.LOG], today)
    return tracked


def counted_row(facility_id: int, indicator_id: int, values: dict) -> dict:
    """What the log counts at a facility, as a row of ``read_tracked``.

    It needs neither a baseline nor a target: everybody who takes part has a log. ``values`` are the
    indicator's, named as in ``INDICATOR``.
    """
    row = dict.fromkeys((*_KEYS, *_JOINED))
    row |= {f"indicator__{name}": values[name] for name in INDICATOR}
    return row | {"facility_id": facility_id, "indicator_id": indicator_id}


def _tracked(
    rows: list[dict],
    today: date,
    smallest_shown: int,
    more: Sequence[str],
    least_change: LeastChange,
) -> Tracked:
    first = rows[0]
    measured = [
        (row["measurements__removed_at"], _figure(row, smallest_shown))
        for row in rows
        if row["measurements__measured_on"] and row["measurements__measured_on"] <= today
    ]
    figures = tuple(figure for removed_at, figure in measured if removed_at is None)
    facts = Facts(
        **{name: first[f"indicator__{name}"] for name in _FACTS},
        **{name: first[name] for name in _OWN},
        followed_on=_asked_since(first),
        points=tuple(figure.point for figure in figures),
        least_change=least_change,
    )
    return Tracked(
        facility_id=first["facility_id"],
        indicator_id=first["indicator_id"],
        criterion_id=first["indicator__criterion_id"],
        name=first["indicator__name"],
        unit=first["indicator__unit"],
        kind=first["indicator__kind"],
        source=first["indicator__source"],
        facts=facts,
        figures=figures,
        today=today,
        smallest_shown=smallest_shown,
        more={name: first[name] for name in more},
        removed=tuple(figure for removed_at, figure in measured if removed_at),
        **{name: first[f"indicator__{name}"] for name in _LOG},
    )


def _asked_since(row: dict) -> date | None:
    """The later of the two days, as ``Facts.followed_on`` says."""
    since = row["in_force_since"]
    days = [row["followed_on"], since and timezone.localtime(since).date()]
    return max((day for day in days if day), default=None)


def _figure(row: dict, smallest_shown: int) -> Figure:
    part, whole = row["measurements__numerator"], row["measurements__denominator"]
    is_small = whole is not None and share_is_small(part, whole, smallest_shown)
    return Figure(*(row[f"measurements__{name}"] for name in _MEASUREMENT), is_small)


def _count_in_log(tracked: list[Tracked], today: date) -> None:
    """Give what is taken from the activity log a figure for each complete week with a log."""
    weeks = [weeks_since(one.facts.starts_on, today) for one in tracked]
    mondays = [monday for found in weeks for monday in found]
    if not mondays:
        return
    before = max(mondays) + timedelta(weeks=1)
    counts = weekly_counts({one.facility_id for one in tracked}, min(mondays), before)
    for one, found in zip(tracked, weeks, strict=True):
        keys = [(one.facility_id, one.log_factor, monday) for monday in found]
        found = [key[-1] for key in keys if key in counts]
        of_weeks = [counts[key] for key in keys if key in counts]
        small = [False] * len(found)
        if one.log_measure == LogMeasure.PARTICIPATIONS:
            small = small_weeks(found, of_weeks, one.smallest_shown)
        one.figures = tuple(
            Figure(
                day=monday + timedelta(days=6),
                value=Decimal(count[one.log_measure == LogMeasure.PARTICIPATIONS]),
                numerator=None,
                denominator=None,
                note="",
                by=None,
                is_small=is_small,
            )
            for monday, count, is_small in zip(found, of_weeks, small, strict=True)
        )
        points = tuple(figure.point for figure in one.figures)
        one.facts = replace(one.facts, points=points)


def of_facilities(facilities):
    """The indicators that are followed at ``facilities``, a QuerySet."""
    return FacilityIndicator.objects.filter(facility__in=facilities, indicator__retired=False)


def combined_status(tracked: Iterable[Tracked]) -> CriterionStatus | None:
    """The computed status of a criterion at a facility, from its indicators there."""
    return combine(Judgement(one.status) for one in tracked)


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
        return figure_text(self.value, "%", IndicatorKind.SHARE)


def hide_small(same_indicator: Sequence[Tracked], *, total_shown: bool) -> None:
    """Mark the latest figures of one indicator that would give away one about few people.

    Who sees the total too could subtract, so further figures are hidden until that tells nothing
    (``krams.privacy.free_text.suppress_shares``). The page of a single place must be given the same places,
    or it would show what the overview hides.
    """
    if not same_indicator:
        return
    shown = suppress_shares(
        _latest_shares(same_indicator), same_indicator[0].smallest_shown, total_shown=total_shown
    )
    for one, share in zip(same_indicator, shown, strict=True):
        one.hides_latest = share is HIDDEN


def total_of(same_indicator: Sequence[Tracked]) -> Total:
    """The share of all places together; belongs to ``hide_small(..., total_shown=True)``."""
    shares = _latest_shares(same_indicator)
    if len(shares) - shares.count(None) < 2:
        return Total(None)
    total = shown_total_share(shares, same_indicator[0].smallest_shown)
    if total is HIDDEN:
        return Total(HIDDEN)
    part, whole = total
    return Total(Decimal(100 * part) / whole, whole)


def _latest_shares(same_indicator: Sequence[Tracked]) -> list[Share | None]:
    return [
        (one.latest.numerator, one.latest.denominator) if one.n else None for one in same_indicator
    ]
