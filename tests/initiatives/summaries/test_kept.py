"""Summaries say what the log says, whatever was written, in whatever way, by however many."""

import datetime as dt
import random
import threading
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import QuerySet
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from initiatives.enums import ActivitySource, CancellationReason, Outcome
from initiatives.followup.completeness import is_late
from initiatives.models import (
    NO_PLAN,
    Activity,
    MonthSummary,
    WeekSummary,
)
from initiatives.summaries.actions import keep, keep_after_migrate
from initiatives.summaries.definition import BY_WEEK, SUMMARIES
from initiatives.summaries.queries import differences, missing_triggers
from initiatives.summaries.triggers import drop_sql
from krams.danish.weeks import Week
from krams.enums import AuthorityKind
from krams.models import Authority, Department, Facility
from tests.databases import LOG_IS_DIVIDED
from tests.migrating import going_back, rendering_less

from ..planning import make_activity, make_plan, make_type

NEW_YEAR = dt.date(2026, 12, 31)
DAYS = [NEW_YEAR + dt.timedelta(days) for days in (-40, -8, -4, -3, 0, 1, 3, 4, 90)]
FATES = [
    {"outcome": Outcome.HELD, "participant_count": 7},
    {"outcome": Outcome.HELD, "participant_count": 1},
    {"outcome": Outcome.HELD, "participant_count": 0},
    # No form writes it; what came from elsewhere may have no number.
    {"outcome": Outcome.HELD, "participant_count": None},
    *(
        {"outcome": Outcome.CANCELLED, "participant_count": None, "cancellation_reason": reason}
        for reason in CancellationReason
    ),
]


def live_weeks() -> dict:
    """What the week summaries should say, worked out in Python as pages do."""
    found: dict = defaultdict(lambda: [0, 0, 0, 0, 0])
    for one in Activity.objects.standing().with_fate():
        week = Week.of(one.held_on)
        plan = one.planned_activity_id or NO_PLAN
        sums = found[one.facility_id, week.monday, plan, one.factors, one.fate]
        written = Week.of(timezone.localtime(one.registered_at).date()).monday
        is_held = one.outcome == Outcome.HELD
        more = (
            1,
            is_held and one.participant_count == 0,
            one.participant_count or 0,
            is_held and one.participant_count is None,
            is_late(week.monday, written, one.source),
        )
        found[one.facility_id, week.monday, plan, one.factors, one.fate] = [
            have + plus for have, plus in zip(sums, more, strict=True)
        ]
    return {key: tuple(sums) for key, sums in found.items()}


def live_months() -> dict:
    found: dict = defaultdict(Counter)
    for one in Activity.objects.standing().with_fate():
        is_held = one.outcome == Outcome.HELD
        found[one.facility_id, one.held_on.replace(day=1), one.factors].update(
            times=1,
            held=one.fate == "held",
            nobody=is_held and one.participant_count == 0,
            participants=one.participant_count or 0,
            unknown=is_held and one.participant_count is None,
        )
    names = ("times", "held", "nobody", "participants", "unknown")
    return {key: tuple(sums[name] for name in names) for key, sums in found.items()}


def assert_exact():
    weeks = {
        (one.facility_id, one.monday, one.plan, one.factors, one.fate): (
            *(one.times, one.nobody, one.participants, one.unknown, one.late),
        )
        for one in WeekSummary.objects.all()
    }
    assert weeks == live_weeks()
    months = {
        (one.facility_id, one.month, one.factors): (
            *(one.times, one.held, one.nobody, one.participants, one.unknown),
        )
        for one in MonthSummary.objects.all()
    }
    assert months == live_months()
    # And in the database's own words.
    assert [differences(summary, connection) for summary in SUMMARIES] == [(0, [])] * 2


