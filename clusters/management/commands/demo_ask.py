"""``manage.py demo_ask``: the coordinator of Klynge Syd asks its editors, as the demo shows it."""

import datetime as dt
import uuid
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import Ask, AskedEditor
from krams.enums import Role
from krams.models import Cluster, Letter, Membership

from ...access import get_sheet
from ...asking.actions.ask import Wanted, ask_editors
from ...asking.actions.letters import ASKED
from ...asking.queries.recipients import askable_columns
from ...asking.reminding import DAYS_AFTER, DAYS_BEFORE
from ...enums import AskKind, AskScope

# One id for all demos: whoever runs it again asks nobody once more.
SUBMISSION = uuid.UUID("3f1d7c0a-52f4-4b0e-8a60-7f2f2f1c9a44")


class Command(BaseCommand):
    help = "Asks the editors of Klynge Syd once to confirm, in its coordinator's name."

    def handle(self, *args: Any, **options: Any) -> None:
        cluster = Cluster.objects.get(slug="syd")
        coordinator = (
            Membership.objects.valid_on()
            .filter(role=Role.COORDINATOR, cluster=cluster)
            .select_related("user")
            .first()
        )
        if coordinator is None:
            raise CommandError(_("Nobody coordinates Klynge Syd, so nobody can ask for it."))
        known = Ask.objects.filter(submission_id=SUBMISSION).exists()
        askable = askable_columns(get_sheet(coordinator.user, cluster.slug))
        wanted = Wanted(
            kind=AskKind.CONFIRM.value,
            scope=AskScope.CHOSEN.value,
            proposals=frozenset(
                cluster.proposals.filter(number__lte=3).values_list("pk", flat=True)
            ),
            people=frozenset((one.authority.pk, who.pk) for one in askable for who in one.editors),
            text=_("The matrix is on the agenda of the next political cluster meeting."),
            deadline=timezone.localdate() + dt.timedelta(days=14),
            remind_before=DAYS_BEFORE,
            remind_after=DAYS_AFTER,
        )
        with transaction.atomic():
            ask = ask_editors(
                cluster=cluster, wanted=wanted, submission_id=SUBMISSION, by=coordinator.user
            )
            # The people of the demo have no mailbox.
            asked = AskedEditor.objects.filter(column__ask=ask).values_list("pk", flat=True)
            Letter.objects.filter(kind=ASKED, key__in=map(str, asked)).delete()
        done = _("nobody asked once more") if known else _("one ask is out")
        self.stdout.write(_("Asks of Klynge Syd: %(done)s") % {"done": done})
