"""The calendar feed: what stands in it, whom it opens to, and what it keeps to itself."""

import datetime as dt
import re

import pytest
import time_machine
from dateutil.rrule import rrulestr
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from initiatives.calendar.actions import close_link, renew_link
from initiatives.calendar.feed import ZONE, Planned, Window, feed
from initiatives.calendar.secrets import hash_of
from initiatives.enums import MeetingKind, Outcome, Repeats
from initiatives.models import CalendarLink, Meeting
from initiatives.sustain.expected import Pause, Plan
from krams.enums import AuditKind, Role
from krams.models import AuditEntry

from ..planning import NOON, TODAY, make_activity, make_pause, make_plan

SAVED = dt.datetime(2026, 11, 1, 8, tzinfo=dt.UTC)
YEARS = st.dates(dt.date(2024, 1, 1), dt.date(2028, 12, 31))


@st.composite
def plans(draw):
    repeats = draw(st.sampled_from(list(Repeats)))
    starts_on = draw(YEARS)
    length = draw(st.none() | st.integers(0, 400))
    pause_from = draw(YEARS)
    return Plan(
        starts_on,
        None if length is None else starts_on + dt.timedelta(days=length),
        tuple(sorted(draw(st.sets(st.integers(1, 7), min_size=1)))),
        None,
        (Pause(pause_from, draw(st.sampled_from([None, pause_from + dt.timedelta(days=20)]))),),
        repeats=repeats,
        anchor=draw(YEARS) if repeats == Repeats.FORTNIGHTLY else None,
        on_holidays=draw(st.booleans()),
    )


def occurrences(event) -> list[dt.date]:
    """The days of an event, expanded by dateutil alone."""
    start = event["dtstart"].dt
    is_timed = isinstance(start, dt.datetime)
    first = start if is_timed else dt.datetime.combine(start, dt.time())
    rule = event["rrule"].to_ical().decode()
    if not is_timed:
        rule = re.sub(r"UNTIL=(\d{8})", r"UNTIL=\1T000000", rule)
    left_out = event.get("exdate", [])
    lists = left_out if isinstance(left_out, list) else [left_out]
    gone = {one.dt for many in lists for one in many.dts}
    found = rrulestr(rule, dtstart=first)
    return [day.date() for day in found if (day if is_timed else day.date()) not in gone]


@settings(max_examples=40, deadline=None)
@given(plans(), st.none() | st.just(dt.time(2, 30)) | st.just(dt.time(14)))
def test_the_rule_gives_the_days_that_the_plan_does(plan, at):
    """Also at 2.30, which one night a year has not and another has twice."""
    one = Planned(7, "Gåtur", plan, at, 45, SAVED)
    parsed = Calendar.from_ical(feed("Mosbjerghus", [one], [], TODAY))
    window = Window.of(TODAY)
    planned = [
        day
        for ahead in range((window.last - window.first).days + 1)
        if plan.is_planned_on(day := window.first + dt.timedelta(days=ahead))
    ]
    events = parsed.walk("VEVENT")
    assert [occurrences(event) for event in events] == ([planned] if planned else [])


def test_danish_time_is_described_and_lines_are_folded():
    plan = Plan(TODAY, None, (6,), None)
    text = feed("Å" * 60, [Planned(7, "Gåtur", plan, dt.time(14), 45, SAVED)], [], TODAY)
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    parsed = Calendar.from_ical(text)
    [zone] = parsed.walk("VTIMEZONE")
    info = zone.to_tz()
    for moment in (dt.datetime(2026, 7, 1, 12), dt.datetime(2026, 12, 1, 12)):
        assert info.utcoffset(moment) == ZONE.utcoffset(moment)
    [event] = parsed.walk("VEVENT")
    assert event["dtstart"].dt.utcoffset() == dt.timedelta(hours=1)
    assert event["uid"] == "plan-7@krams"
    assert event["duration"].dt == dt.timedelta(minutes=45)


@pytest.mark.parametrize("typed", ["Hus, 1; 2", r"Hus\nBEGIN:VEVENT", "Hus\nBEGIN:VEVENT"])
def test_a_name_is_text_whatever_it_holds(typed):
    text = feed(typed, [], [], TODAY)
    assert b"\nBEGIN:VEVENT" not in text
    escaped = (
        typed.replace("\\", r"\\").replace("\n", r"\n").replace(",", r"\,").replace(";", r"\;")
    )
    lines = text.replace(b"\r\n ", b"").decode().split("\r\n")
    for name in ("NAME", "X-WR-CALNAME"):
        assert f"{name}:Ugeplan for {escaped}" in lines


@pytest.fixture
def saturday_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def desk(login, make_user, facility):
    return login(make_user(Role.MANAGER, facility=facility))


def page(facility):
    return reverse("initiatives:calendar", args=[facility.slug])


def opened(desk, facility) -> str:
    """The path of a new address."""
    link = CalendarLink.objects.filter(facility=facility).first()
    response = desk.post(page(facility), {"version": link.version if link else 0})
    assert response.status_code == 200
    return re.search(r'value="http://testserver(/kalender/[^"]+)"', response.content.decode())[1]