class Log:
    """Writes the log in all the ways in which rows come, change and go."""

    def __init__(self, facilities, plans, kind, choose: random.Random):
        self.facilities, self.plans, self.kind, self.choose = facilities, plans, kind, choose

    def row(self) -> Activity:
        pick = self.choose.choice
        return Activity(
            facility_id=pick(self.facilities),
            planned_activity_id=pick([None, *self.plans]),
            activity_type_id=self.kind,
            title="Gåtur",
            factors=pick(["M", "KM", "KRAMS"]),
            held_on=pick(DAYS),
            source=pick(ActivitySource.values),
            submission_id=uuid.uuid4(),
            **pick(FATES),
        )

    def some(self):
        """Rows of the log, perhaps none."""
        keys = list(Activity.objects.order_by("pk").values_list("pk", flat=True))
        chosen = self.choose.sample(keys, min(len(keys), self.choose.randint(0, 3)))
        return Activity.objects.filter(pk__in=chosen)

    def insert(self):
        self.row().save()

    def insert_many(self) -> list[Activity]:
        return Activity.objects.bulk_create([self.row() for _number in range(5)])

    def insert_again(self):
        rows = [self.row(), self.row()]
        for row, there in zip(rows, self.some(), strict=False):
            row.facility_id, row.submission_id = there.facility_id, there.submission_id
        # Past the search, which takes no write that leaves open what became of a row.
        QuerySet(Activity).bulk_create(rows, ignore_conflicts=True)

    def insert_or_update(self):
        rows = [self.row(), self.row()]
        for row, there in zip(rows, self.some(), strict=False):
            row.pk = there.pk
        given = [row for row in rows if row.pk]
        QuerySet(Activity).bulk_create(
            given,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["held_on", "factors", "facility"],
        )

    def copy(self):
        if connection.vendor != "postgresql":
            return self.insert_many()
        names = "facility_id, activity_type_id, planned_activity_id, title, factors, held_on,"
        names += " outcome, participant_count, cancellation_reason, cancellation_text, note,"
        names += " source, registered_at, version, updated_at"
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY initiatives_activity ({names}) FROM STDIN") as target,
        ):
            for one in (self.row() for _number in range(4)):
                now = timezone.now()
                target.write_row(
                    [
                        *(one.facility_id, one.activity_type_id, one.planned_activity_id),
                        *(one.title, one.factors, one.held_on, one.outcome),
                        *(one.participant_count, one.cancellation_reason, "", ""),
                        *(one.source, now, 1, now),
                    ]
                )

    def change_date(self):
        self.some().update(held_on=self.choose.choice(DAYS))

    def change_fate(self):
        self.some().update(**{"cancellation_reason": "", **self.choose.choice(FATES)})

    def change_all(self):
        # Another writer may be deleting it.
        for there in self.some().select_for_update():
            row = self.row()
            row.pk, row.registered_at, row.removed_at = there.pk, timezone.now(), there.removed_at
            row.save(force_update=True)

    def move(self):
        self.some().update(facility=self.choose.choice(self.facilities))

    def change_plan(self):
        self.some().update(planned_activity=self.choose.choice([None, *self.plans]))

    def write_late(self):
        days = self.choose.randint(-3, 20)
        for one in self.some():
            at = dt.datetime.combine(one.held_on, dt.time(), timezone.get_current_timezone())
            self.some().filter(pk=one.pk).update(registered_at=at + dt.timedelta(days=days))

    def note(self):
        self.some().update(note="Solskin", source=self.choose.choice(ActivitySource.values))

    def remove(self):
        self.some().update(removed_at=timezone.now())

    def restore(self):
        self.some().update(removed_at=None)

    def delete(self):
        for one in self.some():
            one.delete()

    def delete_many(self):
        self.some().delete()

    def roll_back(self):
        with transaction.atomic():
            made = self.insert_many()
            # Its own: whoever holds another row may be waiting for what the first statement locked.
            own = Activity.objects.filter(pk__in=[one.pk for one in made])
            own.update(held_on=self.choose.choice(DAYS))
            transaction.set_rollback(True)


