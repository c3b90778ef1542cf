"""``manage.py demo``: the portal with the facts of the two documents, demo people and demo data."""

import errno
import logging
import socket
from io import StringIO
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.db import transaction
from django.utils.translation import gettext as _

from krams.models import User

from ...organisations.actions.csv_import import import_organisation
from ...seeding.facts_files import FIXTURES

PASSWORD = "krams-demo-2026"
ADMINISTRATOR = "admin@demo.example"
DOMAIN = "@demo.example"


class Command(BaseCommand):
    help = (
        "Migrates, loads the seed documents, creates demo people and demo activities, and serves "
        "the portal on this machine. Only with DEBUG=1. Running it again on another day extends "
        "the demo to that day."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1")
        parser.add_argument("--no-serve", action="store_true", help="load, and do not serve")

    def handle(self, *args: Any, port: int, no_serve: bool, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                _(
                    "The demo creates people with a password that everybody knows. It therefore "
                    "runs only with DEBUG=1, never on a real installation. Nothing was created."
                )
            )
        if not no_serve:
            self._refuse_a_port_in_use(port)
            # A line of each request and of each role would push what is told here out of sight.
            for name in ("krams.requests", "krams.audit"):
                logging.getLogger(name).setLevel(logging.WARNING)
        self._load()
        create_demo_people()
        # After the people, in whose names things are registered and measured.
        call_command("demo_activities", stdout=self.stdout)
        call_command("demo_questions", stdout=self.stdout)
        call_command("demo_edition", stdout=self.stdout)
        call_command("demo_import", stdout=self.stdout)
        call_command("demo_ask", stdout=self.stdout)
        self._greet(None if no_serve else port)
        if not no_serve:
            self._serve(port)

    def _load(self) -> None:
        self.stdout.write(_("Preparing the database …"))
        call_command("migrate", verbosity=0)
        call_command("load_organisations", file=FIXTURES / "hjoerring.csv", stdout=self.stdout)
        call_command("load_initiatives", stdout=self.stdout)
        call_command("load_clusters", demo=True, stdout=self.stdout)

    @staticmethod
    def _serve(port: int) -> None:
        # The server's own greeting is in English.
        call_command(
            "runserver",
            f"127.0.0.1:{port}",
            use_reloader=False,
            skip_checks=True,
            stdout=StringIO(),
        )

    @staticmethod
    def _refuse_a_port_in_use(port: int) -> None:
        if not 1 <= port <= 65535:
            raise CommandError(_("A port is a number from 1 to 65535."))
        with socket.socket() as probe:
            # As the server does it: a port that was served a moment ago is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                in_use = error.errno == errno.EADDRINUSE
                reason = _("another program uses it") if in_use else error.strerror
                raise CommandError(
                    _("Port %(port)s cannot be used: %(reason)s. Try --port %(next)s.")
                    % {"port": port, "reason": reason, "next": port % 65535 + 1}
                ) from error

    def _greet(self, port: int | None) -> None:
        lines = [""]
        if port:
            lines += [_("The portal is ready: %(url)s") % {"url": f"http://127.0.0.1:{port}/"}]
        lines += [_("Log in with the password %(password)s as:") % {"password": PASSWORD}]
        people = User.objects.filter(email__endswith=DOMAIN).order_by("pk")
        lines += [f"  {person.email:<26} {person.name}" for person in people]
        lines += [_("People and registrations are made up. The portal stops with Ctrl+C."), ""]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


@transaction.atomic
def create_demo_people() -> None:
    """One person a role, all with the demo password; one who changed it gets it back."""
    import_organisation(FIXTURES / "demo_people.csv")
    administrator = User.objects.filter(email=ADMINISTRATOR).first()
    if administrator is None:
        User.objects.create_superuser(ADMINISTRATOR, name=_("Administrator"))
    # One hash for all: they share the password anyway, and hashing is slow on purpose.
    encoded = None
    fits: dict[str, bool] = {}
    for person in User.objects.filter(email__endswith=DOMAIN):
        if person.has_usable_password() and person.password not in fits:
            fits[person.password] = check_password(PASSWORD, person.password)
        if not fits.get(person.password):
            encoded = encoded or make_password(PASSWORD)
            person.password = encoded
            person.save(update_fields=["password"])
