"""SQLite: a copy page by page while the portal goes on, and the way back.

https://sqlite.org/backup.html
"""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper

from ..danish import collation
from .archive import FORMAT, BadBackup, Table

FILE = "database.sqlite3"
# Of a row, by the form of the backup.
_HASH_BYTES = {1: 16, 2: 32}


def server(_connection: BaseDatabaseWrapper) -> str:
    return sqlite3.sqlite_version


def dump(connection: BaseDatabaseWrapper, to: Path) -> dict[str, Table]:
    """Copy the database as it stands at one moment; what the copy holds, table by table."""
    connection.ensure_connection()
    with closing(_open(to)) as copy:
        connection.connection.backup(copy)
        # One file, without the log that WAL keeps beside it.
        copy.execute("PRAGMA journal_mode=DELETE")
        _must_be_sound(copy)
        return _tables(copy, FORMAT)


def load(connection: BaseDatabaseWrapper, dump: Path) -> None:
    """The database becomes what the copy is, in one transaction; others may have it open."""
    connection.ensure_connection()
    with closing(_open(dump)) as copy:
        _must_be_sound(copy)
        copy.backup(connection.connection)


def tables(connection: BaseDatabaseWrapper, form: int = FORMAT) -> dict[str, Table]:
    # Not on Django's own connection, which makes dates of some texts.
    with closing(_open(connection.settings_dict["NAME"])) as opened:
        return _tables(opened, form)


def bookkeeping(connection: BaseDatabaseWrapper) -> set[str]:
    """Tables beside a virtual one (the index of the search): empty, they have rows too."""
    connection.ensure_connection()
    found = connection.connection.execute(
        "SELECT beside.name FROM sqlite_master AS beside JOIN sqlite_master AS whole"
        " ON substr(beside.name, 1, length(whole.name) + 1) = whole.name || '_'"
        " WHERE whole.sql LIKE 'CREATE VIRTUAL%'"
    )
    return {name for (name,) in found}


def _open(path: Path | str) -> sqlite3.Connection:
    opened = sqlite3.connect(path)
    opened.create_collation("danish", collation.compare)
    return opened


def _must_be_sound(copy: sqlite3.Connection) -> None:
    found = [one for (one,) in copy.execute("PRAGMA integrity_check")]
    if found != ["ok"]:
        raise BadBackup(f"The database is damaged: {found[0]}")


def _tables(raw: sqlite3.Connection, form: int) -> dict[str, Table]:
    # A virtual table (the index of the search) keeps what it holds in tables beside it.
    names = raw.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%'"
        " ESCAPE '\\' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    ).fetchall()
    return {name: _table(raw, name, _HASH_BYTES[form]) for (name,) in names}


def _table(raw: sqlite3.Connection, name: str, size: int) -> Table:
    rows = total = 0
    for row in raw.execute(f'SELECT * FROM "{name}"'):
        rows += 1
        digest = hashlib.blake2b(repr(row).encode(errors="surrogatepass"), digest_size=size)
        total += int.from_bytes(digest.digest(), "big")
    return Table(rows, f"{total % 2 ** (8 * size):0{2 * size}x}")
