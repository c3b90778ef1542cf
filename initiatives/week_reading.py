"""Reads a facility's week for the grid: three queries, whatever the number of plans."""

import datetime as dt
from collections import defaultdict

from django.db.models import Exists, OuterRef, Q

from krams.danish import Week, sort_key
from krams.models import Facility

from . import week_grid
from .enums import Outcome
from .models import Activity
from .week_grid import Registered, Said


def read_grid(facility: Facility, week: Week, today: dt.date) -> week_grid.Grid:
    """The plans that run in the week or have a registration in it, in the order of the day."""
    in_week = Activity.objects.standing().filter(held_on__range=(week.monday, week.sunday))
    runs = Q(starts_on__lte=week.sunday) & (Q(ends_on=None) | Q(ends_on__gte=week.monday))
    has_log = Exists(in_week.filter(planned_activity=OuterRef("pk")))
    plans = facility.planned_activities.filter(runs | Q(has_log)).with_pauses()
    ordered = sorted(
        plans, key=lambda plan: (plan.start_time or dt.time.max, sort_key(str(plan)), plan.pk)
    )
    return week_grid.build(
        week,
        today,
        [(planned, planned.as_plan()) for planned in ordered],
        read_registered(facility, week),
        facility.closed_on,
    )


def read_registered(facility: Facility, week: Week) -> dict[week_grid.Key, tuple[Registered, ...]]:
    """What is registered of the week's plans, by plan and day."""
    found = defaultdict(list)
    for activity in activities_of(facility, week):
        key = activity.planned_activity_id, activity.held_on
        found[key].append(registered_as(activity))
    return {key: tuple(registrations) for key, registrations in found.items()}


def activities_of(facility: Facility, week: Week):
    return (
        Activity.objects.standing()
        .for_facility(facility)
        .filter(planned_activity__isnull=False, held_on__range=(week.monday, week.sunday))
        .select_related("registered_by")
        .order_by("pk")
    )


def said_by(activity: Activity) -> Said:
    if activity.outcome == Outcome.HELD:
        return Said(count=activity.participant_count)
    return Said(reason=activity.cancellation_reason)


def registered_as(activity: Activity) -> Registered:
    by = str(activity.registered_by) if activity.registered_by else ""
    return Registered(activity.pk, activity.version, said_by(activity), by)
