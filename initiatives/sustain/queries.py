"""Plans and their logs, read for whoever judges them; each function is one query.

Where a rhythm was changed one activity is several rows, each replacing the one before
(``expected.chain``).
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from django.db.models import F, QuerySet

from krams.danish.weeks import Week
from krams.models import Facility

from ..models import FollowUpSettings, PlanCount, PlannedActivity
from .expected import Pause, Plan
from .thresholds import Thresholds
from .weeks import Log

if TYPE_CHECKING:
    # Known to mypy alone: an installation has no stubs.
    from django_stubs_ext import WithAnnotations


class PauseColumns(TypedDict):
    """Of one pause of a plan; None where it has none."""

    pause_id: int
    pause_version: int
    paused_from: dt.date | None
    paused_until: dt.date | None
    paused_because: str
    paused_with_house: int | None


PlanWithPause: TypeAlias = "WithAnnotations[PlannedActivity, PauseColumns]"


def thresholds_of(facility: Facility) -> Thresholds:
    """When a plan counts as holding there; the defaults where the municipality has said nothing."""
    return FollowUpSettings.of(facility.department.municipality).thresholds()


def read_plans(
    queryset: QuerySet[PlannedActivity], today: dt.date
) -> tuple[dict[int, PlannedActivity], dict[int, Plan]]:
    """Rows and plans by id: the pauses are joined in and put together again.

    A row whose plan is paused today has ``current_pause``, that pause's id and version.
    """
    return put_together(with_pauses(queryset), today)


def with_pauses(queryset: QuerySet[PlannedActivity]) -> QuerySet[PlanWithPause]:
    """A row for each pause of a plan, or one where it has none; for ``put_together``."""
    return queryset.annotate(
        pause_id=F("pauses__pk"),
        pause_version=F("pauses__version"),
        paused_from=F("pauses__starts_on"),
        paused_until=F("pauses__restarts_on"),
        paused_because=F("pauses__reason"),
        paused_with_house=F("pauses__facility_pause"),
    ).order_by("pk", "pauses__starts_on")


def put_together(
    joined: Iterable[PlanWithPause], today: dt.date
) -> tuple[dict[int, PlannedActivity], dict[int, Plan]]:
    """What ``read_plans`` gives, of rows that were read ``with_pauses``."""
    rows: dict[int, PlannedActivity] = {}
    pauses = defaultdict(list)
    for row in joined:
        kept = rows.setdefault(row.pk, row)
        if row.paused_from:
            pause = Pause(
                row.paused_from,
                row.paused_until,
                row.paused_because,
                row.paused_with_house is not None,
            )
            pauses[row.pk].append(pause)
            if pause.covers(today):
                kept.current_pause = row.pause_id, row.pause_version
    plans = {
        row.pk: Plan(
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            weekdays=row.weekday_list,
            times_per_week=row.times_per_week,
            pauses=tuple(pauses[row.pk]),
            repeats=row.repeats,
            anchor=row.anchor,
            on_holidays=row.on_holidays,
        )
        for row in rows.values()
    }
    return rows, plans


def read_logs(counts: Iterable[PlanCount], rows: Iterable[PlannedActivity]) -> dict[int, Log]:
    """What was held and cancelled of each plan by week; ``rows`` know when they were last held.

    ``counts`` are of ``WeekSummary.objects.counts()``.
    """
    logs: defaultdict[int, Log] = defaultdict(Log)
    for plan, monday, fate, times in counts:
        logs[plan].add(Week.of(monday), fate, times)
    for row in rows:
        recall(logs[row.pk].held, row)
    return logs


def recall(held: Counter[Week], row: PlannedActivity) -> None:
    """Count the last time also where it lies before the window that was read.

    What was held once has not just begun.
    """
    if row.last_held_on:
        held.setdefault(Week.of(row.last_held_on), 1)
