"""The demo: refused on a real installation, true on any day, and never doubled."""

import datetime as dt
import os
import re
import socket
import subprocess
import sys
from collections import Counter, defaultdict
from html import unescape
from io import StringIO
from itertools import combinations
from unittest import mock

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone

import manage
from initiatives.demo.actions.activities import MANAGER, make_demo_activities
from initiatives.demo.actions.figures import latest_period_end, make_demo_figures, quarter_end
from initiatives.demo.how_plans_go import COURSES, HOLDS, STOPS, Habit
from initiatives.enums import AssessmentLevel, Verdict
from initiatives.followup.queries.overview import departments_of, read_tables
from initiatives.models import (
    Activity,
    Assessment,
    AttentionPoint,
    FacilityIndicator,
    Initiative,
    Measurement,
    Meeting,
    PlannedActivity,
    PlanPause,
)
from initiatives.sustain.weeks import Log
from krams.danish.weeks import Week
from krams.enums import Role
from krams.management.commands.demo import PASSWORD
from krams.models import Department, Membership, User
from krams.seeding.facts_files import FIXTURES
from tests.databases import filled_once
from tests.demo import DemoTestCase, run_demo
from tests.initiatives.one_plan import verdict

SATURDAY = dt.datetime(2026, 11, 21, 14, 0)


def at(moment: dt.datetime) -> dt.datetime:
    return timezone.make_aware(moment)


def load_facts() -> None:
    call_command("load_organisations", file=FIXTURES / "hjoerring.csv", stdout=StringIO())
    call_command("load_initiatives", stdout=StringIO())


def everything() -> dict[str, int]:
    """How many rows every table has, history included."""
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


# --- Who may run it ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_refuses_where_debug_is_off():
    before = everything()
    with pytest.raises(CommandError, match="DEBUG=1") as refused:
        call_command("demo", no_serve=True)
    assert refused.value.returncode == 1
    assert everything() == before
    assert not User.objects.exists()
    assert not Department.objects.exists()


@pytest.mark.parametrize(
    ("secret", "says"), [("only-for-this-test-" + "x" * 50, "DEBUG=1"), ("", "SECRET_KEY")]
)
def test_refuses_at_the_command_line_before_it_touches_the_database(tmp_path, secret, says):
    database = tmp_path / "portal.sqlite3"
    variables = {"DEBUG": "0", "SECRET_KEY": secret, "DATABASE_URL": f"sqlite:///{database}"}
    done = subprocess.run(
        [sys.executable, "manage.py", "demo", "--no-serve"],
        cwd=settings.BASE_DIR,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert not database.exists() or database.stat().st_size == 0


@pytest.mark.parametrize(
    ("arguments", "environment", "debug"),
    [
        (["demo"], {}, "1"),
        (["demo", "--no-serve"], {"DEBUG": "0"}, "0"),
        (["demo"], {"DEBUG": ""}, ""),
        (["runserver"], {}, None),
        (["migrate", "demo"], {}, None),
        ([], {}, None),
    ],
)
def test_only_the_demo_command_turns_debug_on(monkeypatch, arguments, environment, debug):
    monkeypatch.setattr(os, "environ", dict(environment))
    monkeypatch.setattr(sys, "argv", ["manage.py", *arguments])
    monkeypatch.setattr("django.core.management.execute_from_command_line", lambda argv: None)
    manage.main()
    assert os.environ.get("DEBUG") == debug


@pytest.mark.django_db
def test_a_port_in_use_is_named_before_anything_is_done(settings):
    settings.DEBUG = True
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CommandError, match=rf"{port}.*--port {port + 1}"):
            call_command("demo", port=port)
    assert not Department.objects.exists()
    with pytest.raises(CommandError, match="65535"):
        call_command("demo", port=70_000)


# --- The whole command ---------------------------------------------------------------------------

ROLES = {
    "medarbejder@demo.example": {(Role.STAFF, "Mosbjerghus")},
    "leder@demo.example": {
        (Role.MANAGER, "Socialpsykiatrien & Området for udsatte grupper"),
    },
    "redaktoer@demo.example": {(Role.EDITOR, "Rebild Kommune")},
    "koordinator@demo.example": {(Role.COORDINATOR, "Klynge Syd")},
    "laeser@demo.example": {(Role.VIEWER, "Klynge Syd"), (Role.VIEWER, "Mosbjerghus")},
    "admin@demo.example": set(),
}