@pytest.mark.django_db
@pytest.mark.usefixtures("saturday_noon")
class TestAddress:
    def test_opens_to_whoever_has_it_and_is_shown_once(self, desk, client, facility):
        path = opened(desk, facility)
        client.logout()
        response = client.get(path)
        assert response.status_code == 200
        assert response["Content-Type"].startswith("text/calendar")
        assert "private" in response["Cache-Control"]
        assert client.get(path, headers={"If-None-Match": response["ETag"]}).status_code == 304

    def test_its_secret_is_kept_as_a_hash_alone(self, desk, facility):
        token = opened(desk, facility).removeprefix("/kalender/").removesuffix(".ics")
        link = CalendarLink.objects.get()
        assert link.token_hash == hash_of(token)
        assert token not in desk.get(page(facility)).content.decode()
        assert token not in repr(link.history.values().last())

    def test_a_new_one_closes_the_old_one_and_both_can_be_closed(self, desk, facility):
        old = opened(desk, facility)
        new = opened(desk, facility)
        assert desk.get(old).status_code == 404
        assert desk.get(new).status_code == 200
        close = reverse("initiatives:calendar-close", args=[facility.slug])
        desk.post(close, {"version": CalendarLink.objects.get().version})
        assert desk.get(new).status_code == 404

    def test_two_at_once_do_not_both_make_one(self, desk, facility):
        opened(desk, facility)
        again = desk.post(page(facility), {"version": 0})
        assert again.status_code == 409

    def test_a_button_without_a_version_says_why_nothing_happened(self, desk, facility):
        opened(desk, facility)
        close = reverse("initiatives:calendar-close", args=[facility.slug])
        for path, status in ((page(facility), 422), (close, 200)):
            answer = desk.post(path, {"version": "x"}, follow=True)
            assert answer.status_code == status
            assert "En anden har ændret adressen imens" in answer.content.decode()
        assert CalendarLink.objects.get().is_open

    def test_a_version_of_no_address_makes_and_closes_none(self, desk, facility):
        """As a form sends it that was changed by hand."""
        close = reverse("initiatives:calendar-close", args=[facility.slug])
        assert desk.post(page(facility), {"version": 3}).status_code == 409
        for version in ("0", "3"):
            assert desk.post(close, {"version": version}).status_code == 302
        assert not CalendarLink.objects.exists()

    def test_only_managers_have_the_page(self, login, make_user, facility, other_facility):
        staff = login(make_user(Role.STAFF, facility=facility))
        assert staff.get(page(facility)).status_code == 403
        assert staff.get(page(other_facility)).status_code == 404

    def test_a_facility_that_has_closed_has_none(self, desk, client, facility):
        path = opened(desk, facility)
        facility.closed_on = TODAY - dt.timedelta(days=1)
        facility.save()
        assert client.get(path).status_code == 410

    def test_it_stands_in_no_line_of_the_log(self, desk, client, facility, caplog):
        path = opened(desk, facility)
        token = path.removeprefix("/kalender/").removesuffix(".ics")
        with caplog.at_level("DEBUG"):
            client.get(path)
            client.get(path.replace(token, token[:-3]))
        from krams.web.logs import JsonFormatter

        lines = [JsonFormatter().format(record) for record in caplog.records]
        assert not any(token[:-3] in line for line in lines)


@pytest.mark.django_db
@pytest.mark.usefixtures("saturday_noon")
class TestContent:
    def events(self, client, path):
        parsed = Calendar.from_ical(client.get(path).content)
        return {str(one["uid"]): one for one in parsed.walk("VEVENT")}

    def test_has_plans_and_meetings_but_nothing_of_what_became_of_them(
        self, desk, client, facility
    ):
        plan = make_plan(facility, start_time=dt.time(10), responsible_role="Dagvagt")
        make_plan(facility, title="Når som helst", weekdays="", times_per_week=2)
        make_activity(facility, plan, TODAY - dt.timedelta(weeks=1), note="Hemmelig bemærkning")
        make_activity(
            facility,
            plan,
            TODAY - dt.timedelta(weeks=2),
            outcome=Outcome.CANCELLED,
            participant_count=None,
        )
        make_pause(plan, TODAY + dt.timedelta(weeks=1), TODAY + dt.timedelta(weeks=2), "Ferie")
        meeting = Meeting.objects.create(
            kind=MeetingKind.HOUSE,
            facility=facility,
            held_on=TODAY,
            starts_at=dt.time(15),
            place="Stuen",
            minutes="Hemmeligt referat",
            wishes="Hemmeligt ønske",
        )
        path = opened(desk, facility)
        text = client.get(path).content.decode()
        for secret in ("Hemmelig", "Ferie", "Dagvagt", "Når som helst"):
            assert secret not in text
        events = self.events(client, path)
        assert set(events) == {f"plan-{plan.pk}@krams", f"meeting-{meeting.pk}@krams"}
        held = occurrences(events[f"plan-{plan.pk}@krams"])
        assert TODAY in held
        assert TODAY - dt.timedelta(weeks=2) not in held
        assert TODAY + dt.timedelta(weeks=1) not in held
        assert dt.date(2026, 12, 26) not in held

    def test_costs_as_many_queries_for_many_plans(
        self, desk, client, facility, django_assert_num_queries
    ):
        path = opened(desk, facility)
        client.logout()
        make_plan(facility)
        with django_assert_num_queries(4):
            client.get(path)
        for number in range(30):
            make_pause(make_plan(facility, title=f"Aktivitet {number}"), TODAY)
        with django_assert_num_queries(4):
            client.get(path)


def test_the_audit_log_keeps_each_address_and_none_of_them(facility, make_user):
    manager = make_user(Role.MANAGER, facility=facility)
    tokens = [renew_link(facility=facility, version=number, by=manager) for number in (0, 1)]
    close_link(facility=facility, version=2, by=manager)
    kept = AuditEntry.objects.filter(kind=AuditKind.FEED).order_by("pk")
    assert [one.details["what"] for one in kept] == ["made", "renewed", "stopped"]
    assert {one.authority for one in kept} == {facility.department.municipality}
    assert not any(token in f"{one.about}{one.details}" for one in kept for token in tokens)
