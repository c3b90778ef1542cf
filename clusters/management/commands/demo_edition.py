"""``manage.py demo_edition``: a first frozen edition of Klynge Syd, as the demo shows it."""

import datetime as dt
import uuid
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import Edition
from krams.enums import Role
from krams.models import Cluster, Membership, User

from ...editions.actions import freeze_edition, make_read_link, write_texts
from ...editions.read_links import USUAL

# One id for all demos: whoever runs it again freezes nothing more.
SUBMISSION = uuid.UUID("6b1f9c52-7f0e-4b8e-9a3d-1c1d3f2a5e77")
LINK = uuid.UUID("c2a4e0b1-5d83-4f0a-9a37-2f6f0c9b7d10")


class Command(BaseCommand):
    help = "Freezes the matrix of Klynge Syd once, in the name of its coordinator."

    def handle(self, *args: Any, **options: Any) -> None:
        cluster = Cluster.objects.get(slug="syd")
        coordinator = (
            Membership.objects.valid_on()
            .filter(role=Role.COORDINATOR, cluster=cluster)
            .select_related("user")
            .first()
        )
        if coordinator is None:
            raise CommandError(_("Nobody coordinates Klynge Syd, so nobody can freeze it."))
        known = Edition.objects.filter(submission_id=SUBMISSION).exists()
        edition = freeze_edition(
            cluster=cluster,
            title=_("The paper that the matrix builds on"),
            meeting=_("Political cluster meeting"),
            meeting_on=timezone.localdate() + dt.timedelta(days=5),
            submission_id=SUBMISSION,
            by=coordinator.user,
        )
        if not known:
            self._for_readers(edition, coordinator.user)
        done = _("no new edition") if known else _("edition 1 frozen")
        self.stdout.write(_("Editions of Klynge Syd: %(done)s") % {"done": done})

    def _for_readers(self, edition: Edition, by: User) -> None:
        """What stands before the matrix, and a link for the politicians who read it."""
        write_texts(
            edition=edition,
            version=0,
            introduction=_(
                "The matrix shows what each authority answers to the proposals. The meeting is"
                " asked to say which gaps come first."
            ),
            conclusion="",
            by=by,
        )
        make_read_link(
            edition=edition,
            label=_("The members of the political meeting"),
            expires_on=timezone.localdate() + USUAL,
            submission_id=LINK,
            by=by,
        )
