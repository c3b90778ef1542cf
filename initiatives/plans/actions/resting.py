"""Lets a plan rest with its whole facility, beside the pauses that it has already."""

from django.db.models import Q

from krams.history.actions.locking import save_version
from krams.models import User

from ...models import FacilityPause, PlannedActivity, PlanPause
from ..free_days import Days, free_days


def rest_with(pause: FacilityPause, planned: PlannedActivity, by: User) -> list[PlanPause]:
    """Make the plan's part of the pause; what it is paused for otherwise stands."""
    wanted = _within(planned, Days(pause.starts_on, pause.restarts_on))
    if wanted is None:
        return []
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
