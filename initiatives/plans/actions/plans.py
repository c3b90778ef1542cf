"""Writes to the weekly plan. Whoever manages a facility may change its plan, asked in the query.

What was expected of the weeks that have passed is never rewritten: a new rhythm ends the old row
and begins a new one, and verdicts read the two as one activity (``initiatives.plans.queries``).
"""

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from krams.history.actions.locking import StaleVersion, lock, save_kept, save_version
from krams.models import Facility, User

from ...models import Initiative, PlannedActivity, PlanPause

RHYTHM = ("weekdays", "times_per_week")
# What a new row takes from the one that it replaces, and a copy from its source.
CONTENT = (
    "title",
    "factors",
    *RHYTHM,
    "start_time",
    "duration_minutes",
    "responsible_role",
)


class PauseOverlaps(Exception):
    """The plan has another pause in those days; ``pause`` is it."""

    def __init__(self, pause: PlanPause):
        super().__init__(f"overlaps pause {pause.pk}")
        self.pause = pause


@transaction.atomic
def add_plan(
    *, facility: Facility, values: dict, submission_id: uuid.UUID, by: User
) -> PlannedActivity:
    """Add a line to the weekly plan; the same ``submission_id`` again returns the row it made.

    Raises ``Facility.DoesNotExist`` where the person does not manage the facility.
    """
    facility = _locked_facility(facility, by)
    if sent := facility.planned_activities.filter(submission_id=submission_id).first():
        return sent
    planned = PlannedActivity(facility=facility, submission_id=submission_id, **values)
    return save_version(planned, by=by)