class TestTheCommand(DemoTestCase):
    def test_a_second_run_changes_nothing_and_leaves_no_history(self):
        before = everything()
        passwords = dict(User.objects.values_list("email", "password"))
        run_demo()
        assert everything() == before
        assert dict(User.objects.values_list("email", "password")) == passwords

    def test_prints_who_can_log_in(self):
        assert PASSWORD in self.output
        assert all(email in self.output for email in ROLES)

    def test_one_person_a_role(self):
        roles = defaultdict(set)
        for membership in Membership.objects.all():
            roles[membership.user.email].add((membership.role, str(membership.scope)))
        assert {**{email: set() for email in ROLES}, **roles} == ROLES
        superusers = User.objects.filter(is_superuser=True)
        assert [user.email for user in superusers] == ["admin@demo.example"]

    def test_every_demo_person_can_log_in(self):
        for email in ROLES:
            with self.subTest(email=email):
                client = Client()
                response = client.post(
                    reverse("account_login"), {"login": email, "password": PASSWORD}
                )
                assert response.status_code == 302
                assert client.get(reverse("home"), follow=True).status_code == 200
                assert client.session["_auth_user_id"]

    def test_a_changed_password_is_set_back(self):
        person = User.objects.get(email="leder@demo.example")
        person.set_password("noget-helt-andet-2026")
        person.save()
        run_demo()
        person.refresh_from_db()
        assert person.check_password(PASSWORD)

    def test_what_a_person_wrote_stays(self):
        initiative = Initiative.objects.get()
        initiative.purpose = "Skrevet af en leder."
        initiative._history_user = User.objects.get(email="leder@demo.example")
        initiative.save()
        initiative.economy_lines.first().delete()
        goal = initiative.policy.goals.first()
        goal.text = "Omformuleret"
        goal._history_user = initiative._history_user
        goal.save()
        run_demo()
        initiative.refresh_from_db()
        goal.refresh_from_db()
        assert initiative.purpose == "Skrevet af en leder."
        assert initiative.economy_lines.count() == 2
        assert goal.text == "Omformuleret"


# --- What becomes of the plans -------------------------------------------------------------------


def log_of(planned: PlannedActivity) -> Log:
    log = Log()
    for day, fate in planned.activities.standing().with_fate().values_list("held_on", "fate"):
        log.add(Week.of(day), fate, 1)
    return log


def verdicts(today: dt.date) -> dict[str, Verdict]:
    return {
        f"{planned.facility}: {planned}": verdict(planned.as_plan(), log_of(planned), today).verdict
        for planned in PlannedActivity.objects.with_pauses().select_related("facility")
    }


def assert_one_of_each_and_the_rest_hold(today: dt.date) -> None:
    by_verdict = defaultdict(list)
    for name, found in verdicts(today).items():
        by_verdict[found].append(name)
    assert by_verdict.pop(Verdict.FADING) == ["Mosbjerghus: Gåtur i stedet for aftenrygning"]
    assert by_verdict.pop(Verdict.STALLED) == ["Mosbjerghus: Kaffefri eftermiddag"]
    assert by_verdict.pop(Verdict.PAUSED) == ["Mosbjerghus: Temaaften om rusmidler"]
    assert set(by_verdict) == {Verdict.HOLDING}, by_verdict
    assert len(by_verdict[Verdict.HOLDING]) == PlannedActivity.objects.count() - 3


def plan_days() -> Counter:
    return Counter(Activity.objects.values_list("facility", "title", "held_on"))


class TestActivities(TestCase):
    @classmethod
    def setUpClass(cls):
        cls.enterClassContext(filled_once(load_facts, "facts"))
        super().setUpClass()

    def test_one_fades_one_stopped_one_is_paused_and_the_rest_hold_on_any_day(self):
        moments = [
            SATURDAY,
            dt.datetime(2026, 11, 23, 7, 0),  # Monday: last week has just become complete
            dt.datetime(2027, 1, 3, 23, 30),  # the last day of week 53
            dt.datetime(2027, 3, 28, 2, 30),  # an hour that summer time skips
        ]
        for moment in moments:
            with (
                self.subTest(moment=moment),
                # The history is another test's concern, and takes most of the time.
                mock.patch(
                    "initiatives.demo.actions.activities.create_with_history",
                    Activity.objects.bulk_create,
                ),
                transaction.atomic(),
            ):
                make_demo_activities(at(moment))
                assert_one_of_each_and_the_rest_hold(moment.date())
                transaction.set_rollback(True)

    def test_what_is_registered_today_lies_behind_us(self):
        for hour, registered in ((7, 0), (9, 0), (10, 1), (14, 2), (23, 2)):
            with self.subTest(hour=hour):
                now = SATURDAY.replace(hour=hour)
                make_demo_activities(at(now))
                today = Activity.objects.filter(facility__slug="mosbjerghus", held_on=now.date())
                assert today.count() == registered
                assert all(activity.registered_at < at(now) for activity in today)
                assert not Activity.objects.filter(held_on__gt=now.date()).exists()

    def test_on_no_day_of_the_week_everything_is_registered(self):
        for days in range(7):
            with self.subTest(days=days):
                now = SATURDAY.replace(hour=23) + dt.timedelta(days=days)
                make_demo_activities(at(now))
                here = {"facility__slug": "mosbjerghus"}
                registered = Activity.objects.filter(held_on=now.date(), **here)
                planned = PlannedActivity.objects.filter(
                    weekdays__contains=now.isoweekday(), **here
                )
                assert registered.count() < planned.count()


