"""Pauses of a plan: given, changed, ended, and what is refused."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.urls import reverse

from initiatives.models import PlanPause
from initiatives.plans.actions import pauses
from krams.enums import Role
from krams.history.actions.locking import StaleVersion

from ..planning import NOON, TODAY, make_pause, make_plan

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def saturday_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def manager(make_user, facility):
    return make_user(Role.MANAGER, facility=facility)


@pytest.fixture
def desk(login, manager):
    return login(manager)


def url(name, facility, *args, **query):
    return reverse(f"initiatives:{name}", args=[facility.slug, *args], query=query or None)


def errors(response) -> dict:
    return response.context["form"].errors


def pause(**values) -> dict:
    return {
        "reason": "Ferie",
        "starts_on": "21.11.2026",
        "restarts_on": "",
        "version": 1,
        "submission_id": str(uuid.uuid4()),
        **values,
    }


def test_a_plan_is_paused_with_a_reason_and_started_again(desk, facility, manager):
    plan = make_plan(facility)
    desk.post(url("plan-pause", facility, plan.pk), pause(starts_on="16.11.2026"))
    found = plan.pauses.get()
    assert (found.reason, found.restarts_on) == ("Ferie", None)
    assert found.history.get().history_user == manager
    path = url("plan-restart", facility, plan.pk, found.pk)
    assert desk.post(path, {"version": 7}).status_code == 409
    assert desk.post(path, {}).status_code == 422
    assert desk.post(path, {"version": 1}).status_code == 302
    found.refresh_from_db()
    assert found.restarts_on == TODAY
    assert desk.post(path, {"version": 1}).status_code == 302


def test_a_pause_that_began_today_is_taken_away_by_a_restart(desk, facility):
    plan = make_plan(facility)
    found = make_pause(plan, TODAY)
    path = url("plan-restart", facility, plan.pk, found.pk)
    assert desk.post(path, {"version": 1}).status_code == 302
    assert not plan.pauses.exists()
    assert PlanPause.history.first().history_type == "-"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "   "}, "reason"),
        ({"reason": "x" * 301}, "reason"),
        ({"reason": "Se 010190-1234"}, "reason"),
        ({"restarts_on": "20.11.2026"}, "restarts_on"),
        ({"restarts_on": "21.11.2026"}, "restarts_on"),
        ({"starts_on": ""}, "starts_on"),
        ({"starts_on": "31.02.2026"}, "starts_on"),
        ({"version": "abc"}, "version"),
        ({"submission_id": ""}, "submission_id"),
    ],
)
def test_a_bad_pause_is_refused_at_its_field(desk, facility, values, field):
    plan = make_plan(facility)
    response = desk.post(url("plan-pause", facility, plan.pk), pause(**values), headers=HTMX)
    assert response.status_code == 422
    assert list(errors(response)) == [field]
    assert not plan.pauses.exists()


@pytest.mark.parametrize(
    ("starts_on", "restarts_on", "is_free"),
    [
        ("01.11.2026", "", False),
        ("01.11.2026", "11.11.2026", False),
        ("12.11.2026", "13.11.2026", False),
        ("01.11.2026", "10.11.2026", True),
        ("20.11.2026", "", True),
    ],
)
def test_pauses_of_a_plan_never_overlap(desk, facility, starts_on, restarts_on, is_free):
    plan = make_plan(facility)
    there = make_pause(plan, dt.date(2026, 11, 10), dt.date(2026, 11, 20))
    sent = pause(starts_on=starts_on, restarts_on=restarts_on)
    response = desk.post(url("plan-pause", facility, plan.pk), sent)
    assert response.status_code == (302 if is_free else 422)
    if not is_free:
        assert "10.11.2026" in str(errors(response)["starts_on"])
    other = make_pause(plan, dt.date(2027, 1, 1), dt.date(2027, 2, 1))
    moved = desk.post(url("pause-edit", facility, plan.pk, other.pk), sent)
    assert moved.status_code == 422
    # A pause does not stand in its own way.
    own = pause(starts_on="11.11.2026", restarts_on="20.11.2026", reason="Ombygning")
    assert desk.post(url("pause-edit", facility, plan.pk, there.pk), own).status_code == 302


def test_a_pause_sent_twice_is_one_and_a_stale_one_is_a_conflict(desk, facility):
    plan = make_plan(facility)
    path = url("plan-pause", facility, plan.pk)
    sent = pause(restarts_on="30.11.2026")
    for _time in range(2):
        assert desk.post(path, sent).status_code == 302
    found = plan.pauses.get()
    stale = pause(starts_on="01.01.2027", reason="Nytår")
    response = desk.post(path, stale, headers=HTMX)
    assert response.status_code == 409
    assert 'value="Nytår"' in response.content.decode()
    edit = url("pause-edit", facility, plan.pk, found.pk)
    assert desk.post(edit, pause(reason="Deres")).status_code == 302
    response = desk.post(edit, pause(reason="Min"))
    assert response.status_code == 409
    assert ("Deres", "Min") in [(d.theirs, d.mine) for d in response.context["differences"]]


def test_two_pauses_at_once_do_not_both_get_in(facility, manager):
    """The second was opened before the first was saved."""
    plan = make_plan(facility)
    values = {"starts_on": TODAY, "restarts_on": None, "reason": "Ferie"}
    pauses.pause_plan(
        planned=plan, version=1, values=values, submission_id=uuid.uuid4(), by=manager
    )
    with pytest.raises(StaleVersion):
        pauses.pause_plan(
            planned=plan, version=1, values=values, submission_id=uuid.uuid4(), by=manager
        )
    with pytest.raises(pauses.PauseOverlaps):
        pauses.pause_plan(
            planned=plan, version=2, values=values, submission_id=uuid.uuid4(), by=manager
        )
