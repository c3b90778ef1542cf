"""``manage.py partition_log``: the log divided by year on PostgreSQL (docs/scaling.md)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from ...log.actions import partitions


class Command(BaseCommand):
    help = (
        "Makes room in a log that is divided by year for the years to come; run it every month. "
        "A second run does nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        way = parser.add_mutually_exclusive_group()
        way.add_argument(
            "--convert", action="store_true", help="Divide the log. Set MAINTENANCE=1 meanwhile."
        )
        way.add_argument(
            "--revert", action="store_true", help="Make it one table again. The same holds."
        )

    def handle(self, *args: Any, convert: bool, revert: bool, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("Only PostgreSQL divides tables; see DATABASE_URL.")
        today = timezone.localdate()
        try:
            if convert:
                parts = partitions.partition_log(today=today)
                self.stdout.write(f"Divided: {', '.join(part.name for part in parts)}.")
            elif revert:
                partitions.make_log_whole()
                self.stdout.write("The log is one table.")
            else:
                years = partitions.add_years(today=today)
                added = ", ".join(map(str, years))
                self.stdout.write(f"New: {added}." if years else "Nothing to do.")
        except partitions.CannotPartition as why:
            raise CommandError(str(why)) from why