def load_saturday() -> None:
    load_facts()
    make_demo_activities(at(SATURDAY))


class OfSaturday(TestCase):
    """Facts and activities up to that afternoon."""

    @classmethod
    def setUpClass(cls):
        cls.enterClassContext(filled_once(load_saturday, "activities up to Saturday"))
        super().setUpClass()


class TestActivitiesOfSaturday(OfSaturday):
    def test_a_later_run_goes_on_to_the_new_day_without_doubling(self):
        before = set(Activity.objects.values_list("pk", "held_on", "outcome"))
        for days in (1, 2, 9, 40, 41):
            moment = SATURDAY + dt.timedelta(days=days)
            make_demo_activities(at(moment))
            with self.subTest(days=days):
                assert_one_of_each_and_the_rest_hold(moment.date())
                assert set(plan_days().values()) == {1}
                assert before <= set(Activity.objects.values_list("pk", "held_on", "outcome"))
        assert PlannedActivity.objects.count() == PlannedActivity.history.count()
        assert Activity.objects.count() == Activity.history.count()

    def test_registrations_are_labelled_and_plausible(self):
        assert set(Activity.objects.values_list("source", flat=True)) == {"demo"}
        first = Activity.objects.order_by("held_on").first().held_on
        assert first == (Week.of(SATURDAY.date()) - 25).monday
        reasons = Counter(
            Activity.objects.filter(outcome="cancelled").values_list(
                "cancellation_reason", flat=True
            )
        )
        assert set(reasons) == {
            *("staffing", "no_interest", "weather", "closed", "illness", "economy"),
        }
        assert not Activity.objects.filter(outcome="held", participant_count=0).exists()
        fading = Activity.objects.filter(
            title="Gåtur i stedet for aftenrygning",
            outcome="cancelled",
            held_on__gte=(Week.of(SATURDAY.date()) - 4).monday,
        )
        assert fading.filter(cancellation_reason="staffing").exists()

    def test_registered_when_it_was_over_and_the_history_says_so(self):
        activity = Activity.objects.filter(title="Fælles gåtur").earliest("held_on")
        over = timezone.localtime(activity.registered_at)
        assert (over.date(), over.time()) == (activity.held_on, dt.time(10, 40))
        record = activity.history.get()
        assert (record.history_date, record.history_change_reason) == (
            activity.registered_at,
            "Demo",
        )

    def test_something_of_yesterday_is_not_written_up_yet(self):
        friday = SATURDAY.date() - dt.timedelta(days=1)
        titles = set(
            Activity.objects.filter(facility__slug="mosbjerghus", held_on=friday).values_list(
                "title", flat=True
            )
        )
        assert "Fælles gåtur" not in titles
        assert "Fælles morgenmad" in titles

    def test_a_pause_that_a_person_ended_is_not_put_off(self):
        pause = PlanPause.objects.get()
        assert pause.reason
        assert pause.restarts_on > SATURDAY.date()
        pause.restarts_on = SATURDAY.date()
        pause._history_user = User.objects.create_user("leder@demo.example", name="Leder")
        pause._change_reason = "Startet igen"
        pause.save()
        make_demo_activities(at(SATURDAY + dt.timedelta(days=3)))
        pause.refresh_from_db()
        assert pause.restarts_on == SATURDAY.date()


