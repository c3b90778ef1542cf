"""``manage.py load_organisations [--file own.csv]``: authorities, clusters, one's own places."""

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from ...organisations.actions.csv_import import import_organisation
from ...organisations.actions.structure import load_structure
from ...seeding.facts_files import FactsError


class Command(BaseCommand):
    help = (
        "Loads the 98 municipalities, the regions and the clusters. With --file also departments, "
        "facilities and accounts from a CSV file (docs/import.md). Running it again does no harm."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--file", type=Path, help="CSV with one's own organisation")

    def handle(self, *args: Any, file: Path | None = None, **options: Any) -> None:
        try:
            done = load_structure()
            self.stdout.write(
                _("Municipalities, regions and clusters: %(done)s") % {"done": done.summary()}
            )
            if file:
                done = import_organisation(file)
                self.stdout.write(f"{file.name}: {done.summary()}")
        except FactsError as error:
            nothing = _("Nothing was loaded from the file.") if file else _("Nothing was loaded.")
            raise CommandError(f"{error}\n{nothing}") from error
