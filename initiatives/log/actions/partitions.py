"""The table of the log divided by year, made whole again, and given room for the years to come.

For PostgreSQL, where an installation chooses so: docs/scaling.md says when that pays. Django knows
nothing of it. What the table has (columns, checks, indexes, foreign keys, triggers, rights) is read
from the database, so that it is the same afterwards, whichever migrations have run.

A partitioned table cannot hold unique what does not hold its day. The primary key becomes
(id, held_on), and a trigger refuses what the two unique indexes refuse in a whole table: the same
id, and the same submission at the same facility, on another day.
docs/decisions/10-divided-log.md says why so, and what it leaves open.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from ...summaries.triggers import one_after_another
from ..partitions import LATE, Part, all_parts, late_part, year_part, years_to_add
from ..queries.partitions import DAY, GUARD, ONCE, TABLE, is_partitioned, part_names, unique_indexes

# A page that reads must not be kept waiting behind us for long, should another be slow.
LOCK_SECONDS = 10
MEMORY = "256MB"
# DDL in place of what an index or key cannot say by itself in a partitioned table.
_KEYS = {
    "partitioned": (
        f"ALTER TABLE {TABLE} ADD PRIMARY KEY (id, {DAY})",
        f"CREATE UNIQUE INDEX {ONCE} ON {TABLE} (facility_id, submission_id, {DAY})"
        " WHERE submission_id IS NOT NULL",
    ),
    "whole": (
        f"ALTER TABLE {TABLE} ADD PRIMARY KEY (id)",
        f"CREATE UNIQUE INDEX {ONCE} ON {TABLE} (facility_id, submission_id)"
        " WHERE submission_id IS NOT NULL",
    ),
}
# What is looked for of each row that is new, or has another id, facility or submission than before.
_REFUSE = f"""
    IF (SELECT count(*) FROM {TABLE} WHERE id = one.id) > 1 THEN
      RAISE unique_violation USING
        MESSAGE = format('activity %s is there already', one.id),
        TABLE = '{TABLE}', CONSTRAINT = '{TABLE}_pkey';
    END IF;
    IF EXISTS (
      SELECT 1 FROM {TABLE}
      WHERE facility_id = one.facility_id AND submission_id = one.submission_id AND id <> one.id
    ) THEN
      RAISE unique_violation USING
        MESSAGE = format('submission %s is there already', one.submission_id),
        TABLE = '{TABLE}', CONSTRAINT = '{ONCE}';
    END IF;"""
# After the statement, under the locks of the summaries and in their order: of two who write at once
# the second one sees what the first has written, and neither locks the other out.
_GUARD = (
    f"""
CREATE FUNCTION {GUARD}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE one record;
BEGIN
  IF TG_OP = 'INSERT' THEN
    {one_after_another("new_rows")}
    FOR one IN SELECT id, facility_id, submission_id FROM new_rows LOOP {_REFUSE}
    END LOOP;
  ELSE
    {one_after_another("new_rows", "old_rows")}
    FOR one IN
      SELECT id, facility_id, submission_id FROM new_rows
      EXCEPT SELECT id, facility_id, submission_id FROM old_rows
    LOOP {_REFUSE}
    END LOOP;
  END IF;
  RETURN NULL;
