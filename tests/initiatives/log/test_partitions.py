"""A log that is divided by year: all rows are there, all rules hold, and no date is refused."""

import datetime as dt
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, InternalError, connection, models, transaction

from initiatives.enums import Outcome
from initiatives.log.actions import registrations
from initiatives.log.actions.partitions import (
    CannotPartition,
    add_years,
    make_log_whole,
    partition_log,
)
from initiatives.log.queries.partitions import GUARD, TABLE, is_partitioned, rows_in_parts
from initiatives.models import Activity
from initiatives.summaries.definition import SUMMARIES
from initiatives.summaries.queries import differences, missing_triggers
from krams.enums import Role
from krams.history.actions.locking import StaleVersion
from tests.databases import LOG_IS_DIVIDED

from ..planning import make_activity, make_plan, make_type

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db]

TODAY = dt.date(2026, 11, 30)
NEW_YEAR = dt.date(2027, 1, 1)
PARTS = ["early", "2024", "2025", "2026", "2027", "2028", "late"]
# One of each of them.
DAYS = [dt.date(year, 7, 1) for year in (1950, 2024, 2025, 2026, 2027, 2028, 2099)]
COLUMNS = ", ".join(field.column for field in Activity._meta.concrete_fields)


def ask(sql: str, *values) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def checksum() -> tuple:
    """How many rows there are, and one number of all that they hold."""
    row = f"ROW({COLUMNS})::text"
    [found] = ask(f"SELECT count(*), sum(hashtextextended({row}, 0)::numeric) FROM {TABLE}")
    return found


def structure() -> dict[str, list]:
    """All that the database knows of the table as a whole."""
    return {
        "columns": ask(
            "SELECT attname, attnum, format_type(atttypid, atttypmod), attnotnull, attidentity"
            " FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 ORDER BY attnum",
            TABLE,
        ),
        "constraints": ask(
            "SELECT conname, contype, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = %s::regclass ORDER BY conname",
            TABLE,
        ),
        "indexes": ask(
            "SELECT relname, replace(pg_get_indexdef(oid), ' ON ONLY ', ' ON ') FROM pg_class"
            " JOIN pg_index ON oid = indexrelid WHERE indrelid = %s::regclass ORDER BY relname",
            TABLE,
        ),
        "triggers": ask(
            "SELECT tgname, tgenabled, pg_get_triggerdef(oid) FROM pg_trigger"
            " WHERE tgrelid = %s::regclass AND NOT tgisinternal ORDER BY tgname",
            TABLE,
        ),
        "sequence": ask("SELECT pg_get_serial_sequence(%s, 'id')", TABLE),
        "rights": ask(
            "SELECT privilege_type, grantee::regrole FROM pg_class, aclexplode(relacl)"
            " WHERE oid = %s::regclass AND grantee <> relowner ORDER BY 1, 2",
            TABLE,
        ),
    }


def without_keys(found: dict[str, list]) -> dict[str, list]:
    """What is the same in a divided table."""
    own = {f"{TABLE}_pkey", "activity_once_a_submission", f"{GUARD}_insert", f"{GUARD}_update"}
    return {kind: [row for row in rows if row[0] not in own] for kind, rows in found.items()}


def part_of(activity: Activity) -> str:
    [(name,)] = ask(f"SELECT tableoid::regclass::text FROM {TABLE} WHERE id = %s", activity.pk)
    return name.removeprefix(f"{TABLE}_")


def assert_summed():
    assert not missing_triggers(connection)
    assert [differences(summary, connection) for summary in SUMMARIES] == [(0, [])] * 2


def refused():
    """By the part itself on the same day, on any other by the guard."""
    return pytest.raises(IntegrityError, match=r"duplicate key value|is there already")


@pytest.fixture
def whole(db):
    """The log as one table, whatever this run began with."""
    make_log_whole()


@pytest.fixture
def divided(whole, facility) -> dict[str, Activity]:
    """A divided log with a row in each part."""
    make_activity(facility, held_on=dt.date(2024, 1, 1))
    partition_log(today=TODAY)
    Activity.objects.all().delete()
    return dict(zip(PARTS, (make_activity(facility, held_on=day) for day in DAYS), strict=True))


@pytest.fixture
def staff(make_user, facility):
    return make_user(Role.STAFF, facility=facility)


