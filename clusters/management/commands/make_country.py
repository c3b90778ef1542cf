"""``manage.py make_country --activities N``: a made-up country of any size."""

import datetime as dt
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from ...country.actions.columns import TooFewClusters
from ...country.actions.country import FACILITIES, MATRICES, SEED, Order
from ...country.actions.log import TooLong
from ...country.actions.make import NotEmpty, make_country


class Command(BaseCommand):
    help = "Makes a country."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--activities", type=int, required=True)
        parser.add_argument("--facilities", type=int, default=FACILITIES)
        parser.add_argument("--matrices", type=int, default=MATRICES)
        parser.add_argument("--seed", type=int, default=SEED)
        parser.add_argument("--today", type=dt.date.fromisoformat)

    def handle(self, *args: Any, **options: Any) -> None:
        order = Order(
            options["activities"],
            options["today"] or timezone.localdate(),
            options["facilities"],
            options["matrices"],
            options["seed"],
        )
        try:
            with translation.override("da"):
                made = make_country(order, self.stdout.write)
        except NotEmpty as error:
            raise CommandError("There are facilities already. Nothing was made.") from error
        except TooFewClusters as error:
            raise CommandError(f"There are only {error.count} health councils.") from error
        except TooLong as error:
            raise CommandError("The log would reach back too far.") from error
        for model, count in made.written.items():
            self.stdout.write(f"{model._meta.label} {count}")