END $$""",
    f"CREATE TRIGGER {GUARD}_insert AFTER INSERT ON {TABLE} REFERENCING NEW TABLE AS new_rows"
    f" FOR EACH STATEMENT EXECUTE FUNCTION {GUARD}()",
    f"CREATE TRIGGER {GUARD}_update AFTER UPDATE ON {TABLE}"
    " REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows"
    f" FOR EACH STATEMENT EXECUTE FUNCTION {GUARD}()",
)


class CannotPartition(Exception):
    """Why not, in words for whoever runs the command."""


@transaction.atomic
def partition_log(*, today: dt.date) -> list[Part]:
    """Divide the table; nobody can read or write the log meanwhile. Gives the parts: none where it
    is divided already.

    Raises ``CannotPartition``, and then nothing has changed, as with any error on the way.
    """
    _lock()
    if is_partitioned():
        return []
    _refuse_what_is_unknown()
    parts = all_parts(earliest=_one(f"SELECT min({DAY}) FROM {TABLE}"), today=today)
    _rebuild(parts)
    _run(*_GUARD)
    return parts


@transaction.atomic
def make_log_whole() -> bool:
    """The way back. Gives whether there was anything to do."""
    _lock()
    if not is_partitioned():
        return False
    _run(f"DROP FUNCTION {GUARD}() CASCADE")
    _rebuild([])
    return True


@transaction.atomic
def add_years(*, today: dt.date) -> list[int]:
    """Make the parts of the years to come; gives those that are new, most often none.

    Raises ``CannotPartition`` where the log is not divided.
    """
    if not is_partitioned():
        raise CannotPartition(_("The log is not divided by year."))
    # Statistics of a divided table as a whole PostgreSQL never gathers by itself. A second run
    # waits here for the first.
    _run(f"ANALYZE {TABLE}")
    years = years_to_add(part_names(), today=today)
    if not years:
        return []
    _lock()
    # Detached it has no triggers: a row that only finds its year is no news to anybody.
    _run(f"ALTER TABLE {TABLE} DETACH PARTITION {TABLE}_{LATE}")
    columns = ", ".join(_columns())
    for part in map(year_part, years):
        name = f"{TABLE}_{part.name}"
        _run(
            f"CREATE TABLE {name}"
            f" (LIKE {TABLE} INCLUDING ALL EXCLUDING INDEXES EXCLUDING IDENTITY)",
            f"INSERT INTO {name} ({columns}) SELECT {columns} FROM {TABLE}_{LATE}"
            f" WHERE {DAY} < '{part.until}'",
            f"DELETE FROM {TABLE}_{LATE} WHERE {DAY} < '{part.until}'",
            f"ALTER TABLE {TABLE} ATTACH PARTITION {name} FOR VALUES {part.bounds}",
        )
    late = late_part(years[-1] + 1)
    _run(f"ALTER TABLE {TABLE} ATTACH PARTITION {TABLE}_{LATE} FOR VALUES {late.bounds}")
    return years


def _rebuild(parts: Sequence[Part]) -> None:
    """Copy the log into a new table with these parts, or into a whole one, under the old name."""
    new, columns = f"{TABLE}_new", ", ".join(_columns())
    # No check may wait for a table that is altered; what sorts for an index needs memory.
    _run("SET CONSTRAINTS ALL IMMEDIATE", f"SET LOCAL maintenance_work_mem = '{MEMORY}'")
    indexes, rest, sequence = _indexes(), _constraints_triggers_and_rights(), _sequence(TABLE)
    by_year = f" PARTITION BY RANGE ({DAY})" if parts else ""
    _run(f"CREATE TABLE {new} (LIKE {TABLE} INCLUDING ALL EXCLUDING INDEXES){by_year}")
    for part in parts:
        _run(f"CREATE TABLE {TABLE}_{part.name} PARTITION OF {new} FOR VALUES {part.bounds}")
    next_id = _one(f"SELECT nextval('{sequence}')")
    _run(
        f"INSERT INTO {new} ({columns}) SELECT {columns} FROM {TABLE}",
        f"ALTER SEQUENCE {_sequence(new)} RESTART WITH {next_id}",
        f"DROP TABLE {TABLE}",
        f"ALTER SEQUENCE {_sequence(new)} RENAME TO {sequence.split('.')[-1]}",
        f"ALTER TABLE {new} RENAME TO {TABLE}",
        *_KEYS["partitioned" if parts else "whole"],
        *indexes,
        *rest,
        f"ANALYZE {TABLE}",
    )


def _refuse_what_is_unknown() -> None:
    """Later migrations may have brought what a partitioned table cannot have."""
    if others := unique_indexes() - {f"{TABLE}_pkey", ONCE}:
        raise CannotPartition(
            _("A divided log cannot keep unique: %(names)s") % {"names": ", ".join(sorted(others))}
        )
    pointing = _all(
        "SELECT conrelid::regclass::text FROM pg_constraint"
        " WHERE contype = 'f' AND confrelid = %s::regclass",
        [TABLE],
    )
    if pointing:
        tables = ", ".join(sorted(name for (name,) in pointing))
        raise CannotPartition(
            _("Foreign keys cannot point at a divided log; these do: %(tables)s")
            % {"tables": tables}
        )


def _lock() -> None:
    _run(
        f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'",
        f"LOCK TABLE {TABLE} IN ACCESS EXCLUSIVE MODE",
    )


def _columns() -> list[str]:
    """All but those that PostgreSQL works out itself."""
    sql = (
        "SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = %s::regclass"
        " AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum"
    )
    return [name for (name,) in _all(sql, [TABLE])]


def _indexes() -> list[str]:
    """What makes the indexes anew but those of ``_KEYS``."""
    sql = (
        "SELECT pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON oid = indexrelid"
        " WHERE indrelid = %s::regclass AND NOT indisprimary AND relname <> %s ORDER BY relname"
    )
    return [made.replace(" ON ONLY ", " ON ", 1) for (made,) in _all(sql, [TABLE, ONCE])]


def _constraints_triggers_and_rights() -> list[str]:
    """What makes anew what ``LIKE`` does not copy."""
    constraints = (
        "SELECT format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,"
        " pg_get_constraintdef(oid)) FROM pg_constraint"
        " WHERE conrelid = %s::regclass AND contype = 'f' ORDER BY conname"
    )
    triggers = (
        "SELECT pg_get_triggerdef(oid) FROM pg_trigger"
        " WHERE tgrelid = %s::regclass AND NOT tgisinternal ORDER BY tgname"
    )
    rights = (
        "SELECT format('GRANT %%s ON %%s TO %%s', privilege_type, oid::regclass,"
        " CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END)"
        " FROM pg_class, aclexplode(relacl) WHERE oid = %s::regclass AND grantee <> relowner"
    )
    return [made for sql in (constraints, triggers, rights) for (made,) in _all(sql, [TABLE])]


def _sequence(table: str) -> str:
    name = _one("SELECT pg_get_serial_sequence(%s, 'id')", [table])
    assert isinstance(name, str)
    return name


def _run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _all(sql: str, values: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        return list(cursor.fetchall())


def _one(sql: str, values: Iterable[Any] = ()) -> Any:
    [(value,)] = _all(sql, values)
    return value
