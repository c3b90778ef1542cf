"""``manage.py demo_questions``: a question, a proposed wording and a next step in Klynge Syd."""

import datetime as dt
import uuid
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import Effort, Position, Proposal
from krams.enums import LetterState, Role
from krams.history.actions.locking import save_version
from krams.models import Cluster, ClusterMembership, Letter, Membership, User

from ...conversation.actions.letters import WRITTEN
from ...conversation.actions.threads import ask
from ...conversation.actions.wordings import propose_wording

# One id for all demos: whoever runs it again asks nothing more.
QUESTION = uuid.UUID("2f8a4d0e-53a1-4d38-9d0b-6a5f0c7e1b11")
WORDING = uuid.UUID("2f8a4d0e-53a1-4d38-9d0b-6a5f0c7e1b12")
DAYS_LATE = 12


class Command(BaseCommand):
    help = "Asks and proposes something about Rebild's answers, and gives one effort a next step."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        cluster = Cluster.objects.get(slug="syd")
        role = Membership.objects.valid_on().filter(role=Role.COORDINATOR, cluster=cluster).first()
        if role is None:
            raise CommandError(_("Nobody coordinates Klynge Syd, so nobody can ask."))
        column = ClusterMembership.objects.get(cluster=cluster, authority__slug="rebild")
        beds, outreach = Proposal.objects.standing().filter(cluster=cluster).order_by("number")[:2]
        ask(
            column=column,
            proposal=outreach,
            text=_("Which of the courses are held this year? The paper is from 2021."),
            submission_id=QUESTION,
            by=role.user,
        )
        answer = Position.objects.get(proposal=beds, authority=column.authority)
        efforts = Effort.objects.standing().filter(
            proposals=beds, cluster=cluster, authority=column.authority
        )
        lines: list[dict[str, Any]] = [{"effort": one.pk, "text": one.text} for one in efforts]
        lines.append({"effort": None, "text": _("Temporary places are found case by case")})
        propose_wording(
            column=column,
            proposal=beds,
            text=_("So that it reads like the answers of the others."),
            state=answer.state,
            state_from=answer.state_from,
            lines=lines,
            seen_version=answer.version,
            submission_id=WORDING,
            by=role.user,
        )
        _give_step(column, outreach, role.user)
        # The people of the demo have no mailbox.
        letters = Letter.objects.filter(kind=WRITTEN, about=str(cluster.pk))
        letters.filter(state=LetterState.WAITING).delete()
        self.stdout.write(_("Questions about Klynge Syd: asked"))


def _give_step(column: ClusterMembership, proposal: Proposal, by: User) -> None:
    efforts = Effort.objects.standing().filter(cluster=column.cluster, authority=column.authority)
    effort = efforts.filter(proposals=proposal).order_by("pk").first()
    if effort is None or effort.responsible:
        return
    effort.responsible = _("The health department")
    effort.next_step = _("Agree on the dates of the autumn")
    effort.next_step_on = timezone.localdate() - dt.timedelta(days=DAYS_LATE)
    save_version(effort, by=by, reason=_("Made up for the demo"))
