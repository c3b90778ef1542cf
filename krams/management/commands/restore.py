"""``manage.py restore``: the database as a backup holds it (docs/backup.md)."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ...backup.actions import HoldsData, compare, missing_migrations, restore
from ...backup.archive import BadBackup


class Command(BaseCommand):
    help = (
        "Makes the database what a backup holds, and compares every table with what it held. "
        "Refuses a database that holds data unless --replace is given. --check only compares."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a file that manage.py backup made")
        parser.add_argument("--identity", type=Path, help="file with the secret key of age")
        way = parser.add_mutually_exclusive_group()
        way.add_argument(
            "--replace", action="store_true", help="what the database holds now is lost"
        )
        way.add_argument(
            "--check",
            action="store_true",
            help="change nothing; exit code 1 where the database is not what the backup held",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file = options["file"]
        try:
            identities = _secrets(options["identity"])
            if options["check"]:
                manifest, found = compare(file, identities)
            else:
                manifest, found = restore(file, identities, replace=options["replace"]), []
        except HoldsData as why:
            raise CommandError(f"{why} With --replace they are lost.") from why
        except BadBackup as why:
            raise CommandError(str(why)) from why
        except FileNotFoundError as why:
            raise CommandError(f"{why.filename} is not there.") from why
        for line in found:
            self.stdout.write(line)
        if found:
            raise CommandError("The database is not what the backup held.", returncode=1)
        about = f"{len(manifest.tables)} tables, {manifest.rows} rows"
        self.stdout.write(f"As the backup of {manifest.made} held it: {about}.")
        if missing := missing_migrations():
            self.stdout.write(f"It comes from older code: run manage.py migrate ({missing} new).")


def _secrets(identity: Path | None) -> list[str]:
    if identity is None:
        return []
    try:
        lines = identity.read_text().splitlines()
    except UnicodeDecodeError as error:
        raise BadBackup("The file given as --identity holds no secret key of age.") from error
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