def test_a_plan_that_holds_keeps_three_quarters_of_any_four_weeks():
    """Whatever its weekdays and name; that is what the verdict "holding" asks for."""
    start = dt.date(2026, 1, 5)
    today = start + dt.timedelta(weeks=80)
    for size in (1, 2, 3, 5, 6, 7):
        for weekdays in list(combinations(range(1, 8), size))[:6]:
            habit = Habit(f"sted/{weekdays}", weekdays, HOLDS, (1, 3), ("staffing",))
            held = [
                sum(
                    habit.on(start + dt.timedelta(weeks=week, days=day - 1), today).reason == ""
                    for day in weekdays
                )
                for week in range(60)
            ]
            worst = min(sum(held[week : week + 4]) for week in range(57))
            assert worst >= 3 * size, (weekdays, worst)
            assert sum(held) < 60 * size, "a plan that is never cancelled is not plausible"


@pytest.mark.parametrize("course", COURSES)
def test_the_course_of_a_day_is_the_same_however_often_it_is_asked(course):
    habit = Habit("sted/gåtur", (2, 4), course, (2, 5), ("weather", "staffing"))
    today = dt.date(2026, 11, 21)
    days = [today - dt.timedelta(days=back) for back in range(90)]
    assert [habit.on(day, today) for day in days] == [habit.on(day, today) for day in days]
    counts = [became.participant_count for day in days if (became := habit.on(day, today))]
    assert {count for count in counts if count is not None} <= set(range(2, 6))


def test_what_stopped_was_cancelled_each_time():
    """What nobody had written down could not be told to have stopped."""
    today = dt.date(2026, 11, 21)
    habit = Habit("sted/kaffe", (3, 6), STOPS, (2, 5), ("no_interest",))
    days = [today - dt.timedelta(days=back) for back in range(35)]
    came = [habit.on(day, today) for day in days if day.isoweekday() in (3, 6)]
    assert {one.reason for one in came} == {"no_interest"}


# --- Measurements and meetings -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "quarter", "half_year"),
    [
        (dt.date(2026, 11, 21), dt.date(2026, 9, 30), dt.date(2026, 6, 30)),
        (dt.date(2026, 12, 31), dt.date(2026, 9, 30), dt.date(2026, 6, 30)),
        (dt.date(2027, 1, 1), dt.date(2026, 12, 31), dt.date(2026, 12, 31)),
        (dt.date(2027, 4, 1), dt.date(2027, 3, 31), dt.date(2026, 12, 31)),
        (dt.date(2028, 7, 15), dt.date(2028, 6, 30), dt.date(2028, 6, 30)),
    ],
)
def test_periods_that_are_over(today, quarter, half_year):
    assert quarter_end(today, 0) == latest_period_end(today, 1) == quarter
    assert latest_period_end(today, 2) == half_year
    assert quarter_end(today, 4) == quarter.replace(year=quarter.year - 1)


