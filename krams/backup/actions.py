"""A backup of the whole database, and the way back, with the proof that nothing is missing."""

import datetime as dt
import fcntl
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from . import archive, postgresql, sqlite
from .archive import BadBackup, Manifest, Table

# What ``migrate`` itself writes into an empty database.
BOOKKEEPING = {"django_migrations", "django_content_type", "auth_permission"}
_NAME, _WORK = "krams-", ".making-"


class HoldsData(Exception):
    """The database holds something already: how many rows."""


def back_up() -> tuple[Path, Manifest]:
    """Make a backup in ``BACKUP_FOLDER``, and remove those beyond ``BACKUP_KEEP``.

    Raises BadBackup where that fails; then nothing is left of it, and no older one was removed.
    """
    engine = _engine()
    with _work() as folder:
        now = dt.datetime.now(dt.UTC)
        dump = folder / engine.FILE
        tables = engine.dump(connection, dump)
        manifest = Manifest(
            made=now.isoformat(timespec="seconds"),
            vendor=connection.vendor,
            server=engine.server(connection),
            migrations=sorted(map(".".join, _applied())),
            tables=tables,
        )
        recipients = settings.BACKUP_RECIPIENTS
        end = archive.ENCRYPTED if recipients else ""
        path = settings.BACKUP_FOLDER / f"{_NAME}{now:%Y%m%dT%H%M%SZ}.tar{end}"
        archive.write(path, manifest, dump, recipients)
        if settings.BACKUP_KEEP:
            for old in backups()[: -settings.BACKUP_KEEP]:
                old.unlink()
    return path, manifest


def restore(path: Path, identities: Sequence[str], *, replace: bool) -> Manifest:
    """The database becomes what the backup holds, and is compared with its manifest.

    Raises HoldsData where it holds something and ``replace`` is not given, and BadBackup where the
    file cannot be used, or where something differs afterwards. Of a file that cannot be used
    nothing reaches the database.
    """
    engine = _engine()
    with _work() as folder:
        manifest, dump = archive.read(path, identities, folder)
        _must_fit(manifest)
        own = BOOKKEEPING | engine.bookkeeping(connection)
        found = engine.tables(connection).items()
        held = sum(table.rows for name, table in found if name not in own)
        if held and not replace:
            raise HoldsData(f"The database holds {held} rows already.")
        engine.load(connection, dump)
    if differing := differences(manifest.tables, engine.tables(connection, manifest.format)):
        raise BadBackup("\n".join(["The database is not what the backup held.", *differing]))
    return manifest


def compare(path: Path, identities: Sequence[str]) -> tuple[Manifest, list[str]]:
    """The manifest of a backup, and a line for each table that is another in the database now."""
    engine = _engine()
    with _work() as folder:
        manifest, _dump = archive.read(path, identities, folder)
    _must_fit(manifest)
    return manifest, differences(manifest.tables, engine.tables(connection, manifest.format))


def differences(wanted: Mapping[str, Table], found: Mapping[str, Table]) -> list[str]:
    """A line for each table that is missing, is one too many, or holds something else."""
    lines = []
    for name in sorted(wanted.keys() | found.keys()):
        one, other = wanted.get(name), found.get(name)
        if one is None:
            lines.append(f"{name}: not in the backup")
        elif other is None:
            lines.append(f"{name}: missing")
        elif one.rows != other.rows:
            lines.append(f"{name}: {one.rows} rows in the backup, {other.rows} in the database")
        elif one != other:
            lines.append(f"{name}: {one.rows} rows, and something else in them")
    return lines


def missing_migrations() -> int:
    """How many of this code's migrations the database lacks: it came from older code."""
    return len(_known() - _applied())


def backups() -> list[Path]:
    """Those in ``BACKUP_FOLDER``, the oldest first."""
    return sorted(settings.BACKUP_FOLDER.glob(f"{_NAME}*Z.tar*"))


class Engine(Protocol):
    """What ``sqlite`` and ``postgresql`` each do in their own way."""

    FILE: str

    def server(self, connection: BaseDatabaseWrapper, /) -> str: ...
    def dump(self, connection: BaseDatabaseWrapper, to: Path, /) -> dict[str, Table]: ...
    def load(self, connection: BaseDatabaseWrapper, dump: Path, /) -> None: ...
    def tables(self, connection: BaseDatabaseWrapper, form: int = ..., /) -> dict[str, Table]: ...
    def bookkeeping(self, connection: BaseDatabaseWrapper, /) -> set[str]: ...


def _engine() -> Engine:
    engines: dict[str, Engine] = {"sqlite": sqlite, "postgresql": postgresql}
    return engines[connection.vendor]


def _must_fit(manifest: Manifest) -> None:
    if manifest.vendor != connection.vendor:
        raise BadBackup(f"It is a backup of {manifest.vendor}; this is {connection.vendor}.")
    if unknown := sorted(set(manifest.migrations) - set(map(".".join, _known()))):
        raise BadBackup(
            f"It comes from newer code: this has no migration {', '.join(unknown)}. "
            "Restore it with the code that it was made with."
        )


def _applied() -> set[tuple[str, str]]:
    return set(MigrationRecorder(connection).applied_migrations())


def _known() -> set[tuple[str, str]]:
    return set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


@contextmanager
def _work() -> Iterator[Path]:
    """A folder for what is in the making, on the disk of the backups, that nobody else reads."""
    home = settings.BACKUP_FOLDER
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (home / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BadBackup("Another backup or restore is running.") from error
        # Of one that was killed: it is not encrypted.
        for left in home.glob(f"{_WORK}*"):
            shutil.rmtree(left)
        with tempfile.TemporaryDirectory(prefix=_WORK, dir=home) as folder:
            yield Path(folder)
