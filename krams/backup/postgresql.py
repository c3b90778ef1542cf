"""PostgreSQL: its own pg_dump and pg_restore, in one snapshot out and in one transaction back.

https://www.postgresql.org/docs/current/app-pgdump.html
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from psycopg import pq
from psycopg.conninfo import make_conninfo

from .archive import FORMAT, BadBackup, Table

FILE = "database.dump"

# What a row looks like as text must not depend on who asks, nor may the server end a transaction
# that only waits for pg_dump.
_SETTINGS = {
    "DateStyle": "ISO",
    "IntervalStyle": "postgres",
    "TimeZone": "UTC",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    "idle_in_transaction_session_timeout": "0",
    "statement_timeout": "0",
}
# Parts of a divided table are read with the whole.
_NAMES = """
SELECT c.relname, c.oid::regclass::text FROM pg_class c
WHERE c.relnamespace = current_schema()::regnamespace
  AND c.relkind IN ('r', 'p') AND NOT c.relispartition
ORDER BY c.relname
"""
# Sums of the quarters of each row's SHA-256: the same in whatever order the rows come, another as
# soon as one is lost, doubled or changed. OFFSET keeps the planner from hashing once a quarter.
_TABLE = """
SELECT count(*), {sums} FROM (
  SELECT {hash} AS h FROM {table} AS krams_row OFFSET 0
) AS hashed
"""
_SUM = "coalesce(sum(('x' || substr(h, {start}, 16))::bit(64)::bigint), 0)::text"
# By the form of the backup. What the first one has of a row is told by MD5, and only there.
_HASHES = {
    1: ("md5(krams_row::text)", 2),
    2: ("encode(sha256(convert_to(krams_row::text, 'UTF8')), 'hex')", 4),
}
# All that migrations make; what belongs to an extension stays.
_EMPTY = """
DO $empty$
DECLARE one record;
BEGIN
  FOR one IN
    SELECT 1 AS place, 'TABLE' AS kind, oid::regclass::text AS name FROM pg_class
      WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
      AND NOT relispartition
    UNION ALL SELECT 2, 'SEQUENCE', s.oid::regclass::text FROM pg_class s
      WHERE relnamespace = current_schema()::regnamespace AND relkind = 'S'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = s.oid AND d.deptype IN ('a', 'i'))
    UNION ALL SELECT 3, 'FUNCTION', p.oid::regprocedure::text FROM pg_proc p
      WHERE pronamespace = current_schema()::regnamespace AND prokind = 'f'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    UNION ALL SELECT 4, 'COLLATION', oid::regcollation::text FROM pg_collation
      WHERE collnamespace = current_schema()::regnamespace
    ORDER BY 1
  LOOP
    EXECUTE format('DROP %s %s CASCADE', one.kind, one.name);
  END LOOP;
END $empty$;
"""


def server(connection: BaseDatabaseWrapper) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0])


def dump(connection: BaseDatabaseWrapper, to: Path) -> dict[str, Table]:
    """Copy the database as it stands at one moment; what it held then, table by table."""
    with _one_moment(connection) as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        [snapshot] = cursor.fetchone()
        form = ["--format=custom", "--no-owner", "--no-privileges"]
        _run(connection, "pg_dump", *form, f"--snapshot={snapshot}", f"--file={to}")
        return _tables(cursor, FORMAT)


def load(connection: BaseDatabaseWrapper, dump: Path) -> None:
    """The database becomes what was copied, in one transaction: all of it or nothing."""
    empty, script = dump.with_name("empty.sql"), dump.with_name("script.sql")
    empty.write_text(_EMPTY)
    # Not straight into psql, which would take a script that breaks off for a whole one.
    form = ["--no-owner", "--no-privileges", f"--file={script}"]
    _call("pg_restore", *form, str(dump))
    once = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    _run(connection, "psql", *once, "--output=/dev/null", f"--file={empty}", f"--file={script}")


def tables(connection: BaseDatabaseWrapper, form: int = FORMAT) -> dict[str, Table]:
    with _one_moment(connection) as cursor:
        return _tables(cursor, form)


def bookkeeping(_connection: BaseDatabaseWrapper) -> set[str]:
    """Tables of the server's own making that have rows while nothing is kept: none."""
    return set()


@contextmanager
def _one_moment(connection: BaseDatabaseWrapper) -> Iterator[CursorWrapper]:
    with transaction.atomic(connection.alias), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for name, value in _SETTINGS.items():
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
        yield cursor


def _tables(cursor: CursorWrapper, form: int) -> dict[str, Table]:
    cursor.execute(_NAMES)
    return {name: _table(cursor, quoted, form) for name, quoted in cursor.fetchall()}


def _table(cursor: CursorWrapper, quoted: str, form: int) -> Table:
    hashed, parts = _HASHES[form]
    sums = ", ".join(_SUM.format(start=16 * part + 1) for part in range(parts))
    cursor.execute(_TABLE.format(sums=sums, hash=hashed, table=quoted))
    rows, *found = cursor.fetchone()
    return Table(rows, "".join(f"{int(one) % 2**128:032x}" for one in found))


def _run(connection: BaseDatabaseWrapper, program: str, *arguments: str) -> None:
    """One of PostgreSQL's own programs on the portal's database."""
    given: dict[str, Any] = connection.get_connection_params()
    known = {one.keyword.decode() for one in pq.Conninfo.get_defaults()} - {"password"}
    where = make_conninfo(**{name: value for name, value in given.items() if name in known})
    # Not in the arguments, which every user of the machine can read.
    secret = {"PGPASSWORD": given["password"]} if given.get("password") else {}
    _call(program, *arguments, f"--dbname={where}", **secret)


def _call(program: str, *arguments: str, **variables: str) -> None:
    found = shutil.which(program)
    if not found:
        raise BadBackup(f"{program} is missing: install the client programs of PostgreSQL.")
    done = subprocess.run(
        [found, *arguments], env=os.environ | variables, capture_output=True, text=True
    )
    if done.returncode:
        # Other lines may repeat what stands in a row.
        told = [line for line in done.stderr.splitlines() if "error:" in line.lower()]
        raise BadBackup("\n".join([f"{program} failed.", *told]))
