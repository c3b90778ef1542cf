"""``manage.py partition_log``: the log divided by year on PostgreSQL (docs/scaling.md)."""

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from ...log.actions import partitions
from ...log.queries.partitions import is_partitioned, rows_in_parts, what_is_wrong


class Command(BaseCommand):
    help = (
        "Makes room in a log that is divided by year for the years to come; run it every month. "
        "A second run does nothing. --convert divides the log in one transaction, --revert makes "
        "it one table again; each of them does nothing where that is so already."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        way = parser.add_mutually_exclusive_group()
        way.add_argument(
            "--convert",
            action="store_true",
            help="divide the log; pages wait meanwhile, so set MAINTENANCE=1",
        )
        way.add_argument(
            "--revert", action="store_true", help="make it one table again; the same holds"
        )
        way.add_argument(
            "--check",
            action="store_true",
            help="say how the log is divided; exit code 1 where something is missing",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError(
                _(
                    "Only PostgreSQL can divide a table by year. On SQLite the log is one table "
                    "and stays so; DATABASE_URL says which database is used."
                )
            )
        today = timezone.localdate()
        try:
            if options["convert"]:
                self._convert(today)
            elif options["revert"]:
                self._revert()
            elif options["check"]:
                self._check(today)
            else:
                self._add_years(today)
        except partitions.CannotPartition as why:
            raise CommandError(str(why)) from why

    def _convert(self, today: dt.date) -> None:
        parts = partitions.partition_log(today=today)
        if not parts:
            self.stdout.write(_("The log is divided already."))
            return
        names = ", ".join(part.name for part in parts)
        self.stdout.write(_("The log has been divided: %(names)s") % {"names": names})

    def _revert(self) -> None:
        if partitions.make_log_whole():
            self.stdout.write(_("The log has been made one table again."))
        else:
            self.stdout.write(_("The log is one table already."))

    def _add_years(self, today: dt.date) -> None:
        if years := partitions.add_years(today=today):
            names = ", ".join(map(str, years))
            self.stdout.write(_("New parts: %(names)s") % {"names": names})
        else:
            self.stdout.write(_("All parts are there."))

    def _check(self, today: dt.date) -> None:
        if not is_partitioned():
            self.stdout.write(_("The log is one table."))
            return
        for name, count in rows_in_parts().items():
            self.stdout.write(f"{count:>12,}  {name}")
        wrong = list(what_is_wrong(today=today))
        for line in wrong:
            self.stdout.write(line)
        if wrong:
            raise CommandError(_("The log is not divided as it should be."), returncode=1)
