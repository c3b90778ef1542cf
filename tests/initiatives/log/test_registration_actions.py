"""Writes to the activity log: who may, once only, one a day, with history, and with undo."""

import datetime as dt
import uuid

import pytest

from initiatives.enums import CancellationReason, Outcome
from initiatives.log.actions import registrations as actions
from initiatives.models import Activity, PlannedActivity
from krams.enums import Role
from krams.history.actions.locking import StaleVersion
from krams.models import Facility

from ..planning import TODAY, YESTERDAY, make_activity, make_plan, make_type

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(make_user, facility):
    return make_user(Role.STAFF, facility=facility)


def register(facility, plan, by, **values):
    values = {
        "held_on": TODAY,
        "outcome": Outcome.HELD,
        "participant_count": 6,
        "submission_id": uuid.uuid4(),
        **values,
    }
    return actions.register_planned(facility=facility, plan_id=plan.pk, by=by, **values)


def correct(activity, by, version=None, **values):
    values = {"outcome": Outcome.HELD, "participant_count": 5, "held_on": TODAY, **values}
    version = activity.version if version is None else version
    return actions.correct_activity(activity=activity, version=version, values=values, by=by)


def test_what_the_plan_says_is_copied(facility, staff):
    plan = make_plan(facility, factors="RM", start_time=dt.time(19), duration_minutes=30)
    activity = register(facility, plan, staff)
    activity.refresh_from_db()
    assert (activity.title, activity.factors, activity.started_at) == (
        "Fælles gåtur",
        "RM",
        dt.time(19),
    )
    assert (activity.participant_count, activity.duration_minutes) == (6, 30)
    assert (activity.registered_by, activity.planned_activity) == (staff, plan)
    assert activity.history.get().history_user == staff


def test_a_cancelled_one_has_a_reason_and_neither_participants_nor_minutes(facility, staff):
    plan = make_plan(facility, duration_minutes=30)
    activity = register(
        facility,
        plan,
        staff,
        outcome=Outcome.CANCELLED,
        cancellation_reason=CancellationReason.OTHER,
        cancellation_text="Bussen kørte ikke",
    )
    assert (activity.participant_count, activity.duration_minutes) == (None, None)
    assert activity.reason == "Bussen kørte ikke"


def test_the_same_submission_makes_one_row(facility, staff):
    plan, sent = make_plan(facility), uuid.uuid4()
    first = register(facility, plan, staff, submission_id=sent)
    second = register(facility, plan, staff, submission_id=sent, participant_count=9)
    assert second.pk == first.pk
    assert Activity.objects.get().participant_count == 6


def test_the_same_submission_of_an_unplanned_activity_makes_one_row(facility, staff):
    sent = uuid.uuid4()
    rows = [
        actions.register_activity(
            facility=facility,
            activity_type=make_type(),
            held_on=TODAY,
            participant_count=count,
            submission_id=sent,
            by=staff,
        )
        for count in (3, 4)
    ]
    assert rows[0].pk == rows[1].pk
    assert Activity.objects.get().participant_count == 3


def test_a_second_colleague_is_told_what_is_registered(facility, staff, make_user):
    plan = make_plan(facility)
    first = register(facility, plan, staff)
    with pytest.raises(actions.AlreadyRegistered) as clash:
        register(facility, plan, make_user(Role.STAFF, facility=facility), participant_count=9)
    assert clash.value.activity == first
    assert Activity.objects.count() == 1


def test_another_day_and_a_removed_registration_do_not_clash(facility, staff):
    plan = make_plan(facility)
    first = register(facility, plan, staff)
    register(facility, plan, staff, held_on=YESTERDAY)
    actions.remove_activity(activity=first, by=staff)
    register(facility, plan, staff)
    assert Activity.objects.standing().count() == 2


def test_so_many_times_a_week_may_be_twice_a_day(facility, staff):
    plan = make_plan(facility, weekdays="", times_per_week=3)
    register(facility, plan, staff)
    register(facility, plan, staff)
    assert Activity.objects.count() == 2


def test_a_day_before_the_plan_began_counts(facility, staff):
    plan = make_plan(facility, starts_on=TODAY)
    assert register(facility, plan, staff, held_on=YESTERDAY).held_on == YESTERDAY


def test_the_plan_of_another_facility_does_not_exist(facility, other_facility, staff):
    theirs = make_plan(other_facility)
    with pytest.raises(PlannedActivity.DoesNotExist):
        register(facility, theirs, staff)


@pytest.mark.parametrize("role", [Role.VIEWER, None])
def test_who_may_not_register_writes_nothing(facility, make_user, staff, role):
    stranger = make_user(role, facility=facility) if role else make_user()
    plan, there = make_plan(facility), make_activity(facility)
    attempts = [
        lambda: register(facility, plan, stranger),
        lambda: correct(there, stranger, participant_count=9),
        lambda: actions.remove_activity(activity=there, by=stranger),
        lambda: actions.restore_activity(activity=there, by=stranger),
    ]
    for attempt in attempts:
        with pytest.raises(Facility.DoesNotExist):
            attempt()
    assert Activity.objects.get().version == there.version


def test_a_correction_keeps_what_it_was_in_the_history(facility, staff):
    activity = make_activity(facility)
    saved = correct(activity, staff, participant_count=11)
    assert (saved.participant_count, saved.version) == (11, 2)
    newest = saved.history.order_by("-history_id").first()
    assert (newest.history_user, newest.participant_count) == (staff, 11)


def test_a_stale_correction_is_refused(facility, staff):
    activity = make_activity(facility)
    correct(activity, staff, participant_count=11)
    with pytest.raises(StaleVersion) as stale:
        correct(activity, staff, version=1, participant_count=3)
    assert stale.value.current.participant_count == 11


def test_from_held_to_cancelled_and_back_leaves_nothing_behind(facility, staff):
    activity = make_activity(facility, duration_minutes=30)
    reason = {"outcome": Outcome.CANCELLED, "cancellation_reason": CancellationReason.WEATHER}
    cancelled = correct(activity, staff, **reason)
    assert (cancelled.participant_count, cancelled.duration_minutes) == (None, None)
    held = correct(cancelled, staff, cancellation_reason=CancellationReason.WEATHER)
    assert (held.participant_count, held.cancellation_reason) == (5, "")


def test_a_correction_cannot_move_it_onto_a_registered_day(facility, staff):
    plan = make_plan(facility)
    make_activity(facility, plan)
    moved = make_activity(facility, plan, held_on=YESTERDAY)
    with pytest.raises(actions.AlreadyRegistered):
        correct(moved, staff, held_on=TODAY)
    moved.refresh_from_db()
    assert moved.held_on == YESTERDAY


def test_remove_and_restore(facility, staff):
    activity = make_activity(facility)
    removed = actions.remove_activity(activity=activity, by=staff)
    assert removed.removed_at
    assert not Activity.objects.standing().exists()
    assert actions.remove_activity(activity=activity, by=staff).version == removed.version
    restored = actions.restore_activity(activity=activity, by=staff)
    assert restored.removed_at is None
    assert actions.restore_activity(activity=activity, by=staff).version == restored.version
    assert restored.history.count() == 2 + 1


def test_what_was_registered_meanwhile_is_not_doubled_by_an_undo(facility, staff):
    plan = make_plan(facility)
    first = register(facility, plan, staff)
    actions.remove_activity(activity=first, by=staff)
    register(facility, plan, staff)
    with pytest.raises(actions.AlreadyRegistered):
        actions.restore_activity(activity=first, by=staff)
    assert Activity.objects.standing().count() == 1
