"""``manage.py encrypt_secrets``: secrets of second steps under the newest key (docs/log-in.md)."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from ...people.actions import encrypt_second_steps


class Command(BaseCommand):
    help = (
        "Encrypts the secrets of apps and recovery codes with a key made of SECRET_KEY; after an "
        "upgrade, and after a new SECRET_KEY. --clear writes them in clear again, before going "
        "back to a version that cannot read them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--clear", action="store_true", help="write them in clear")

    def handle(self, *args: Any, **options: Any) -> None:
        changed, unreadable = encrypt_second_steps(clear=options["clear"])
        self.stdout.write(f"{changed} changed.")
        if unreadable:
            self.stderr.write(
                f"{unreadable} cannot be read: their key is not in SECRET_KEY_FALLBACKS."
            )
