"""Reminders of decisions and attention points before their dates: once each, to who may act."""

import datetime as dt

import pytest
import time_machine
from django.core.management import CommandError, call_command

from initiatives.enums import InitiativeStatus
from initiatives.models import AttentionPoint, Decision, Initiative, Meeting
from krams.enums import ReminderDays, Role
from krams.mail.due_dates import due_for
from krams.models import Letter
from tests.inbox import post_letters

from ..planning import NOON, TODAY

pytestmark = pytest.mark.django_db
IN_THREE_DAYS = TODAY + dt.timedelta(days=3)


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def manager(make_user, department):
    return make_user(Role.MANAGER, department=department)


@pytest.fixture
def decision(facility):
    meeting = Meeting.objects.create(kind="house", facility=facility, held_on=TODAY)
    return Decision.objects.create(
        meeting=meeting, text="Ny bænk", responsible_role="Leder", due_on=IN_THREE_DAYS
    )


def letters(days=0) -> list:
    """What is sent by the morning run of that many days later."""
    with time_machine.travel(NOON + dt.timedelta(days=days), tick=False):
        call_command("send_reminders")
        return post_letters()


def test_it_comes_once_as_early_as_the_person_chose(manager, decision):
    manager.reminder_days = ReminderDays.ONE
    manager.save()
    assert [len(letters(days)) for days in range(4)] == [0, 0, 1, 0]


def test_one_letter_names_all_of_it_with_links(manager, decision, department):
    initiative = Initiative.objects.create(
        department=department, title="Mere gang", status=InitiativeStatus.ACTIVE
    )
    AttentionPoint.objects.create(
        initiative=initiative, text="Skoene er slidte", follow_up_on=IN_THREE_DAYS
    )
    [letter] = letters()
    assert letter.to == [manager.email]
    for text in ("Ny bænk", "Skoene er slidte", f"/beslutninger/{decision.pk}/foelg-op/"):
        assert text in letter.body
    assert "2 ting" in letter.subject
    assert letters() == []


def test_another_date_is_another_reminder(manager, decision):
    assert len(letters()) == 1
    decision.due_on += dt.timedelta(days=2)
    decision.save()
    assert [len(letters(days)) for days in (1, 2, 3)] == [0, 1, 0]


def test_what_is_closed_before_the_letter_leaves_is_not_told(manager, decision):
    call_command("send_reminders")
    decision.closed_on, decision.closing_note = TODAY, "Købt"
    decision.save()
    assert post_letters() == []
    assert Letter.objects.get().state == "pointless"


def test_of_a_facility_that_has_closed_nothing_is_due(manager, decision, department, facility):
    """As the first page says; what the department decided itself is due all the same."""
    facility.closed_on = TODAY
    facility.save()
    assert letters() == []
    own = Meeting.objects.create(kind="management", department=department, held_on=TODAY)
    Decision.objects.filter(pk=decision.pk).update(meeting=own)
    assert len(letters()) == 1


def test_what_is_wrong_with_one_persons_stops_nobody_elses(
    manager, decision, make_user, department, monkeypatch
):
    other = make_user(Role.MANAGER, department=department)

    def broken_for_the_first(user, today):
        if user.pk == manager.pk:
            raise ValueError("cannot be told")
        return due_for(user, today)

    monkeypatch.setattr("krams.mail.actions.due_for", broken_for_the_first)
    with pytest.raises(CommandError, match="post_due_dates"):
        call_command("send_reminders")
    assert [letter.to for letter in post_letters()] == [[other.email]]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MANAGER])
def test_who_may_not_act_or_does_not_want_it_gets_none(make_user, facility, decision, role):
    user = make_user(role, facility=facility)
    if role == Role.MANAGER:
        user.reminder_days = ReminderDays.NEVER
        user.save()
    assert letters() == []


def test_it_is_chosen_under_the_settings(login, manager):
    sent = login(manager).post(
        "/konto/indstillinger/", {"frequency": "weekly", "language": "da", "reminder_days": "7"}
    )
    assert sent.status_code == 302
    manager.refresh_from_db()
    assert manager.reminder_days == 7
    sent = login(manager).post(
        "/konto/indstillinger/", {"frequency": "weekly", "language": "da", "reminder_days": "5"}
    )
    assert sent.status_code == 422
