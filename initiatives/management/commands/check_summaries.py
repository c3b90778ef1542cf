"""``manage.py check_summaries``: does what is summed of the log say what the log says?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections
from django.utils.translation import gettext as _

from krams.operation.actions import ended

from ...summaries.actions import keep, rebuild
from ...summaries.definition import SUMMARIES
from ...summaries.queries import Difference, differences, missing_triggers

MOST_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Compares the summaries of the activity log by week and by month with the log itself. "
        "Exit code 1 where they differ or where the database does not keep them. --rebuild makes "
        "them right: the portal can be used meanwhile, but who registers waits."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--rebuild", action="store_true", help="create what is missing, correct what differs"
        )
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS, help="alias of the database")

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        missing = sorted(missing_triggers(connection))
        if missing:
            self.stdout.write(
                _("The database does not keep the sums of the log; missing: %(names)s")
                % {"names": ", ".join(missing)}
            )
        differing = 0
        for summary in SUMMARIES:
            number, first = differences(summary, connection, MOST_SHOWN)
            differing += number
            self.stdout.write(
                _("%(table)s: %(number)s sums differ") % {"table": summary.table, "number": number}
            )
            for one in first:
                self.stdout.write(f"  {self._told(one)}")
        if options["rebuild"]:
            if not keep(connection):
                rebuild(connection)
            self.stdout.write(_("The sums have been worked out anew."))
        elif missing or differing:
            raise CommandError(_("Run it again with --rebuild."), returncode=1)
        ended("check_summaries")

    def _told(self, one: Difference) -> str:
        return _("%(key)s: the log gives %(log)s, the sum says %(summary)s") % {
            "key": " ".join(map(str, one.key)),
            "log": one.in_log,
            "summary": one.in_summary,
        }
