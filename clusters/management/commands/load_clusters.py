"""``manage.py load_clusters``: the matrix of Klynge Syd as an example."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from clusters.seed import load_matrix
from krams.seeding.facts_files import FactsError


class Command(BaseCommand):
    help = "Loads the matrix of Klynge Syd. Running it again does no harm."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--demo", action="store_true", help="with made-up dates of confirmation"
        )

    def handle(self, *args: Any, demo: bool = False, **options: Any) -> None:
        try:
            self.stdout.write(
                _("Matrix of Klynge Syd: %(done)s") % {"done": load_matrix(demo=demo).summary()}
            )
        except FactsError as error:
            raise CommandError(str(error)) from error
