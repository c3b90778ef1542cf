"""Test databases are copies of one that was migrated once.

Migrating takes ten times as long as copying, and every worker of every run needs a database. The
migrated one is kept in the folder for temporary files (SQLite) or on the server (PostgreSQL) under
a name that changes with every migration, and is made anew under a lock where it is missing.

Tests that need much in it share a further copy, which is filled once for each worker.

With ``LOG_IS_DIVIDED=1`` the log is divided by year in all of them, as a large installation has it.
"""

import fcntl
import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing, contextmanager
from inspect import getfile, unwrap
from pathlib import Path

import django
from django.apps import apps
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import sql
from django.test.utils import setup_databases, teardown_databases
from django.utils import timezone

from initiatives.log.actions.partitions import partition_log

LOG_IS_DIVIDED = os.environ.get("LOG_IS_DIVIDED") == "1"
FOLDER = Path(tempfile.gettempdir())


def fingerprint() -> str:
    """Of all that decides what a migrated database holds."""
    found = hashlib.sha256(django.__version__.encode())
    for app in sorted(apps.get_app_configs(), key=lambda app: app.name):
        for file in sorted(Path(app.path).glob("migrations/*.py")):
            found.update(f"{app.name}/{file.name}".encode())
            found.update(file.read_bytes())
        # Content types and permissions follow from the names of the models.
        found.update(" ".join(model._meta.label for model in app.get_models()).encode())
    return found.hexdigest()[:16]


def copy_migrated() -> None:
    """A migrated database under the name of the test database."""
    _copy(connection.creation._get_test_db_name())


@contextmanager
def test_database():
    """An own test database for as long as the context lasts."""
    copy_migrated()
    # What is there already is not migrated again.
    configured = setup_databases(verbosity=0, interactive=False, keepdb=True)
    try:
        yield
    finally:
        while _filled:
            _key, (name, _given) = _filled.popitem()
            _remove(name)
        teardown_databases(configured, verbosity=0)


# What it was filled with -> name of the copy, and what filling it gave.
_filled: dict[str, tuple[str, object]] = {}


@contextmanager
def filled_once(fill: Callable[[], object], key: str):
    """The connection leads to a copy that was filled; whatever is written must be rolled back.

    Gives what ``fill`` gave when it ran.
    """
    if key not in _filled:
        name = f"{connection.settings_dict['NAME']}_{len(_filled)}"
        _copy(name)
        with _leading_to(name), transaction.atomic():
            given = fill()
        _filled[key] = name, given
    name, given = _filled[key]
    with _leading_to(name):
        yield given


@contextmanager
def _leading_to(name: str):
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual


def _copy(name: str) -> None:
    template = f"krams_template_{fingerprint()}"
    copy = {"sqlite": _copy_file, "postgresql": _copy_on_server}[connection.vendor]
    with (FOLDER / f"{template}_{connection.vendor}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        copy(template, name)


def _remove(name: str) -> None:
    if connection.vendor == "sqlite":
        for end in ("", "-wal", "-shm"):
            Path(name + end).unlink(missing_ok=True)
    else:
        with connection.creation._nodb_cursor() as cursor:
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def _migrated(name: str) -> list:
    """The test database under another name, migrated; to be disconnected before it is copied."""
    wanted = connection.settings_dict["TEST"]["NAME"]
    connection.settings_dict["TEST"]["NAME"] = name
    configured = setup_databases(verbosity=0, interactive=False)
    connection.settings_dict["TEST"]["NAME"] = wanted
    for one, old_name, _destroy in configured:
        one.close()
        one.settings_dict["NAME"] = old_name
    return configured


def _copy_file(template: str, name: str) -> None:
    kept = FOLDER / f"{template}.sqlite3"
    if not kept.exists():
        making = kept.with_suffix(".making")
        making.unlink(missing_ok=True)
        _migrated(str(making))
        with closing(sqlite3.connect(making)) as made:
            # One file, without the log that WAL keeps beside it.
            made.execute("PRAGMA journal_mode=DELETE")
        making.rename(kept)
    _remove(name)
    Path(name).write_bytes(kept.read_bytes())


def _copy_on_server(template: str, name: str) -> None:
    with connection.creation._nodb_cursor() as cursor:

        def run(statement: str, *names: str) -> None:
            cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

        def make(wanted: str, fill: Callable[[str], object]) -> None:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [wanted])
            if not cursor.fetchone():
                making = f"{wanted}_making"
                run("DROP DATABASE IF EXISTS {}", making)
                fill(making)
                run("ALTER DATABASE {} RENAME TO {}", making, wanted)

        def divide(making: str) -> None:
            run("CREATE DATABASE {} TEMPLATE {}", making, template)
            with _leading_to(making):
                partition_log(today=timezone.localdate())

        make(template, _migrated)
        source = template
        if LOG_IS_DIVIDED:
            # What division makes of it may change without a migration.
            code = Path(getfile(unwrap(partition_log))).read_bytes()
            source = f"{template}_{hashlib.sha256(code).hexdigest()[:8]}"
            make(source, divide)
        run("DROP DATABASE IF EXISTS {}", name)
        run("CREATE DATABASE {} TEMPLATE {}", name, source)
