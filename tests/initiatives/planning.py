"""Plans and registrations for tests, with what a test does not care about filled in."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

from initiatives.enums import ActivitySource, CancellationReason, Outcome
from initiatives.models import Activity, ActivityType, PlannedActivity, PlanPause

TODAY = dt.date(2026, 11, 21)  # a Saturday in week 47
YESTERDAY = TODAY - dt.timedelta(days=1)
NOON = dt.datetime(2026, 11, 21, 12, 0, tzinfo=ZoneInfo("Europe/Copenhagen"))
SATURDAY, FRIDAY = "6", "5"


def make_type(name="Gåtur", factors="M", **values) -> ActivityType:
    return ActivityType.objects.get_or_create(name=name, defaults={"factors": factors, **values})[0]


def make_plan(facility, title="Fælles gåtur", weekdays=SATURDAY, **values) -> PlannedActivity:
    values.setdefault("factors", "M")
    values.setdefault("starts_on", TODAY - dt.timedelta(weeks=26))
    kind = values.pop("activity_type", None) or make_type()
    return PlannedActivity.objects.create(
        facility=facility, activity_type=kind, title=title, weekdays=weekdays, **values
    )


def make_pause(plan, starts_on, restarts_on=None, reason="Ferie") -> PlanPause:
    return PlanPause.objects.create(
        planned_activity=plan, starts_on=starts_on, restarts_on=restarts_on, reason=reason
    )


def make_activity(facility, plan=None, held_on=TODAY, **values) -> Activity:
    values.setdefault("title", str(plan) if plan else "Gåtur")
    values.setdefault("factors", plan.factors if plan else "M")
    values.setdefault("outcome", Outcome.HELD)
    if values["outcome"] == Outcome.HELD:
        values.setdefault("participant_count", 5)
    else:
        values.setdefault("cancellation_reason", CancellationReason.STAFFING)
    values.setdefault("source", ActivitySource.PORTAL)
    kind = values.pop("activity_type", None) or (plan.activity_type if plan else make_type())
    return Activity.objects.create(
        facility=facility, planned_activity=plan, activity_type=kind, held_on=held_on, **values
    )


def tap(outcome="held", held_on=TODAY, **values) -> dict:
    """What a row of today's page sends."""
    return {
        "outcome": outcome,
        "held_on": held_on.strftime("%d.%m.%Y"),
        "participant_count": "6",
        "submission_id": str(uuid.uuid4()),
        **values,
    }
