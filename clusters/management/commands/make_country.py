"""``manage.py make_country --activities N``: a made-up country of any size."""

import argparse
import datetime as dt
import textwrap
import time
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from ...country.actions.columns import TooFewClusters
from ...country.actions.country import FACILITIES, MATRICES, SEED, Order
from ...country.actions.log import HISTORY_OF_ONE_IN, TooLong
from ...country.actions.make import Made, NotEmpty, make_country
from ...country.actions.places import PASSWORD

HELP = f"""
Fills an empty, migrated database with a made-up country, to measure the portal and to try it at
its full size: all municipalities and clusters, {FACILITIES} facilities with people, weekly plans,
initiatives, figures and meetings, {MATRICES} matrices of 40 proposals and 12 columns with efforts,
notes and editions, and as many registrations as are asked for. A facility makes about 13 a week,
up to today, so a million reaches back one year and ten million ten; the latest weeks are the same
rows either way. The same seed and day give the same rows.

All that is edited has its whole history. Of registrations those that were corrected or removed
have it, and one in {HISTORY_OF_ONE_IN} of the others: about eleven rows of history for each
hundred registrations.

Needs DEBUG=1: everybody knows the password of the people that it makes. Refuses a database that
has facilities.
"""


class Command(BaseCommand):
    help = textwrap.dedent(HELP).strip()

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        plain = argparse.RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, formatter_class=plain, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--activities", type=_positive, required=True, metavar="N", help="registrations"
        )
        parser.add_argument(
            "--facilities", type=_positive, default=FACILITIES, metavar="N", help="%(default)s"
        )
        parser.add_argument(
            "--matrices", type=int, default=MATRICES, metavar="N", help="%(default)s, at most"
        )
        parser.add_argument("--seed", type=int, default=SEED, metavar="N", help="%(default)s")
        parser.add_argument(
            "--today", type=dt.date.fromisoformat, metavar="YYYY-MM-DD", help="the last day"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                _(
                    "The made-up country has people with a password that everybody knows. It is "
                    "therefore made only with DEBUG=1, never on a real installation. Nothing was "
                    "made."
                )
            )
        order = Order(
            activities=options["activities"],
            today=options["today"] or timezone.localdate(),
            facilities=options["facilities"],
            matrices=options["matrices"],
            seed=options["seed"],
        )
        begun = time.monotonic()
        try:
            made = make_country(order, self._tell)
        except NotEmpty as error:
            raise CommandError(
                _("The database has facilities already. Nothing was made.")
            ) from error
        except TooFewClusters as error:
            raise CommandError(
                _("There are %(count)s health councils and no more matrices. Nothing was made.")
                % {"count": error.count}
            ) from error
        except TooLong as error:
            raise CommandError(
                _("So many registrations would reach back too far. Ask for more facilities.")
            ) from error
        self._report(made, time.monotonic() - begun)

    def _tell(self, what: str) -> None:
        self.stdout.write(what)
        self.stdout.flush()

    def _report(self, made: Made, seconds: float) -> None:
        for model, count in made.written.items():
            self.stdout.write(f"{count:>12,}  {model._meta.label}")
        self.stdout.write(_("Made in %(seconds)s seconds.") % {"seconds": round(seconds)})
        self.stdout.write(_("Log in with the password %(password)s as:") % {"password": PASSWORD})
        for person in made.log_ins:
            self.stdout.write(f"  {person.email:<48} {person.name}")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(_("a whole number from 1"))
    return number
