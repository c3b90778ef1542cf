"""Reminders: on their days, to those who are waited for, and never twice."""

import datetime as dt
from io import StringIO
from itertools import pairwise

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from clusters.asking.reminding import Plan, is_due
from clusters.models import AskedColumn, AskedEditor, Proposal
from krams.models import Membership

from ...inbox import post_letters
from .conftest import ask_path, column_path

pytestmark = pytest.mark.django_db
ASKED = dt.date(2026, 3, 2)
DEADLINE = dt.date(2026, 3, 16)
PLAN = Plan(ASKED, DEADLINE, 3, 1)


def on(day: dt.date):
    return time_machine.travel(dt.datetime.combine(day, dt.time(9)), tick=False)


def due_days(plan: Plan, reminded_on: dt.date | None = None) -> list[int]:
    """The days of March on which it is due, if nobody is reminded."""
    days = [ASKED + dt.timedelta(days=n) for n in range(29)]
    return [day.day for day in days if is_due(plan, reminded_on, day)]


def test_the_days_of_a_reminder_and_how_long_it_is_made_up_for():
    assert due_days(PLAN) == [13, 14, 15, 16, *range(17, 25)]
    assert due_days(PLAN, dt.date(2026, 3, 13)) == list(range(17, 25))
    assert due_days(PLAN, dt.date(2026, 3, 17)) == []
    assert due_days(Plan(ASKED, DEADLINE, None, None)) == []
    # Not on the day on which the ask itself went out.
    assert due_days(Plan(ASKED, DEADLINE, 14, None)) == []


@pytest.fixture
def asked(ask):
    with on(ASKED):
        made = ask(deadline=DEADLINE)
        post_letters()
    return made.columns.get()


def remind(day: dt.date) -> list:
    with on(day):
        call_command("send_reminders", verbosity=0, stdout=StringIO())
        return post_letters()


def test_each_reminder_is_sent_once(asked, editor, cluster, municipality):
    sent = {}
    for number in range(29):
        day = ASKED + dt.timedelta(days=number)
        sent[day.day] = len(remind(day)) + len(remind(day))
    assert {day for day, number in sent.items() if number} == {13, 17}
    assert sum(sent.values()) == 2
    assert AskedEditor.objects.get().reminded_on == dt.date(2026, 3, 17)


def test_what_a_reminder_says(asked, cluster, municipality, coordinator):
    [before] = remind(dt.date(2026, 3, 13))
    assert "påmindelse" in before.subject
    assert "Frist: 16.03.2026" in before.body
    assert str(coordinator) in before.body
    assert column_path(cluster, municipality, asked) in before.body
    [after] = remind(dt.date(2026, 3, 17))
    assert "Fristen var 16.03.2026" in after.body


def test_a_day_that_the_timer_missed_is_made_up_for(asked):
    assert len(remind(dt.date(2026, 3, 15))) == 1
    assert remind(dt.date(2026, 3, 16)) == []


@pytest.mark.parametrize("what", ["done", "withdrawn", "role", "account", "retired"])
def test_nobody_is_reminded_who_is_not_waited_for(asked, editor, what):
    if what == "done":
        AskedColumn.objects.update(handed_in_at=timezone.now(), handed_in_by_name="Redaktør")
    elif what == "withdrawn":
        asked.ask.withdrawn_at = timezone.now()
        asked.ask.save()
    elif what == "role":
        Membership.objects.filter(user=editor).update(valid_until=ASKED)
    elif what == "retired":
        Proposal.objects.update(retired_on=ASKED)
    else:
        editor.is_active = False
        editor.save()
    assert remind(dt.date(2026, 3, 13)) == []


def test_a_reminder_by_hand_goes_out_once_a_day_and_stands_for_that_of_the_timer(
    login, coordinator, cluster, asked, municipality
):
    path = ask_path(cluster, "ask-remind", asked.ask_id)
    client = login(coordinator)
    with on(ASKED):
        # Written to today.
        client.post(path)
        assert post_letters() == []
    for day in (dt.date(2026, 3, 13), dt.date(2026, 3, 14)):
        with on(day):
            login(coordinator).post(path, {"authority": municipality.slug})
            login(coordinator).post(path)
            assert len(post_letters()) == 1
        assert remind(day) == []
    with on(dt.date(2026, 3, 14)):
        client = login(coordinator)
        assert client.post(path, {"authority": "findes-ikke"}).status_code == 404


def test_a_new_deadline_moves_the_reminders(asked, coordinator):
    from clusters.asking.actions.ask import prolong

    with on(dt.date(2026, 3, 10)):
        prolong(ask=asked.ask, version=1, deadline=dt.date(2026, 3, 23), by=coordinator)
    sent = [day for day in range(10, 29) if remind(dt.date(2026, 3, day))]
    assert sent == [20, 24]
    assert all(earlier < later for earlier, later in pairwise(sent))