def test_division_and_the_way_back_keep_every_row_and_rule(whole, facility, other_facility):
    plan = make_plan(facility)
    for number in range(300):
        make_activity(
            [facility, other_facility][number % 2],
            plan if number % 3 == 0 else None,
            held_on=dt.date(2022, 1, 1) + dt.timedelta(days=7 * number),
            submission_id=uuid.uuid4() if number % 5 else None,
            note="Tekst, med 'tegn' og æøå\n" * (number % 4),
        )
    ask(f"GRANT SELECT ON {TABLE} TO pg_monitor")
    before, rows = structure(), checksum()
    last = Activity.objects.latest("pk").pk

    parts = partition_log(today=TODAY)
    years = [str(year) for year in range(2022, 2029)]
    assert [part.name for part in parts] == ["early", *years, "late"]
    assert checksum() == rows
    assert without_keys(structure()) == without_keys(before)
    assert sum(rows_in_parts().values()) == 300
    assert rows_in_parts()["2023"] == 52
    assert_summed()
    assert make_activity(facility).pk > last
    Activity.objects.latest("pk").delete()

    assert make_log_whole()
    assert structure() == before
    assert checksum() == rows
    assert_summed()
    assert make_activity(facility).pk > last


def test_a_second_time_nothing_is_done(divided):
    before, rows = structure(), checksum()
    places = ask("SELECT oid, relfilenode FROM pg_class WHERE relname LIKE %s", f"{TABLE}%")
    assert partition_log(today=TODAY) == []
    assert add_years(today=TODAY) == []
    again = ask("SELECT oid, relfilenode FROM pg_class WHERE relname LIKE %s", f"{TABLE}%")
    assert sorted(again) == sorted(places)
    assert (structure(), checksum()) == (before, rows)
    assert make_log_whole()
    assert not make_log_whole()


def test_every_date_has_a_part(divided, facility):
    assert {name: part_of(row) for name, row in divided.items()} == {name: name for name in PARTS}
    for day in (dt.date(1, 1, 1), dt.date(2023, 12, 31), dt.date(2029, 1, 1), dt.date.max):
        make_activity(facility, held_on=day)
    assert rows_in_parts() == {**dict.fromkeys(PARTS, 1), "early": 3, "late": 3}
    assert Activity.objects.count() == len(PARTS) + 4
    assert_summed()


def test_a_correction_moves_a_row_to_the_part_of_its_new_day(divided, staff):
    """From each part to each, and back to itself."""
    for activity in divided.values():
        wanted = [activity.held_on]
        for name, day in zip(PARTS, DAYS, strict=True):
            values = {"outcome": Outcome.HELD, "participant_count": 9, "held_on": day}
            moved = registrations.correct_activity(
                activity=activity, version=len(wanted), values=values, by=staff
            )
            wanted.append(day)
            assert (part_of(activity), moved.pk, moved.version) == (name, activity.pk, len(wanted))
        days = activity.history.order_by("version").values_list("held_on", flat=True)
        assert list(days) == wanted
    assert rows_in_parts() == {**dict.fromkeys(PARTS, 0), "late": len(PARTS)}
    assert_summed()


def test_a_row_is_removed_brought_back_and_deleted_wherever_it_is(divided, staff):
    for activity in divided.values():
        registrations.remove_activity(activity=activity, by=staff)
    assert not Activity.objects.standing().exists()
    assert_summed()
    for activity in divided.values():
        registrations.restore_activity(activity=activity, by=staff)
        assert Activity.objects.standing().get(pk=activity.pk).version == 3
    assert_summed()
    Activity.objects.filter(held_on__lt=TODAY).delete()
    assert Activity.objects.count() == 3
    assert_summed()


def test_a_form_sent_twice_is_one_row_also_over_new_year(divided, facility, staff):
    sent = {
        "facility": facility,
        "activity_type": make_type(),
        "participant_count": 6,
        "submission_id": uuid.uuid4(),
        "by": staff,
    }
    first = registrations.register_activity(held_on=NEW_YEAR - dt.timedelta(days=1), **sent)
    again = registrations.register_activity(held_on=NEW_YEAR, **sent)
    assert (again.pk, again.held_on.year) == (first.pk, 2026)


