"""Test databases are copies of one that was migrated once.

Migrating takes ten times as long as copying, and every worker of every run needs a database. The
migrated one is kept in the folder for temporary files (SQLite) or on the server (PostgreSQL) under
a name that changes with every migration, and is made anew under a lock where it is missing.
"""

import fcntl
import hashlib
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path

import django
from django.apps import apps
from django.db import connection
from django.db.backends.postgresql.psycopg_any import sql
from django.test.utils import setup_databases, teardown_databases

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
    """Under the name of the test database."""
    template = f"krams_template_{fingerprint()}"
    make = {"sqlite": _copy_file, "postgresql": _copy_on_server}[connection.vendor]
    with (FOLDER / f"{template}_{connection.vendor}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        make(template)


@contextmanager
def test_database():
    """An own test database for as long as the context lasts."""
    copy_migrated()
    # What is there already is not migrated again.
    configured = setup_databases(verbosity=0, interactive=False, keepdb=True)
    try:
        yield
    finally:
        teardown_databases(configured, verbosity=0)


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


def _copy_file(template: str) -> None:
    kept = FOLDER / f"{template}.sqlite3"
    if not kept.exists():
        making = kept.with_suffix(".making")
        making.unlink(missing_ok=True)
        _migrated(str(making))
        with closing(sqlite3.connect(making)) as made:
            # One file, without the log that WAL keeps beside it.
            made.execute("PRAGMA journal_mode=DELETE")
        making.rename(kept)
    Path(connection.settings_dict["TEST"]["NAME"]).write_bytes(kept.read_bytes())


def _copy_on_server(template: str) -> None:
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template])
        if not cursor.fetchone():
            making = f"{template}_making"
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(making)))
            _migrated(making)
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            cursor.execute(rename.format(sql.Identifier(making), sql.Identifier(template)))
        name = connection.creation._get_test_db_name()
        for statement in ("DROP DATABASE IF EXISTS {0}", "CREATE DATABASE {0} TEMPLATE {1}"):
            names = (sql.Identifier(name), sql.Identifier(template))
            cursor.execute(sql.SQL(statement).format(*names))
