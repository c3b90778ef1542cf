"""Reads whose address it is, and what stands in the calendar of a facility: four queries."""

import datetime as dt
from collections import defaultdict
from typing import Any

from django.db.models import QuerySet

from krams.database.prepared import prepared
from krams.models import Facility

from ..enums import MeetingKind, Outcome
from ..models import Activity, CalendarLink, Meeting, PlannedActivity
from ..sustain.queries import PlanWithPause, put_together, with_pauses
from .feed import Met, Planned, Window
from .secrets import hash_of


@prepared
def _facility(token_hash: str) -> QuerySet[Facility]:
    return Facility.objects.filter(calendar_link__token_hash=token_hash).order_by()


def facility_of(token: str) -> Facility | None:
    """Whose calendar the secret opens; None for one that is unknown, renewed or closed."""
    return next(iter(_facility(hash_of(token))), None)


@prepared
def _link(facility: Facility) -> QuerySet[CalendarLink]:
    return CalendarLink.objects.filter(facility=facility).order_by()


def link_of(facility: Facility) -> CalendarLink | None:
    """The address of the facility, open or closed; None where there was never one."""
    return next(iter(_link(facility)), None)


@prepared
def _plans(facility: Facility, first: dt.date, last: dt.date) -> QuerySet[PlanWithPause]:
    here = PlannedActivity.objects.filter(facility=facility).in_force(first, last)
    return with_pauses(here.exclude(weekdays="").select_related("activity_type"))


@prepared
def _cancelled(
    facility: Facility, first: dt.date, last: dt.date
) -> QuerySet[Activity, tuple[int | None, dt.date]]:
    log = Activity.objects.standing().for_facility(facility)
    mine = log.filter(outcome=Outcome.CANCELLED, held_on__range=(first, last))
    return mine.order_by().values_list("planned_activity_id", "held_on")


@prepared
def _meetings(
    facility: Facility, first: dt.date, last: dt.date
) -> QuerySet[Meeting, tuple[Any, ...]]:
    mine = Meeting.objects.standing().of_place(facility=facility)
    found = mine.filter(held_on__range=(first, last)).order_by("held_on", "pk")
    return found.values_list("pk", "kind", "held_on", "starts_at", "place", "updated_at")


def read_planned(facility: Facility, today: dt.date) -> list[Planned]:
    window = Window.of(today)
    days = window.first, window.last
    rows, plans = put_together(_plans(facility, *days), today)
    cancelled: defaultdict[int | None, set[dt.date]] = defaultdict(set)
    for plan, day in _cancelled(facility, *days):
        cancelled[plan].add(day)
    return [
        Planned(
            row.pk,
            str(row),
            plans[row.pk],
            row.start_time,
            row.duration_minutes,
            row.updated_at,
            frozenset(cancelled[row.pk]),
        )
        for row in rows.values()
    ]


def read_meetings(facility: Facility, today: dt.date) -> list[Met]:
    window = Window.of(today)
    return [
        Met(pk, str(MeetingKind(kind).label), day, time, place, saved)
        for pk, kind, day, time, place, saved in _meetings(facility, window.first, window.last)
    ]
