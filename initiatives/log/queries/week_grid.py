"""Reads a facility's week for the grid: four queries, whatever the number of plans."""

import datetime as dt
from collections import defaultdict
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from krams.danish.collation import sort_key
from krams.danish.weeks import Week
from krams.database.prepared import prepared
from krams.models import Facility

from ...enums import Outcome
from ...models import Activity, PlannedActivity
from ...plans.queries.week_plan import read_pauses
from .. import week_grid
from ..models import ActivityQuerySet
from ..registration import Registration
from ..week_grid import Registered, Said
from .registrations import as_rows


@prepared
def _plans(facility: Facility, monday: dt.date, sunday: dt.date) -> QuerySet[PlannedActivity]:
    in_week = Activity.objects.standing().filter(held_on__range=(monday, sunday))
    runs = Q(starts_on__lte=sunday) & (Q(ends_on=None) | Q(ends_on__gte=monday))
    has_log = Exists(in_week.filter(planned_activity=OuterRef("pk")))
    mine = PlannedActivity.objects.filter(runs | Q(has_log), facility=facility)
    return mine.select_related("activity_type").order_by()


def read_grid(facility: Facility, week: Week, today: dt.date) -> week_grid.Grid:
    """The plans that run in the week or have a registration in it, in the order of the day."""
    first, last = week.monday, week.sunday
    plans, pauses = _plans(facility, first, last), read_pauses(facility, first, last)
    ordered = sorted(
        plans, key=lambda plan: (plan.start_time or dt.time.max, sort_key(str(plan)), plan.pk)
    )
    registered: defaultdict[tuple[int, dt.date], list[Registered]] = defaultdict(list)
    unplanned: list[Registration] = []
    for activity in (Registration(*row) for row in _shown(facility, first, last)):
        if activity.planned_activity_id:
            key = activity.planned_activity_id, activity.held_on
            registered[key].append(registered_as(activity))
        else:
            unplanned.append(activity)
    grid = week_grid.build(
        week,
        today,
        [(planned, planned.as_plan(pauses.get(planned.pk, ()))) for planned in ordered],
        registered,
        facility.closed_on,
        _counts_of_last_week(facility, week),
    )
    unplanned.sort(key=lambda one: (one.held_on, one.started_at or dt.time.max, one.pk))
    grid.unplanned = unplanned
    return grid


@prepared
def _shown(
    facility: Facility, monday: dt.date, sunday: dt.date
) -> QuerySet[Activity, tuple[Any, ...]]:
    return as_rows(_of_days(facility, monday, sunday))


@prepared
def _counts(
    facility: Facility, first: dt.date, last: dt.date
) -> QuerySet[Activity, tuple[Any, ...]]:
    held = _of_days(facility, first, last).filter(
        planned_activity__isnull=False, outcome=Outcome.HELD, participant_count__isnull=False
    )
    return held.order_by().values_list("planned_activity_id", "held_on", "participant_count")


def _counts_of_last_week(facility: Facility, week: Week) -> dict[tuple[int, dt.date], int]:
    """How many took part by plan and day; none of a day that has several registrations."""
    before, found, several = week - 1, {}, set()
    for plan, day, count in _counts(facility, before.monday, before.sunday):
        if (plan, day) in found:
            several.add((plan, day))
        found[plan, day] = count
    return {key: count for key, count in found.items() if key not in several}


@prepared
def _plans_activities(facility: Facility, monday: dt.date, sunday: dt.date) -> QuerySet[Activity]:
    planned = _of_days(facility, monday, sunday).filter(planned_activity__isnull=False)
    return planned.select_related("registered_by", "planned_activity")


def activities_of_plans(facility: Facility, week: Week) -> list[Activity]:
    """What is registered of the plans in the week, as rows that can be changed."""
    return _plans_activities(facility, week.monday, week.sunday)


def _of_days(facility: Facility, monday: dt.date, sunday: dt.date) -> ActivityQuerySet:
    mine = Activity.objects.standing().for_facility(facility)
    return mine.filter(held_on__range=(monday, sunday)).order_by("pk")


def said_by(activity: Activity | Registration) -> Said:
    if activity.outcome == Outcome.HELD:
        return Said(count=activity.participant_count)
    return Said(reason=activity.cancellation_reason, words=activity.cancellation_text)


def registered_as(activity: Activity | Registration) -> Registered:
    by = str(activity.registered_by) if activity.registered_by else ""
    return Registered(activity.pk, activity.version, said_by(activity), by)
