"""``manage.py demo_import``: a table pasted for Klynge Syd, as the demo shows one to go through."""

import uuid
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from clusters.models import ImportDraft
from krams.documents.table_pasting import read_pasted
from krams.enums import Role
from krams.models import Cluster, Membership

from ...access import get_sheet
from ...intake.actions.drafts import keep_draft
from ...intake.queries import sought_in
from ...intake.table_reading import read_matrix_of

# One id for all demos: whoever runs it again pastes nothing more.
SUBMISSION = uuid.UUID("0f6f0c5e-5c0c-4f43-9a57-5f1d9b6f1a10")
# Made up: what a municipality might send by e-mail.
ANSWERS = {
    3: "Opsøgende arbejde: støttebesøg i lokalområder\nFølgeskab til lægen",
    7: "Etableret\nFast aftale med hospitalet",
    8: "Ingen faste aftaler, men vi ringer rundt",
}


class Command(BaseCommand):
    help = "Pastes a small table for Klynge Syd once, in the name of its coordinator."

    def handle(self, *args: Any, **options: Any) -> None:
        cluster = Cluster.objects.get(slug="syd")
        coordinator = (
            Membership.objects.valid_on()
            .filter(role=Role.COORDINATOR, cluster=cluster)
            .select_related("user")
            .first()
        )
        if coordinator is None:
            raise CommandError(_("Nobody coordinates Klynge Syd, so nobody can paste for it."))
        known = ImportDraft.objects.filter(submission_id=SUBMISSION).exists()
        sheet = get_sheet(coordinator.user, cluster.slug)
        name = sheet.columns[0].authority.official_name
        quoted = (f'{number}\t"{answer}"' for number, answer in ANSWERS.items())
        table = "\n".join([f"Forslag\t{name}", *quoted])
        keep_draft(
            cluster=cluster,
            authority=None,
            reading=read_matrix_of(read_pasted(table), sought_in(sheet)),
            file_name=_("Answers by e-mail"),
            submission_id=SUBMISSION,
            by=coordinator.user,
        )
        done = _("no new draft") if known else _("one draft to go through")
        self.stdout.write(_("Imports of Klynge Syd: %(done)s") % {"done": done})
