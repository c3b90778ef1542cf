"""Nothing that is open disappears between meetings, and a department knows what lies below."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from initiatives.actions import meetings as actions
from initiatives.enums import MeetingKind
from initiatives.models import AgendaItem, Decision, Meeting
from krams.enums import Role

from .planning import make_plan

NOW = dt.datetime(2026, 11, 21, 13, 55)
TODAY = NOW.date()
LATER = TODAY + dt.timedelta(days=7)


@pytest.fixture(autouse=True)
def on_a_day():
    with time_machine.travel(NOW.replace(hour=12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def meet(facility):
    def make(day, **values):
        where = {} if "department" in values else {"facility": facility}
        return Meeting.objects.create(**{"kind": MeetingKind.HOUSE, **where, **values}, held_on=day)

    return make


@pytest.fixture
def desk(login, make_user, department):
    return login(make_user(Role.MANAGER, department=department))


@pytest.mark.parametrize(
    "over",
    [
        {"starts_at": dt.time(0, 5), "minutes": "Skrevet."},
        {"starts_at": dt.time(0, 5)},
        {"minutes": "Skrevet."},
        {"removed_at": NOW.replace(tzinfo=dt.UTC)},
    ],
)
def test_a_point_lands_on_the_next_open_meeting(meet, facility, make_user, over):
    staff, plan = make_user(Role.STAFF, facility=facility), make_plan(facility)
    meet(TODAY, **over)
    with pytest.raises(actions.NoMeetingPlanned):
        actions.put_on_next_agenda(plan=plan, now=NOW, by=staff)
    later = meet(LATER)
    assert actions.put_on_next_agenda(plan=plan, now=NOW, by=staff).meeting == later
    tonight = meet(TODAY, starts_at=dt.time(19))
    assert actions.put_on_next_agenda(plan=plan, now=NOW, by=staff).meeting == tonight


@pytest.mark.parametrize("cancelled", [True, False])
@pytest.mark.parametrize("days", [-14, -1])
def test_points_and_wishes_wait_until_a_meeting_is_written_up(meet, desk, cancelled, days):
    """Cancelled, or passed without a word: both come up next time, and no longer after that."""
    removed = NOW.replace(tzinfo=dt.UTC) if cancelled else None
    lost = meet(TODAY + dt.timedelta(days=days), removed_at=removed, wishes="Flere gåture.")
    AgendaItem.objects.create(meeting=lost, text="Ny havebænk")
    coming = meet(LATER)
    shown = desk.get(coming.get_absolute_url()).content.decode()
    assert "Ny havebænk" in shown
    assert "Flere gåture." in shown
    coming.minutes = "Talt om bænken."
    coming.save()
    after = meet(LATER + dt.timedelta(days=7))
    shown = desk.get(after.get_absolute_url()).content.decode()
    assert "Ny havebænk" not in shown
    assert "Flere gåture." not in shown


def test_a_cancelled_meeting_that_lies_later_is_not_forgotten(meet, desk):
    lost = meet(LATER + dt.timedelta(days=3), removed_at=NOW.replace(tzinfo=dt.UTC), wishes="Svøm.")
    AgendaItem.objects.create(meeting=lost, text="Ny havebænk")
    shown = desk.get(meet(LATER).get_absolute_url()).content.decode()
    assert "Ny havebænk" in shown
    assert "Svøm." in shown


def test_what_is_put_on_a_coming_meeting_stays_there(meet, desk):
    AgendaItem.objects.create(meeting=meet(LATER), text="Ny havebænk")
    after = meet(LATER + dt.timedelta(days=7))
    assert "Ny havebænk" not in desk.get(after.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("due", "is_late"), [(-3, True), (3, False)])
def test_a_department_knows_what_is_open_at_its_facilities(
    meet, desk, department, facility, due, is_late
):
    meeting = meet(TODAY - dt.timedelta(days=10))
    meet(LATER)
    Decision.objects.create(
        meeting=meeting,
        text="Køb nye bolde",
        responsible_role="Leder",
        due_on=TODAY + dt.timedelta(days=due),
    )
    address = reverse("initiatives:department-meetings", args=[department.slug])
    listed = desk.get(address).content.decode()
    assert "Køb nye bolde" in listed
    assert facility.name in listed
    assert "Der er ikke planlagt" not in listed
    own = meet(LATER, department=department, kind=MeetingKind.MANAGEMENT)
    agenda = desk.get(own.get_absolute_url()).content.decode()
    opened = agenda[agenda.index('id="h-open"') :].split("</section>")[0]
    assert "Ingen er åbne" not in opened
    assert ("Køb nye bolde" in opened) is is_late
    assert ("1 åben beslutning" in opened) is not is_late
