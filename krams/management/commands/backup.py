"""``manage.py backup``: the whole database in one file (docs/backup.md)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ...backup.actions import back_up
from ...backup.archive import ENCRYPTED, BadBackup


class Command(BaseCommand):
    help = (
        "Copies the whole database into a file in BACKUP_FOLDER while the portal is used, "
        "encrypted for BACKUP_RECIPIENTS, and removes those beyond BACKUP_KEEP; run it every night."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            path, manifest = back_up()
        except BadBackup as why:
            raise CommandError(str(why)) from why
        self.stdout.write(f"{path}: {len(manifest.tables)} tables, {manifest.rows} rows")
        if path.suffix != ENCRYPTED:
            self.stdout.write("It is not encrypted: whoever has the file reads all of it.")
