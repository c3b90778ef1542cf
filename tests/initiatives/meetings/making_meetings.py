"""Meetings, decisions and what is sent about them, for tests."""

import datetime as dt
import uuid

from django.urls import reverse

from initiatives.enums import MeetingKind, Outcome
from initiatives.models import Decision, Meeting

from ..planning import TODAY, make_activity, make_plan

IN_A_WEEK = TODAY + dt.timedelta(days=7)
CPR = "010190-1234"


def make_meeting(facility=None, held_on=IN_A_WEEK, **values) -> Meeting:
    values.setdefault("kind", MeetingKind.HOUSE)
    return Meeting.objects.create(facility=facility, held_on=held_on, **values)


def make_decision(meeting, text="Gåturen flyttes til kl. 9.30", **values) -> Decision:
    values.setdefault("responsible_role", "Medarbejder på dagvagt")
    values.setdefault("due_on", max(meeting.held_on, TODAY) + dt.timedelta(days=10))
    return Decision.objects.create(meeting=meeting, text=text, **values)


def make_fading_plan(facility, title="Aftentur", **values):
    """Every week on a Saturday, cancelled for lack of staff in the last three."""
    plan = make_plan(facility, title, **values)
    for back in range(1, 12):
        day = TODAY - dt.timedelta(weeks=back)
        if back <= 3:
            make_activity(facility, plan, day, outcome=Outcome.CANCELLED)
        else:
            make_activity(facility, plan, day)
    return plan


def url(name, *args) -> str:
    return reverse(f"initiatives:{name}", args=args)


def decision_data(**values) -> dict:
    return {
        "text": "Kakao i stedet for kaffe",
        "responsible_role": "Medarbejder på aftenvagt",
        "due_on": "10.12.2026",
        "plan": "",
        "submission_id": str(uuid.uuid4()),
    } | values


def meeting_data(**values) -> dict:
    return {
        "kind": "house",
        "held_on": "28.11.2026",
        "starts_at": "14.00",
        "place": "Fællesstuen",
        "submission_id": str(uuid.uuid4()),
    } | values


def text_of(response) -> str:
    return response.content.decode()