# ON CONFLICT names one index, which a divided log has not; nothing of ours uses it.
WHOLE_ONLY = {"insert_again", "insert_or_update"} if LOG_IS_DIVIDED else set()
WAYS = [name for name in vars(Log) if name[0] != "_" and name not in {"row", "some"} | WHOLE_ONLY]


def a_place() -> tuple[list[int], list[int], int]:
    authority = Authority.objects.create(
        kind=AuthorityKind.MUNICIPALITY, code="9001", name="Nordby", official_name="N", slug="n"
    )
    department = Department.objects.create(municipality=authority, name="Psykiatri", slug="p")
    places = [
        Facility.objects.create(department=department, name=name, slug=name.lower())
        for name in ("Bakken", "Engen")
    ]
    plans = [make_plan(place) for place in places for _number in range(2)]
    return [one.pk for one in places], [one.pk for one in plans], make_type().pk


class AnyMix(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.places = a_place()

    @settings(max_examples=40)
    @given(st.lists(st.sampled_from(WAYS), min_size=1, max_size=15), st.randoms())
    def test_after_any_mix_of_writes_the_summaries_are_the_sums(self, ways, choose):
        log = Log(*self.places, choose)
        log.insert_many()
        for way in ways:
            getattr(log, way)()
        assert_exact()
        Activity.objects.all().delete()
        assert not WeekSummary.objects.exists()
        assert not MonthSummary.objects.exists()


def change_one(change: Callable[[], None]) -> None:
    """Once more where the row went to another year's part while this writer waited for it.

    PostgreSQL refuses that one statement. The portal's own writers hold the facility first.
    """
    try:
        with transaction.atomic():
            change()
    except OperationalError as error:
        if not LOG_IS_DIVIDED or "moved to another partition" not in str(error):
            raise
        change_one(change)


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_lose_nothing_and_never_lock_each_other_out():
    places = a_place()
    Log(*places, random.Random(0)).insert_many()
    barrier = threading.Barrier(6)
    # One row each at a time: two who change the same rows in another order wait for each other
    # with and without summaries.
    ways = ["insert", "insert_many", "copy", "roll_back"]

    def work(number: int) -> None:
        choose = random.Random(number)
        log = Log(*places, choose)
        barrier.wait(timeout=60)
        try:
            for _number in range(12):
                with transaction.atomic():
                    getattr(log, choose.choice(ways))()
                key = Activity.objects.order_by("?").values_list("pk", flat=True).first()
                log.some = lambda key=key: Activity.objects.filter(pk=key)
                change = ("change_date", "change_all", "change_fate", "move", "delete_many")
                change_one(getattr(log, choose.choice([*change, "remove", "restore"])))
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    assert Activity.objects.count() > 50
    assert_exact()


@pytest.mark.django_db
def test_late_is_late_by_the_clock_in_denmark(facility):
    """SQLite has the rule of summer time in its trigger: were it changed, this would tell."""
    kind, zone = make_type(), timezone.get_current_timezone()
    first = Week.of(dt.date(2024, 1, 1))
    rows, written = [], []
    for number in range(20 * 52):
        monday = (first + number).monday
        midnight = dt.datetime.combine(monday + dt.timedelta(14), dt.time(), zone)
        for at in (midnight, midnight - dt.timedelta(microseconds=1)):
            written.append(at)
            rows.append(
                Activity(
                    facility=facility,
                    activity_type=kind,
                    title="Gåtur",
                    factors="M",
                    held_on=monday + dt.timedelta(number % 7),
                    outcome=Outcome.HELD,
                    participant_count=3,
                )
            )
    for row, at in zip(Activity.objects.bulk_create(rows), written, strict=True):
        row.registered_at = at
    Activity.objects.bulk_update(rows, ["registered_at"], batch_size=500)
    assert set(WeekSummary.objects.values_list("times", "late")) == {(2, 1)}
    assert_exact()


def said(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("check_summaries", *arguments, stdout=out)
    except CommandError as error:
        return error.returncode, out.getvalue()
    return 0, out.getvalue()


@pytest.mark.django_db
def test_the_command_says_what_differs_and_makes_it_right(facility):
    plan = make_plan(facility)
    make_activity(facility, plan, held_on=NEW_YEAR)
    make_activity(facility, held_on=NEW_YEAR)
    assert said() == (
        0,
        "initiatives_weeksummary: 0 summer afviger\ninitiatives_monthsummary: 0 summer afviger\n",
    )
    WeekSummary.objects.filter(plan=plan.pk).update(times=9, participants=8)
    WeekSummary.objects.filter(plan=NO_PLAN).delete()
    MonthSummary.objects.update(month=dt.date(2026, 1, 1))
    code, text = said()
    assert code == 1
    assert text.splitlines() == [
        "initiatives_weeksummary: 2 summer afviger",
        f"  {facility.pk} 2026-12-28 0 M held: "
        "registreringerne giver (1, 0, 5, 0, 0), summen siger None",
        f"  {facility.pk} 2026-12-28 {plan.pk} M held: "
        "registreringerne giver (1, 0, 5, 0, 0), summen siger (9, 0, 8, 0, 0)",
        "initiatives_monthsummary: 2 summer afviger",
        f"  {facility.pk} 2026-01-01 M: registreringerne giver None, summen siger (2, 2, 0, 10, 0)",
        f"  {facility.pk} 2026-12-01 M: registreringerne giver (2, 2, 0, 10, 0), summen siger None",
    ]
    assert said("--rebuild")[0] == 0
    assert said()[0] == 0
    assert_exact()


@pytest.mark.django_db
def test_without_its_triggers_the_database_is_found_out_and_put_right(facility):
    make_activity(facility, held_on=NEW_YEAR)
    with connection.cursor() as cursor:
        for statement in drop_sql(connection.vendor):
            cursor.execute(statement)
    assert missing_triggers(connection)
    make_activity(facility, held_on=NEW_YEAR)
    code, text = said()
    assert code == 1
    assert "holder ikke summerne" in text
    assert "initiatives_weeksummary: 1 summer afviger" in text
    # As after every ``migrate``, which on SQLite may have made the table anew.
    keep_after_migrate(using="default")
    assert not missing_triggers(connection)
    assert_exact()
    assert not keep(connection)
    make_activity(facility, held_on=NEW_YEAR)
    assert_exact()


@pytest.mark.django_db(transaction=True)
def test_an_installation_that_has_a_log_gets_its_summaries_by_migrating(facility):
    make_activity(facility, make_plan(facility), held_on=NEW_YEAR)
    before = [("initiatives", "0011_look_alikes")]
    after = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        with going_back():
            call_command("migrate", *before[0], verbosity=0)
        assert BY_WEEK.table not in connection.introspection.table_names()
        # Nobody keeps them, and nobody is kept from writing.
        with connection.cursor() as cursor:
            cursor.execute("UPDATE initiatives_activity SET participant_count = 9")
            # By SQL: the models have columns that come later.
            cursor.execute("SELECT name FROM initiatives_activitytype")
            assert cursor.fetchall() == [("Gåtur",)]
            cursor.execute("SELECT title FROM initiatives_plannedactivity")
            assert cursor.fetchall() == [("Fælles gåtur",)]
    finally:
        with rendering_less():
            call_command("migrate", verbosity=0)
    assert MigrationExecutor(connection).migration_plan(after) == []
    assert WeekSummary.objects.get().participants == 9
    assert_exact()


@pytest.mark.django_db
def test_other_tables_than_ours_are_left_alone():
    executor = MigrationExecutor(connection)
    state = executor.loader.project_state([("initiatives", "0011_look_alikes")])
    with connection.cursor() as cursor:
        for statement in drop_sql(connection.vendor):
            cursor.execute(statement)
    keep_after_migrate(using="default", apps=state.apps)
    assert missing_triggers(connection)
    keep_after_migrate(using="default", apps=apps)
    assert not missing_triggers(connection)