def test_no_submission_comes_twice_in_whatever_years(divided, facility, other_facility):
    sent = uuid.uuid4()
    there = make_activity(facility, held_on=DAYS[3], submission_id=sent)
    others = make_activity(other_facility, held_on=DAYS[3], submission_id=sent)
    before = checksum()
    for day in DAYS:
        with refused(), transaction.atomic():
            make_activity(facility, held_on=day, submission_id=sent)
        with refused(), transaction.atomic():
            there.held_on = day
            Activity.objects.filter(pk=others.pk).update(facility=facility, held_on=day)
    assert checksum() == before
    # Two of one statement.
    fresh = uuid.uuid4()
    rows = [make_activity(facility, held_on=day) for day in DAYS[:2]]
    with refused(), transaction.atomic():
        Activity.objects.filter(pk__in=[one.pk for one in rows]).update(submission_id=fresh)
    for one in rows:
        one.pk, one.submission_id = None, fresh
    with refused(), transaction.atomic():
        Activity.objects.bulk_create(rows)
    assert_summed()


def test_no_id_comes_twice_in_whatever_years(divided, facility):
    [last] = [row.pk for name, row in divided.items() if name == "late"]
    for day in DAYS:
        with refused(), transaction.atomic():
            make_activity(facility, held_on=day, id=last)
    first = divided["early"]
    with refused(), transaction.atomic():
        ask(f"UPDATE {TABLE} SET id = %s WHERE id = %s", last, first.pk)
    assert Activity.objects.get(pk=last).held_on == DAYS[-1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"outcome": Outcome.CANCELLED, "cancellation_reason": "aldrig"},
        {"duration_minutes": 0},
        {"factors": "X"},
        {"activity_type_id": 987654321},
    ],
    ids=str,
)
def test_what_a_whole_log_refuses_is_refused_in_every_part(divided, wrong):
    for activity in divided.values():
        rows = Activity.objects.filter(pk=activity.pk)
        ask("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)


def test_years_are_added_and_what_waits_for_them_moves_in(divided, facility):
    make_activity(facility, held_on=dt.date(2029, 1, 1), submission_id=uuid.uuid4())
    make_activity(facility, held_on=dt.date(2030, 12, 31))
    before, rows = structure(), checksum()
    assert add_years(today=dt.date(2028, 2, 1)) == [2029, 2030]
    assert add_years(today=dt.date(2028, 2, 1)) == []
    assert (structure(), checksum()) == (before, rows)
    assert rows_in_parts() == {**dict.fromkeys([*PARTS, "2029", "2030"], 1)}
    assert list(rows_in_parts()) == [*PARTS[:-1], "2029", "2030", "late"]
    # The rules of the new part are those of the others.
    there = Activity.objects.get(held_on=dt.date(2029, 1, 1))
    with refused(), transaction.atomic():
        make_activity(facility, held_on=DAYS[3], submission_id=there.submission_id)
    with refused(), transaction.atomic():
        make_activity(facility, held_on=there.held_on, submission_id=there.submission_id)
    assert_summed()


def test_what_a_divided_log_could_not_keep_stops_it(whole, facility):
    make_activity(facility)
    ask("SET CONSTRAINTS ALL IMMEDIATE")
    before, rows = structure(), checksum()
    for extra, told in (
        (f"CREATE TABLE noted (activity_id bigint REFERENCES {TABLE})", "noted"),
        (f"CREATE UNIQUE INDEX one_title ON {TABLE} (title)", "one_title"),
    ):
        at = transaction.savepoint()
        ask(extra)
        with pytest.raises(CannotPartition, match=told):
            partition_log(today=TODAY)
        transaction.savepoint_rollback(at)
    at = transaction.savepoint()
    # Nobody foresaw it: the copy is made when it is found out.
    ask(f"CREATE VIEW titles AS SELECT title FROM {TABLE}")
    with pytest.raises(InternalError, match="titles"):
        partition_log(today=TODAY)
    assert (structure(), checksum()) == (before, rows)
    transaction.savepoint_rollback(at)
    with pytest.raises(CannotPartition):
        add_years(today=TODAY)


def test_migrations_go_on_working(divided):
    """What most migrations do: a field, an index, a check."""
    field = models.CharField(max_length=10, default="", db_index=True)
    field.set_attributes_from_name("weather")
    index = models.Index(fields=["outcome", "held_on"], name="of_outcome")
    check = models.CheckConstraint(condition=models.Q(version__gte=1), name="has_version")
    with connection.schema_editor() as editor:
        editor.add_field(Activity, field)
        editor.add_index(Activity, index)
        editor.add_constraint(Activity, check)
    rows = checksum()
    for name in PARTS:
        assert set(ask(f"SELECT weather FROM {TABLE}_{name}")) == {("",)}, name
    assert add_years(today=dt.date(2028, 2, 1)) == [2029, 2030]
    assert make_log_whole()
    assert checksum() == rows
    assert {"of_outcome"} < {name for name, _made in structure()["indexes"]}
    assert "has_version" in {name for name, _kind, _made in structure()["constraints"]}


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("partition_log", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def clock():
    with time_machine.travel(dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC), tick=False) as found:
        yield found


def test_the_command_divides_and_checks_and_goes_back(whole, facility, clock):
    make_activity(facility, held_on=TODAY)
    assert said("--check") == "Registreringerne ligger i én tabel.\n"
    with pytest.raises(CommandError, match="ikke delt"):
        said()
    parts = "early, 2026, 2027, 2028, late"
    assert said("--convert") == f"Registreringerne er blevet delt: {parts}\n"
    assert said("--convert") == "Registreringerne er allerede delt.\n"
    assert said() == "Alle dele er der.\n"
    assert [line.split() for line in said("--check").splitlines()] == [
        *(["0", "early"], ["1", "2026"], ["0", "2027"], ["0", "2028"], ["0", "late"])
    ]
    clock.move_to(dt.datetime(2028, 6, 30, 12, tzinfo=dt.UTC))
    with pytest.raises(CommandError, match="ikke delt, som") as error:
        said("--check")
    assert error.value.returncode == 1
    assert said() == "Nye dele: 2029, 2030\n"
    said("--check")
    assert said("--revert") == "Registreringerne er igen blevet én tabel.\n"
    assert said("--revert") == "Registreringerne ligger allerede i én tabel.\n"


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (f"DROP TRIGGER {GUARD}_insert ON {TABLE}", f"{GUARD}_insert"),
        (f"ALTER TABLE {TABLE} DISABLE TRIGGER {GUARD}_update", f"{GUARD}_update"),
        (f"DROP TABLE {TABLE}_late", "late"),
        ("DROP INDEX activity_once_a_submission", "activity_once_a_submission"),
        (
            f"INSERT INTO {TABLE}_2027 ({COLUMNS})"
            f" SELECT {COLUMNS.replace('held_on', 'held_on + 365')} FROM {TABLE}",
            "deler: 1\nAfsendelser, der er blevet til flere registreringer: 1",
        ),
    ],
    ids=["trigger", "switched off", "part", "index", "twice"],
)
def test_the_check_finds_what_is_wrong(whole, facility, harm, told):
    make_activity(facility, held_on=dt.date(2026, 6, 1), submission_id=uuid.uuid4())
    partition_log(today=TODAY)
    ask("SET CONSTRAINTS ALL IMMEDIATE")
    ask(harm)
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("partition_log", "--check", stdout=out)
    assert told in out.getvalue()