@transaction.atomic
def edit_plan(
    *,
    planned: PlannedActivity,
    version: int,
    values: dict,
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
    current = _locked_plan(planned, by, version, values)
    if _has(current, values):
        return current
    has_new_rhythm = any(values[name] != getattr(current, name) for name in RHYTHM)
    if not has_new_rhythm or current.starts_on >= today:
        _set(current, values)
        return save_version(current, by=by)
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
    _set(new, values)
    current.ends_on = min(current.ends_on or dt.date.max, first_day - dt.timedelta(days=1))
    save_version(current, by=by)
    save_version(new, by=by)
    _move_along(current, new, by)
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
    current = _locked_plan(planned, by, version, values)
    if current.ends_on == ends_on:
        return current
    _set(current, values)
    return save_version(current, by=by)


@transaction.atomic
def pause_plan(
    *, planned: PlannedActivity, version: int, values: dict, submission_id: uuid.UUID, by: User
) -> PlanPause:
    """Let a plan rest. Raises ``DoesNotExist``, ``StaleVersion`` and ``PauseOverlaps``.

    The same ``submission_id`` again returns the pause that it made.
    """
    mine = PlannedActivity.objects.managed_by(by)
    current = mine.select_for_update(of=("self",)).get(pk=planned.pk)
    if sent := current.pauses.filter(submission_id=submission_id).first():
        return sent
    current = _locked_plan(planned, by, version)
    _refuse_overlap(current, values)
    pause = PlanPause(planned_activity=current, submission_id=submission_id, **values)
    # A form that was opened before the pause must not end or change the plan unseen.
    save_version(current, by=by, reason=values["reason"])
    return save_version(pause, by=by, reason=values["reason"])


@transaction.atomic
def edit_pause(*, pause: PlanPause, version: int, values: dict, by: User) -> PlanPause:
    """Save a pause. Raises ``DoesNotExist``, ``StaleVersion`` and ``PauseOverlaps``."""
    current = _locked_pause(pause, by, version, values)
    if _has(current, values):
        return current
    _refuse_overlap(current.planned_activity, values, but=current)
    _set(current, values)
    return save_version(current, by=by)


@transaction.atomic
def restart_plan(*, pause: PlanPause, version: int, by: User) -> None:
    """Let the plan run again from today. A pause of no day at all is taken away.

    Raises ``DoesNotExist`` (not allowed, or taken away) and ``StaleVersion``.
    """
    today = timezone.localdate()
    current = _locked_pause(pause, by, version, {"restarts_on": today})
    if current.restarts_on == today:
        return
    if current.starts_on >= today:
        current._history_user = by
        current.delete()
        return
    current.restarts_on = today
    save_version(current, by=by)


@transaction.atomic
def copy_plans(
    *,
    facility: Facility,
    sources: list[PlannedActivity],
    type_ids: dict[int, int],
    starts_on: dt.date,
    by: User,
) -> list[PlannedActivity]:
    """Take plans of other facilities over; returns the new rows.

    ``type_ids`` says which activity type each source has here. What has been copied and still
    runs is left out, so that nothing is there twice. The initiative comes along where the
    facility takes part in it; pauses, end and log stay behind. Raises ``Facility.DoesNotExist``
    where the person does not manage the facility, and ``DoesNotExist`` of PlannedActivity for a
    source that the person may not see.
    """
    facility = _locked_facility(facility, by)
    wanted = {source.pk for source in sources}
    if PlannedActivity.objects.visible_to(by).filter(pk__in=wanted).count() < len(wanted):
        raise PlannedActivity.DoesNotExist
    there = set(running_copies(facility, starts_on).values_list("copied_from_id", flat=True))
    served = set(offered_initiatives(facility).values_list("pk", flat=True))
    copies = []
    for source in sources:
        if source.pk in there:
            continue
        content = {name: getattr(source, name) for name in CONTENT}
        copy = PlannedActivity(
            facility=facility,
            activity_type_id=type_ids[source.pk],
            initiative_id=source.initiative_id if source.initiative_id in served else None,
            starts_on=starts_on,
            copied_from=source,
            **content,
        )
        copies.append(save_kept(copy, by=by))
    return copies


def running_copies(facility: Facility, day: dt.date):
    """Plans of the facility that were copied from elsewhere and run on ``day`` or later."""
    return facility.planned_activities.filter(
        Q(ends_on=None) | Q(ends_on__gte=day), copied_from__isnull=False
    )


def offered_initiatives(facility: Facility):
    """What a plan of the facility can serve: its department's, or those it takes part in."""
    return (
        Initiative.objects.filter(department=facility.department_id)
        .filter(Q(facility=None) | Q(facility=facility) | Q(facilities=facility))
        .distinct()
    )


def _set(instance, values: dict) -> None:
    for name, value in values.items():
        setattr(instance, name, value)


def _locked_facility(facility: Facility, by: User) -> Facility:
    mine = Facility.objects.managed_by(by)
    return mine.select_for_update(of=("self",), no_key=True).get(pk=facility.pk)


def _has(instance, values: dict) -> bool:
    return all(getattr(instance, name) == value for name, value in values.items())


def _locked_plan(planned, by: User, version: int, values: dict | None = None) -> PlannedActivity:
    """The row at ``version``; or, if the same was sent before, the row that has ``values``."""
    mine = PlannedActivity.objects.managed_by(by)
    try:
        current = lock(mine, version=version, pk=planned.pk)
    except StaleVersion as stale:
        current = stale.current
        is_stale = not (values and _has(current, values))
    else:
        is_stale = False
    if newest := mine.filter(replaces=current).first():
        current = newest
        is_stale = not (values and _has(newest, values))
    if is_stale:
        raise StaleVersion(current)
    return current


def _locked_pause(pause, by: User, version: int, values: dict) -> PlanPause:
    plans = PlannedActivity.objects.managed_by(by)
    # The plan first, as when a pause is added, so that two pauses cannot pass each other.
    plans.select_for_update(of=("self",)).get(pk=pause.planned_activity_id)
    pauses = PlanPause.objects.filter(planned_activity__in=plans)
    try:
        return lock(pauses, version=version, pk=pause.pk)
    except StaleVersion as stale:
        if _has(stale.current, values):
            return stale.current
        raise


def _refuse_overlap(planned: PlannedActivity, values: dict, but: PlanPause | None = None) -> None:
    others = planned.pauses.exclude(pk=but.pk if but else None).filter(
        Q(restarts_on=None) | Q(restarts_on__gt=values["starts_on"])
    )
    if values["restarts_on"]:
        others = others.filter(starts_on__lt=values["restarts_on"])
    if other := others.first():
        raise PauseOverlaps(other)