class TestFigures(OfSaturday):
    @classmethod
    def setUpTestData(cls):
        make_demo_figures(SATURDAY.date())

    def latest(self, facility: str, criterion: int, indicator: int = 1) -> Measurement | None:
        return Measurement.objects.filter(
            facility_indicator__facility__name=facility,
            facility_indicator__indicator__criterion__number=criterion,
            facility_indicator__indicator__position=indicator,
        ).last()

    def followed(self, facility: str, criterion: int, indicator: int = 1) -> FacilityIndicator:
        return FacilityIndicator.objects.get(
            facility__name=facility,
            indicator__criterion__number=criterion,
            indicator__position=indicator,
        )

    def test_some_reached_and_some_not(self):
        reached, short = self.latest("Mosbjerghus", 1), self.latest("Mosbjerghus", 2)
        assert reached.value >= reached.facility_indicator.target
        assert short.value < short.facility_indicator.target
        assert (short.numerator, short.denominator) == (10, 18)
        less = self.latest("Botilbud A", 5, 2)
        assert less.value <= less.facility_indicator.target < less.facility_indicator.baseline

    def test_one_overdue_one_without_data_one_with_few_people(self):
        overdue = self.latest("Misbrugscenter Hjørring", 4)
        assert overdue.measured_on == dt.date(2025, 6, 30)
        others = Measurement.objects.exclude(facility_indicator=overdue.facility_indicator)
        newest = defaultdict(set)
        for row in others:
            newest[row.facility_indicator].add(row.measured_on)
        assert all(max(days) >= dt.date(2026, 6, 30) for days in newest.values())
        assert not self.followed("Mosbjerghus", 5).measurements.exists()
        assert FacilityIndicator.objects.filter(measurements=None).count() == 1
        assert self.latest("Botilbud B", 3).denominator < 5

    def test_the_overview_hides_one_house_whoever_reads(self):
        manager = User.objects.create(email=MANAGER)
        department = Department.objects.get(facilities__name="Mosbjerghus")
        Membership.objects.create(user=manager, role=Role.MANAGER, department=department)
        viewer = User.objects.create(email="laeser@proeve.example")
        Membership.objects.create(user=viewer, role=Role.VIEWER, department=department)
        for reader in (manager, viewer):
            [table] = read_tables(departments_of(reader).get(), reader, SATURDAY.date())
            assert [
                (row.name, cell.column.number)
                for row in table.rows
                for cell in row.cells
                if any(one.is_hidden for one in cell.tracked)
            ] == [("Botilbud B", 3)]
        [table] = read_tables(departments_of(manager).get(), manager, SATURDAY.date())
        cells = {(row.name, cell.column.number): cell for row in table.rows for cell in row.cells}
        [smoking] = cells["Mosbjerghus", 3].tracked
        # One person is no change in a place of fifteen.
        assert not smoking.is_worse
        assert cells["Mosbjerghus", 3].level == AssessmentLevel.NOT_MET
        assert not any(
            figure.is_small
            for (name, _number), cell in cells.items()
            for one in cell.tracked
            for figure in one.figures
            if name != "Botilbud B"
        )

    def test_the_first_measurement_is_the_baseline(self):
        followed = self.followed("Mosbjerghus", 2)
        first = followed.measurements.first()
        assert (followed.baseline, followed.baseline_on) == (first.value, first.measured_on)
        assert followed.target_on == dt.date(2027, 3, 31)

    def test_nothing_is_measured_in_the_future_or_before_the_indicator(self):
        for measurement in Measurement.objects.select_related("facility_indicator__indicator"):
            starts_on = measurement.facility_indicator.indicator.starts_on
            assert starts_on <= measurement.measured_on <= SATURDAY.date()

    def test_assessments_have_reasons(self):
        assert Assessment.objects.count() == 12
        assert not Assessment.objects.filter(reason="").exists()

    def test_a_house_meeting_before_and_one_to_come(self):
        earlier, coming = Meeting.objects.order_by("held_on")
        assert earlier.held_on < SATURDAY.date() < coming.held_on
        assert coming.held_on == dt.date(2026, 11, 26)
        decisions = earlier.decisions.all()
        assert len(decisions) == 3
        assert all(decision.closed_on is None for decision in decisions)
        assert all(decision.planned_activity for decision in decisions)
        assert sum(decision.due_on < SATURDAY.date() for decision in decisions) == 1

    def test_an_attention_point_waits_to_be_followed_up(self):
        """The one that the municipality's form calls the biggest challenge: keeping it up."""
        point = AttentionPoint.objects.get(position=2)
        assert "over tid" in point.text
        assert point.follow_up_on == dt.date(2026, 11, 1)
        assert AttentionPoint.objects.get(position=1).follow_up_on is None

    def test_the_central_risk_reaches_the_agenda_of_the_next_meeting(self):
        """Keeping the activities up: the document asks for close follow-up of just this."""
        coming = Meeting.objects.get(held_on__gt=SATURDAY.date())
        point = AttentionPoint.objects.get(position=2)
        manager = User.objects.create_user("leder.proeve@demo.example", name="Leder")
        department = Department.objects.get(facilities__name="Mosbjerghus")
        Membership.objects.create(user=manager, role=Role.MANAGER, department=department)
        client = Client()
        client.force_login(manager)
        assert point.text in unescape(client.get(coming.get_absolute_url()).content.decode())
        AttentionPoint.objects.update(follow_up_on=None)
        assert point.text not in unescape(client.get(coming.get_absolute_url()).content.decode())

    def test_a_later_run_adds_the_new_quarter_and_the_next_meeting_only(self):
        before = everything()
        make_demo_figures(SATURDAY.date())
        assert everything() == before
        values = dict(Measurement.objects.values_list("pk", "value"))
        make_demo_figures(dt.date(2027, 1, 8))
        kept = Measurement.objects.filter(pk__in=values)
        assert dict(kept.values_list("pk", "value")) == values
        assert self.latest("Mosbjerghus", 2).measured_on == dt.date(2026, 12, 31)
        assert Assessment.objects.count() == 12
        assert Meeting.objects.filter(held_on__gt=dt.date(2027, 1, 8)).count() == 1
        assert Meeting.objects.count() == 3


def test_demo_texts_name_nobody():
    """Roles and places only; no e-mail address but those of the demo, nothing like a CPR number."""
    for path in FIXTURES.glob("demo_*"):
        text = path.read_text(encoding="utf-8")
        assert set(re.findall(r"@[\w.]+", text)) <= {"@demo.example"}
        assert not re.search(r"\d{6}-?\d{4}", text)
