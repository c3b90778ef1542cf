"""Reads a facility's week for the grid: three queries, whatever the number of plans."""

import datetime as dt
from collections import defaultdict

from django.db.models import Exists, OuterRef, Q, QuerySet

from krams.danish.collation import sort_key
from krams.danish.weeks import Week
from krams.models import Facility

from ...enums import Outcome
from ...models import Activity
from .. import week_grid
from ..week_grid import Registered, Said


def read_grid(facility: Facility, week: Week, today: dt.date) -> week_grid.Grid:
    """The plans that run in the week or have a registration in it, in the order of the day."""
    in_week = Activity.objects.standing().filter(held_on__range=(week.monday, week.sunday))
    runs = Q(starts_on__lte=week.sunday) & (Q(ends_on=None) | Q(ends_on__gte=week.monday))
    has_log = Exists(in_week.filter(planned_activity=OuterRef("pk")))
    plans = facility.planned_activities.filter(runs | Q(has_log)).with_pauses()
    ordered = sorted(
        plans, key=lambda plan: (plan.start_time or dt.time.max, sort_key(str(plan)), plan.pk)
    )
    registered: defaultdict[tuple[int, dt.date], list[Registered]] = defaultdict(list)
    unplanned: list[Activity] = []
    for activity in activities_of(facility, week):
        if activity.planned_activity_id:
            key = activity.planned_activity_id, activity.held_on
            registered[key].append(registered_as(activity))
        else:
            unplanned.append(activity)
    grid = week_grid.build(
        week,
        today,
        [(planned, planned.as_plan()) for planned in ordered],
        registered,
        facility.closed_on,
    )
    unplanned.sort(key=lambda one: (one.held_on, one.started_at or dt.time.max, one.pk))
    grid.unplanned = unplanned
    return grid


def activities_of(facility: Facility, week: Week) -> QuerySet[Activity]:
    return (
        Activity.objects.standing()
        .for_facility(facility)
        .filter(held_on__range=(week.monday, week.sunday))
        .select_related("registered_by")
        .order_by("pk")
    )


def said_by(activity: Activity) -> Said:
    if activity.outcome == Outcome.HELD:
        return Said(count=activity.participant_count)
    return Said(reason=activity.cancellation_reason, words=activity.cancellation_text)


def registered_as(activity: Activity) -> Registered:
    by = str(activity.registered_by) if activity.registered_by else ""
    return Registered(activity.pk, activity.version, said_by(activity), by)
