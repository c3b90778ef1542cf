"""Reads the figures of success criteria at facilities: one query, whatever their number."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from krams.danish.quarters import Quarter
from krams.models import Facility
from krams.privacy.small_counts import Held, average_is_small, share_is_small

from ...documents.queries.versions import put_into_force
from ...enums import FigureAbout, IndicatorKind, LogMeasure
from ...models import FacilityIndicator
from ...sustain.thresholds import USUAL_LEAST_CHANGE, LeastChange
from ..bounds import is_average
from ..few_people import Counts, shown_weeks, weeks_of
from ..figures import Figure, Tracked
from ..status import Facts
from .counted_in_log import this_monday, weekly_counts, weeks_since

_FACTS = ("kind", "direction", "frequency", "starts_on")
_LOG = ("log_measure", "log_factor")
INDICATOR = ("name", "unit", "source", "position", "criterion_id", "about", *_LOG, *_FACTS)
_OWN = ("baseline", "baseline_on", "target", "target_on")
_MEASUREMENT = (
    *("measured_on", "value", "numerator", "denominator", "people", "note"),
    *("registered_by__name", "pk"),
)
_PLACE = ("facility_id", "facility__place_count")
_KEYS = ("pk", *_PLACE, "indicator_id", "followed_on", "in_force_since", *_OWN)
_JOINED = (
    *(f"indicator__{name}" for name in INDICATOR),
    *(f"measurements__{name}" for name in (*_MEASUREMENT, "removed_at")),
)
_place_of = itemgetter("facility_id", "indicator_id")


def tracked_rows(
    followed: QuerySet[FacilityIndicator], more: Sequence[str] = ()
) -> QuerySet[FacilityIndicator, dict[str, Any]]:
    """A row for each measurement of what is ``followed``, for :func:`tracked_of`.

    ``more`` names further columns.
    """
    found = followed.annotate(
        in_force_since=put_into_force("indicator__criterion__initiative")
    ).order_by("indicator__position", "indicator_id", "pk", "measurements__measured_on")
    rows: QuerySet[FacilityIndicator, dict[str, Any]] = found.values(*_KEYS, *_JOINED, *more)
    return rows


def tracked_of(
    rows: list[dict[str, Any]],
    today: date,
    smallest_shown: int,
    more: Sequence[str] = (),
    counted: Iterable[dict[str, Any]] = (),
    least_change: LeastChange = USUAL_LEAST_CHANGE,
) -> list[Tracked]:
    """The indicators with their figures until ``today``; ``rows`` are of :func:`tracked_rows`.

    ``counted`` are rows of :func:`counted_row`, for what the log counts also where nobody has set a
    baseline or a target. One query where some are counted in the activity log, else none.
    """
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


def counted_row(facility_id: int, indicator_id: int, values: dict[str, Any]) -> dict[str, Any]:
    """What the log counts at a facility, as a row of ``tracked_rows``.

    It needs neither a baseline nor a target: everybody who takes part has a log. ``values`` are the
    indicator's, named as in ``INDICATOR``.
    """
    row = dict.fromkeys((*_KEYS, *_JOINED))
    row |= {f"indicator__{name}": values[name] for name in INDICATOR}
    return row | {"facility_id": facility_id, "indicator_id": indicator_id}


def _tracked(
    rows: list[dict[str, Any]],
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
        baseline_is_small=is_average(first["indicator__kind"], first["indicator__about"])
        and average_is_small(None, first["facility__place_count"], smallest_shown),
        more={name: first.get(name) for name in more},
        removed=tuple(figure for removed_at, figure in measured if removed_at),
        **{name: first[f"indicator__{name}"] for name in _LOG},
    )


def _asked_since(row: dict[str, Any]) -> date | None:
    """The later of the two days, as ``Facts.followed_on`` says."""
    since = row["in_force_since"]
    days = [row["followed_on"], since and timezone.localtime(since).date()]
    return max((day for day in days if day), default=None)


def _figure(row: dict[str, Any], smallest_shown: int) -> Figure:
    part, whole = row["measurements__numerator"], row["measurements__denominator"]
    is_of_people = row["indicator__about"] == FigureAbout.PEOPLE
    # What was said before somebody said that it is about something else tells nothing any more.
    people = row["measurements__people"] if is_of_people else None
    is_small = False
    if whole is not None:
        is_small = share_is_small(part, whole, smallest_shown)
    elif is_of_people:
        is_small = average_is_small(people, row["facility__place_count"], smallest_shown)
    return Figure(
        day=row["measurements__measured_on"],
        value=row["measurements__value"],
        numerator=part,
        denominator=whole,
        note=row["measurements__note"],
        people=people,
        by=row["measurements__registered_by__name"],
        pk=row["measurements__pk"],
        is_small=is_small,
    )


def _count_in_log(tracked: list[Tracked], today: date) -> None:
    """Give what is taken from the activity log a figure for each complete week with a log."""
    weeks = [weeks_since(one.facts.starts_on, today) for one in tracked]
    first = min((monday for found in weeks for monday in found), default=None)
    if first is None:
        return
    # Complete quarters: what of a week is told depends on those before it.
    quarter = Quarter.of(first + timedelta(days=6))
    every = [monday for one in quarter.until(today) for monday in weeks_of(one, today)]
    counts = weekly_counts({one.facility_id for one in tracked}, every[0], this_monday(today))
    for one, found in zip(tracked, weeks, strict=True):
        here = counts.get(one.facility_id, {})
        totals = _by_week(here, one.log_factor)
        shown = set(every)
        if one.log_measure == LogMeasure.PARTICIPATIONS:
            shown = shown_weeks(here, one.log_factor, every, one.smallest_shown)
        one.figures = tuple(
            Figure(
                day=monday + timedelta(days=6),
                value=Decimal(count[one.log_measure == LogMeasure.PARTICIPATIONS]),
                numerator=None,
                denominator=None,
                note="",
                by=None,
                is_small=monday not in shown,
            )
            for monday in found
            if (count := totals.get(monday))
        )
        points = tuple(figure.point for figure in one.figures)
        one.facts = replace(one.facts, points=points)


def _by_week(counts: Counts, factor: str) -> dict[date, Held]:
    """Times and participations of a factor, whatever other factors they were for."""
    found: dict[date, Held] = {}
    for (letters, monday), (times, people) in counts.items():
        if factor in letters:
            held, came = found.get(monday, (0, 0))
            found[monday] = held + times, came + people
    return found


def of_facilities(facilities: QuerySet[Facility]) -> QuerySet[FacilityIndicator]:
    """The indicators that are followed at ``facilities``, a QuerySet."""
    return FacilityIndicator.objects.filter(facility__in=facilities, indicator__retired=False)
