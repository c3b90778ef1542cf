"""``manage.py retention``: delete what its time is up for (README, "Retention")."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from ...data_protection.actions.retention import delete_old
from ...operation.actions import ended


class Command(BaseCommand):
    help = (
        "Deletes for good what is older than the RETENTION_ variables say, history included, and "
        "tells how much; run it every night. --dry-run counts and changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *args: Any, **options: Any) -> None:
        for one in delete_old(timezone.now(), dry_run=options["dry_run"]):
            also = "".join(f", {name} {number}" for name, number in one.others.items())
            kept = f", {one.kept} kept: something younger stands on them" if one.kept else ""
            self.stdout.write(f"{one.key} ({one.days} days): {one.rows} rows{also}{kept}")
        if options["dry_run"]:
            self.stdout.write("Nothing was deleted.")
        else:
            ended("retention")
