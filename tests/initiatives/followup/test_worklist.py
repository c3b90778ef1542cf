"""The first page says of the departments what the pages behind it say, in as many queries."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from initiatives.enums import IndicatorKind, MeetingKind, Outcome, Repeats
from initiatives.followup.queries.completeness import read_completeness
from initiatives.followup.queries.worklist import sections
from initiatives.models import Decision, FollowUpSettings, Indicator, Meeting
from krams.enums import Role
from krams.mail.digests import compose
from krams.models import Department, Facility, Membership, User
from krams.worklist.sections import Kind
from tests.demo import DemoTestCase

from ..making_criteria import make_criterion, make_initiative, measure
from ..planning import TODAY, make_activity, make_pause, make_plan

MONDAY = TODAY - dt.timedelta(days=TODAY.weekday())
NOON = dt.datetime(2026, 11, 21, 12)


def needs(user, department):
    """Address, title and text of what the first page says of a department."""
    return {
        (line.path, line.head, line.text, line.word)
        for section in sections(user, timezone.localdate())
        if section.kind is Kind.NEEDS and section.place == department.name
        for line in section.lines
    }


def on_the_overview(client, department):
    """The same of the page behind, as far as the person may do something about it."""
    answer = client.get(reverse("initiatives:overview", args=[department.slug]), {"alle": "1"})
    return {
        (one.url, str(one.title), str(one.text), str(one.word))
        for one in answer.context["concerns"]
        if one.may_act
    }


class OnTheDemo(DemoTestCase):
    def test_each_day_of_half_a_year_says_what_the_overview_says(self):
        department = Department.objects.get()
        seen = set()
        for days in (0, 3, 8, 20, 50, 120):
            with time_machine.travel(timezone.now() + dt.timedelta(days=days), tick=False):
                for who in ("leder", "medarbejder", "laeser"):
                    client = self.client_of(who)
                    user = User.objects.get(email=f"{who}@demo.example")
                    found = needs(user, department)
                    assert found == on_the_overview(client, department), (who, days)
                    seen |= {word for _path, _title, _text, word in found}
        assert len(seen) >= 5, seen

    def test_the_e_mail_says_the_same_with_the_next_meeting_and_what_holds(self):
        department = Department.objects.get()
        user = User.objects.get(email="leder@demo.example")
        with override_settings(PORTAL_URL="https://portal.example.dk"):
            letter = compose(User.objects.get(pk=user.pk), timezone.localdate()).body
        for path, head, text, _word in needs(user, department):
            assert f"https://portal.example.dk{path}\n" in letter
            assert head in letter
            assert text in letter
        for title in (department.name.upper(), "Næste møder", "Det holder"):
            assert title in letter
        for title in ("Denne uge", "Dine botilbud"):
            assert title not in letter


@pytest.fixture
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def manager(make_user, department):
    return make_user(Role.MANAGER, department=department)


def fill(facility):
    """A plan that stalls, one that fades, a pause without an end and a late decision."""
    stalled = make_plan(facility, "Svømning", weekdays="1")
    for weeks in range(5, 13):
        make_activity(facility, stalled, MONDAY - dt.timedelta(weeks=weeks))
    fading = make_plan(facility, "Gåtur", weekdays="1")
    for weeks in (1, 5, 6, 7, 8):
        make_activity(facility, fading, MONDAY - dt.timedelta(weeks=weeks))
    for weeks in (2, 3, 4):
        day = MONDAY - dt.timedelta(weeks=weeks)
        make_activity(facility, fading, day, outcome=Outcome.CANCELLED)
    make_pause(make_plan(facility, "Yoga", weekdays="2"), TODAY - dt.timedelta(weeks=7))
    held = Meeting.objects.create(
        facility=facility, kind=MeetingKind.HOUSE, held_on=TODAY - dt.timedelta(weeks=3)
    )
    Decision.objects.create(
        meeting=held,
        text="Fast vagt",
        responsible_role="Leder",
        due_on=TODAY - dt.timedelta(days=3),
    )
    Meeting.objects.create(
        facility=facility, kind=MeetingKind.HOUSE, held_on=TODAY + dt.timedelta(days=3)
    )


def test_departments_of_municipalities_with_other_thresholds_are_judged_by_their_own(
    noon, login, manager, department, facility, other_facility
):
    fill(facility)
    fill(other_facility)
    other = other_facility.department
    Membership.objects.create(user=manager, role=Role.MANAGER, department=other)
    FollowUpSettings.objects.create(
        municipality=other.municipality, recent_weeks=2, earlier_weeks=2, holding_percent=40
    )
    client = login(manager)
    both = [needs(manager, one) for one in (department, other)]
    assert both == [on_the_overview(client, one) for one in (department, other)]
    assert {word for *_line, word in both[0]} != {word for *_line, word in both[1]}


def test_a_measurement_is_named_as_on_the_overview_whatever_else_the_criterion_counts(
    noon, login, manager, department, facility
):
    criterion = make_criterion(make_initiative(department, facility))
    indicator = criterion.indicators.get()
    measure(facility, indicator, (3, 10), days=[dt.date(2026, 3, 31)])
    client = login(manager)
    for kind in (None, IndicatorKind.LOG):
        if kind:
            Indicator.objects.create(
                criterion=criterion,
                position=2,
                name="Gange om ugen",
                kind=kind,
                direction="more",
                unit="gange",
                starts_on=dt.date(2026, 1, 1),
                log_measure="sessions",
                log_factor="M",
            )
        found = needs(manager, department)
        assert found == on_the_overview(client, department)
        assert len(found) == 1


def test_this_week_is_what_the_page_of_the_weeks_says_when_it_is_over(
    manager, department, facility
):
    plan = make_plan(facility, "Gåtur", weekdays="135")
    make_activity(facility, plan, MONDAY)
    make_activity(facility, plan, MONDAY + dt.timedelta(days=2), outcome=Outcome.CANCELLED)
    twice = make_plan(facility, "Madlavning", weekdays="", times_per_week=2)
    for days in range(3):
        make_activity(facility, twice, MONDAY + dt.timedelta(days=days))
    sunday = MONDAY + dt.timedelta(days=6)
    with time_machine.travel(dt.datetime.combine(sunday, dt.time(20)), tick=False):
        [line] = [
            line
            for section in sections(manager, sunday)
            if section.kind is Kind.NOW
            for line in section.lines
        ]
    monday = sunday + dt.timedelta(days=1)
    with time_machine.travel(dt.datetime.combine(monday, dt.time(8)), tick=False):
        _week, filled = read_completeness(department, manager, monday).rows[0].weeks[-1]
    assert (filled.registered, filled.expected) == (4, 5)
    assert "4 af ugens 5 planlagte gange" in line.text


def test_planned_today_is_what_has_its_turn_today(noon, manager, facility):
    """TODAY is a Saturday; 25 December 2026 is a Friday."""
    make_plan(facility, "Gåtur", weekdays="567")
    between = TODAY - dt.timedelta(weeks=1)
    make_plan(facility, "Sang", weekdays="6", repeats=Repeats.FORTNIGHTLY, anchor=between)

    def said(day):
        [line] = [
            line
            for section in sections(manager, day)
            if section.kind is Kind.NOW
            for line in section.lines
        ]
        return line.text

    assert "I dag står 1 aktivitet på planen" in said(TODAY)
    assert "I dag står 2 aktiviteter på planen" in said(TODAY + dt.timedelta(weeks=1))
    christmas = dt.date(2026, 12, 25)
    with time_machine.travel(dt.datetime.combine(christmas, dt.time(12)), tick=False):
        assert "I dag" not in said(christmas)


def test_the_next_meeting_of_each_place_and_none_that_is_over(noon, manager, facility):
    fill(facility)
    later = Meeting.objects.create(
        facility=facility, kind=MeetingKind.HOUSE, held_on=TODAY + dt.timedelta(days=30)
    )
    own = Meeting.objects.create(
        department=facility.department,
        kind=MeetingKind.MANAGEMENT,
        held_on=TODAY + dt.timedelta(days=1),
        starts_at=dt.time(14),
    )
    [told] = [one for one in sections(manager, TODAY) if one.title == "Næste møder"]
    assert told.lines[0].path == reverse("initiatives:meeting", args=[own.pk])
    assert len(told.lines) == 2
    assert reverse("initiatives:meeting", args=[later.pk]) not in {x.path for x in told.lines}
    assert "kl. 14" in told.lines[0].text


def test_of_a_day_the_meeting_without_a_time_comes_first_on_every_page(
    noon, login, manager, facility
):
    """SQLite and PostgreSQL put rows without a value at different ends."""
    day = TODAY + dt.timedelta(days=3)
    timed, untimed = (
        Meeting.objects.create(
            facility=facility, kind=MeetingKind.HOUSE, held_on=day, starts_at=starts_at
        )
        for starts_at in (dt.time(10), None)
    )
    [told] = [one for one in sections(manager, TODAY) if one.title == "Næste møder"]
    assert told.lines[0].path == reverse("initiatives:meeting", args=[untimed.pk])
    client = login(manager)
    listed = client.get(reverse("initiatives:meetings", args=[facility.slug])).context["coming"]
    assert listed == [untimed, timed]
    today = client.get(reverse("initiatives:today", args=[facility.slug])).context["facility"]
    assert today.meeting_id == untimed.pk


def test_nothing_to_do_says_so_and_what_comes_next(noon, manager, facility):
    def sentence():
        return next(one.otherwise for one in sections(manager, TODAY) if one.otherwise)

    assert sentence() == (
        "Intet her kræver din opmærksomhed lige nu. Der er ikke planlagt noget møde."
    )
    Meeting.objects.create(
        facility=facility, kind=MeetingKind.HOUSE, held_on=TODAY + dt.timedelta(days=3)
    )
    assert "Det næste er Husmøde, Bakkehuset, tirsdag 24. november." in sentence()


def test_who_has_no_role_here_costs_no_query(make_user, municipality):
    editor = make_user(Role.EDITOR, authority=municipality)
    editor = User.objects.get_with_scopes(editor.pk)
    with CaptureQueriesContext(connection) as queries:
        assert not list(sections(editor, TODAY))
    assert not queries


def test_five_queries_at_most_however_many_departments(noon, manager, department, facility):
    def count():
        user = User.objects.get_with_scopes(manager.pk)
        with CaptureQueriesContext(connection) as queries:
            assert list(sections(user, TODAY))
        return len(queries)

    fill(facility)
    one = count()
    for number in range(30):
        other = Department.objects.create(
            municipality=department.municipality, name=f"Afd. {number}", slug=f"a{number}"
        )
        fill(Facility.objects.create(department=other, name="Hus", slug=f"hus-{number}"))
        Membership.objects.create(user=manager, role=Role.MANAGER, department=other)
    assert count() == one <= 4
