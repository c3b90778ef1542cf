"""Writes to the weekly plan. Whoever manages a facility may change its plan, asked in the query.

What was expected of the weeks that have passed is never rewritten: a new rhythm ends the old row
and begins a new one, and verdicts read the two as one activity (``plans.week_plan``).
"""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone

from krams.history.actions.locking import StaleVersion, lock, save_version
from krams.models import Facility, User

from ...models import PlannedActivity, PlanPause
from .resting import days_of_plan, rest_on_new_days, rest_with_facility

RHYTHM = ("weekdays", "times_per_week", "repeats", "anchor", "on_holidays")
# What a new row takes from the one that it replaces, and a copy from its source.
CONTENT = (
    "title",
    "factors",
    *RHYTHM,
    "start_time",
    "duration_minutes",
    "responsible_role",
)


@transaction.atomic
def add_plan(
    *, facility: Facility, values: dict[str, Any], submission_id: uuid.UUID, by: User
) -> PlannedActivity:
    """Add a line to the weekly plan; the same ``submission_id`` again returns the row it made.

    Raises ``Facility.DoesNotExist`` where the person does not manage the facility.
    """
    facility = locked_facility(facility, by)
    if sent := facility.planned_activities.filter(submission_id=submission_id).first():
        return sent
    planned = PlannedActivity(facility=facility, submission_id=submission_id, **values)
    save_version(planned, by=by)
    rest_with_facility(planned, by)
    return planned


@transaction.atomic
def edit_plan(
    *,
    planned: PlannedActivity,
    version: int,
    values: dict[str, Any],
    changes_on: dt.date | None = None,
    by: User,
) -> PlannedActivity:
    """Save a plan; returns the row that has what was saved.

    A new rhythm of a plan that has run goes from ``changes_on`` (today, if that is not said): the
    row ends the day before, a new one takes its place, and what is registered or paused from then
    on goes along. The same values again change nothing. Raises ``DoesNotExist`` (not allowed) and
    ``StaleVersion``, also where another has given it a new rhythm.
    """
    today = timezone.localdate()
    current = locked_plan(planned, by, version, values)
    if has_values(current, values):
        return current
    has_new_rhythm = any(values[name] != getattr(current, name) for name in RHYTHM)
    before = days_of_plan(current)
    if not has_new_rhythm or current.starts_on >= today:
        set_values(current, values)
        save_version(current, by=by)
        rest_on_new_days(current, before, by)
        return current
    first_day = max(changes_on or today, today)
    new = PlannedActivity(
        facility_id=current.facility_id,
        activity_type_id=current.activity_type_id,
        initiative_id=current.initiative_id,
        replaces=current,
        copied_from_id=current.copied_from_id,
        starts_on=first_day,
        ends_on=current.ends_on,
        **{name: getattr(current, name) for name in CONTENT},
    )
    set_values(new, values)
    current.ends_on = min(current.ends_on or dt.date.max, first_day - dt.timedelta(days=1))
    save_version(current, by=by)
    save_version(new, by=by)
    _move_along(current, new, by)
    rest_on_new_days(new, before, by)
    return new


def _move_along(old: PlannedActivity, new: PlannedActivity, by: User) -> None:
    """Registrations and pauses from the first day of the new rhythm belong to it."""
    for activity in old.activities.filter(held_on__gte=new.starts_on):
        activity.planned_activity = new
        save_version(activity, by=by)
    for pause in old.pauses.filter(Q(restarts_on=None) | Q(restarts_on__gt=new.starts_on)):
        if pause.starts_on >= new.starts_on:
            pause.planned_activity = new
            save_version(pause, by=by)
            continue
        # Days that have passed stay with the old row; the rest of the pause is the new row's.
        rest = PlanPause(
            planned_activity=new,
            starts_on=new.starts_on,
            restarts_on=pause.restarts_on,
            reason=pause.reason,
            facility_pause_id=pause.facility_pause_id,
        )
        save_version(rest, by=by)
        pause.restarts_on = new.starts_on
        save_version(pause, by=by)


@transaction.atomic
def end_plan(
    *, planned: PlannedActivity, version: int, ends_on: dt.date, by: User
) -> PlannedActivity:
    """Let ``ends_on`` be the last day. Raises ``DoesNotExist`` (not allowed), ``StaleVersion``."""
    values = {"ends_on": ends_on}
    current = locked_plan(planned, by, version, values)
    if current.ends_on == ends_on:
        return current
    before = days_of_plan(current)
    set_values(current, values)
    save_version(current, by=by)
    rest_on_new_days(current, before, by)
    return current


def set_values(instance: Model, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(instance, name, value)


def locked_facility(facility: Facility, by: User) -> Facility:
    mine = Facility.objects.managed_by(by)
    return mine.select_for_update(of=("self",), no_key=True).get(pk=facility.pk)


def has_values(instance: Model, values: dict[str, Any]) -> bool:
    return all(getattr(instance, name) == value for name, value in values.items())


def locked_plan(
    planned: PlannedActivity, by: User, version: int, values: dict[str, Any] | None = None
) -> PlannedActivity:
    """The row at ``version``; or, if the same was sent before, the row that has ``values``."""
    mine = PlannedActivity.objects.managed_by(by)
    try:
        current = lock(mine, version=version, pk=planned.pk)
    except StaleVersion as stale:
        current = stale.current
        is_stale = not (values and has_values(current, values))
    else:
        is_stale = False
    if newest := mine.filter(replaces=current).first():
        current = newest
        is_stale = not (values and has_values(newest, values))
    if is_stale:
        raise StaleVersion(current)
    return current
