"""``manage.py load_initiatives``: activity types, and Hjørring's initiative as an example."""

from typing import Any

from django.core.management import BaseCommand, CommandError
from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from initiatives.seed import load_activity_types, load_initiative
from krams.seeding.facts_files import FactsError


class Command(BaseCommand):
    help = (
        "Loads the common activity types and Hjørring's KRAMS initiative. Running it again does "
        "no harm."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--only-activity-types", action="store_true", help="without Hjørring's initiative"
        )

    def handle(self, *args: Any, only_activity_types: bool, **options: Any) -> None:
        try:
            self.stdout.write(
                _("Activity types: %(done)s") % {"done": load_activity_types().summary()}
            )
            if not only_activity_types:
                self.stdout.write(
                    _("KRAMS initiative: %(done)s") % {"done": load_initiative().summary()}
                )
        except FactsError as error:
            raise CommandError(str(error)) from error
