"""``manage.py rebuild_search``: does the search know what stands in the database?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import connection
from django.utils.translation import gettext as _

from ...search.actions import keep, rebuild
from ...search.queries.entries import missing_parts


class Command(BaseCommand):
    help = (
        "Compares what the search knows with what people have written, and makes it right: after "
        "rows were written by SQL. The portal can be used meanwhile. --check changes nothing; exit "
        "code 1 where something differs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="only compare")

    def handle(self, *args: Any, **options: Any) -> None:
        only_look = options["check"]
        missing = sorted(missing_parts(connection))
        if missing:
            self.stdout.write(
                _("The database cannot look words up; missing: %(names)s")
                % {"names": ", ".join(missing)}
            )
        if not only_look:
            keep(connection)
        differing = 0
        for one in rebuild(write=not only_look):
            differing += (number := one.missing + one.wrong + one.surplus)
            if number:
                self.stdout.write(
                    _("%(kind)s: %(missing)s missing, %(wrong)s wrong, %(surplus)s too many")
                    % {
                        "kind": one.kind,
                        "missing": one.missing,
                        "wrong": one.wrong,
                        "surplus": one.surplus,
                    }
                )
        if only_look and (missing or differing):
            raise CommandError(_("Run it again without --check."), returncode=1)
        self.stdout.write(
            _("%(number)s entries were put right.") % {"number": differing}
            if differing
            else _("The search knows all that it should.")
        )
