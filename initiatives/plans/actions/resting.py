"""Lets a plan rest with its whole facility, beside the pauses that it has already."""

import datetime as dt

from django.db.models import Q

from krams.history.actions.locking import save_version
from krams.models import User

from ...models import FacilityPause, PlannedActivity, PlanPause
from ..free_days import Days, common_days, free_days


def rest_with(pause: FacilityPause, planned: PlannedActivity, by: User) -> list[PlanPause]:
    """Make the plan's part of the pause; what it is paused for otherwise stands."""
    wanted = _within(planned, _days_of(pause))
    return _rest_on(wanted, pause, planned, by) if wanted else []


def _days_of(pause: FacilityPause) -> Days:
    return Days(pause.starts_on, pause.restarts_on)


def _rest_on(
    wanted: Days, pause: FacilityPause, planned: PlannedActivity, by: User
) -> list[PlanPause]:
    taken = planned.as_plan(planned.pauses.all()).pauses
    return [
        save_version(
            PlanPause(
                planned_activity=planned,
                facility_pause=pause,
                starts_on=days.first,
                restarts_on=days.until,
                reason=pause.reason,
            ),
            by=by,
            reason=pause.reason,
        )
        for days in free_days(wanted, taken)
    ]


def rest_with_facility(planned: PlannedActivity, by: User) -> None:
    """A plan that is new joins the pauses that its facility has."""
    running = Q(restarts_on=None) | Q(restarts_on__gt=planned.starts_on)
    for pause in FacilityPause.objects.filter(running, facility=planned.facility_id):
        rest_with(pause, planned, by)


def days_of_plan(planned: PlannedActivity) -> Days:
    ends_on = planned.ends_on
    return Days(planned.starts_on, ends_on and ends_on + dt.timedelta(days=1))


def rest_on_new_days(planned: PlannedActivity, before: Days, by: User) -> None:
    """A plan that begins sooner or goes on longer than ``before`` rests then with its facility.

    On the days that it had it is as it was: it may have been started again.
    """
    now = days_of_plan(planned)
    gained = []
    if now.first < before.first:
        gained.append(Days(now.first, before.first))
    if before.until and (now.until is None or now.until > before.until):
        gained.append(Days(before.until, None))
    for pause in FacilityPause.objects.filter(facility=planned.facility_id) if gained else ():
        for days in gained:
            if wanted := common_days(days, _days_of(pause)):
                _rest_on(wanted, pause, planned, by)


def _within(planned: PlannedActivity, days: Days) -> Days | None:
    """The days that the plan has; None where it has none of them.

    A pause without an end stays without one: the plan may be prolonged.
    """
    first = max(days.first, planned.starts_on)
    if planned.ends_on and first > planned.ends_on:
        return None
    if days.until is not None and days.until <= first:
        return None
    return Days(first, days.until)