@pytest.fixture
def committed(transactional_db, facility, staff):
    """A divided log that several connections see; afterwards it is as it was before."""
    partition_log(today=TODAY)
    yield make_activity(facility, held_on=DAYS[3])
    if not LOG_IS_DIVIDED:
        make_log_whole()


def at_once(*works) -> list:
    """What each gives or raises, all begun at the same moment."""
    barrier = threading.Barrier(len(works))

    def run(work):
        barrier.wait(timeout=60)
        try:
            return work()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_is_registered_whatever_their_years(committed, facility):
    """Past the portal, which locks the facility itself."""
    for _round in range(5):
        sent = uuid.uuid4()
        found = at_once(
            *(partial(make_activity, facility, held_on=day, submission_id=sent) for day in DAYS)
        )
        made = [one for one in found if isinstance(one, Activity)]
        errors = [one for one in found if isinstance(one, IntegrityError)]
        assert (len(made), len(errors)) == (1, len(DAYS) - 1), found
        assert Activity.objects.get(submission_id=sent).pk == made[0].pk
    assert_summed()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_move_a_row_over_new_year_the_second_is_told(committed, staff):
    activity = committed
    for version, years in enumerate([(2025, 2027), (2026, 2028), (2024, 2027)], start=1):
        found = at_once(
            *(
                partial(
                    registrations.correct_activity,
                    activity=activity,
                    version=version,
                    values={"held_on": dt.date(year, 7, 1)},
                    by=staff,
                )
                for year in years
            )
        )
        kinds = sorted(type(one).__name__ for one in found)
        assert kinds == ["Activity", StaleVersion.__name__], found
    assert Activity.objects.get().version == 4
    assert is_partitioned()
    assert_summed()
