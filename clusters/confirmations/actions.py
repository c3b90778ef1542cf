"""Confirming answers as they stand, and asking an authority's editors to do so."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from krams.history.actions.locking import StaleVersion, save_version
from krams.mail.delivery import Delivery, deliver
from krams.models import Cluster, ClusterMembership, User

from ..access import editors_in, open_columns
from ..matrix.actions.save_cell import ExpiredEffort, lock_column
from ..matrix.cell_status import is_answered
from ..models import ConfirmationRequest, Effort, EffortProposal, Position, Proposal
from .models import ASK_AGAIN_AFTER


@dataclass
class Confirmed:
    """What became of a whole column: ``changed`` were saved since, ``expired`` hold an effort
    past its last day. Both are left as they were."""

    confirmed: list[Proposal] = field(default_factory=list)
    changed: list[Proposal] = field(default_factory=list)
    expired: list[tuple[Proposal, Effort]] = field(default_factory=list)


@transaction.atomic
def confirm_answer(*, column: ClusterMembership, versions: Mapping[int, int], by) -> None:
    """Confirm one answer without changing it; all of ``versions`` (by proposal), or nothing.

    A joint answer stands under several proposals. Sending the same once more changes nothing.
    Raises ``PermissionDenied``, also for a retired proposal, ``StaleVersion`` for one that was
    changed since or is not filled in, and :class:`ExpiredEffort`.
    """
    confirming = _Confirming(column, versions, by)
    if confirming.proposals.keys() != versions.keys():
        raise PermissionDenied
    for key in versions:
        if not confirming.is_unchanged(key):
            raise StaleVersion(confirming.positions.get(key) or Position(proposal_id=key))
        if effort := confirming.expired.get(key):
            raise ExpiredEffort(effort)
    for key in versions:
        confirming.confirm(key)


@transaction.atomic
def confirm_column(*, column: ClusterMembership, versions: Mapping[int, int], by) -> Confirmed:
    """Confirm every answer of the column that still is as the person saw it.

    ``versions`` are by proposal; those of other clusters or retired meanwhile count for nothing.
    Raises ``PermissionDenied``.
    """
    confirming, done = _Confirming(column, versions, by), Confirmed()
    for key, proposal in confirming.proposals.items():
        if not confirming.is_unchanged(key):
            done.changed.append(proposal)
        elif effort := confirming.expired.get(key):
            done.expired.append((proposal, effort))
        else:
            confirming.confirm(key)
            done.confirmed.append(proposal)
    return done


class _Confirming:
    """A column under its lock."""

    def __init__(self, column: ClusterMembership, versions: Mapping[int, int], by):
        lock_column(column, by)
        self.versions, self.by, self.today = versions, by, timezone.localdate()
        self.reason = _("Confirmed unchanged")
        found = Proposal.objects.standing().filter(cluster=column.cluster, pk__in=versions)
        self.proposals = {proposal.pk: proposal for proposal in found}
        self.positions = {
            position.proposal_id: position
            for position in Position.objects.filter(
                authority=column.authority, proposal__in=self.proposals
            )
        }
        places = (
            EffortProposal.objects.standing()
            .expired(self.today)
            .filter(proposal__in=self.proposals, effort__authority=column.authority)
            .select_related("effort")
        )
        self.expired = {place.proposal_id: place.effort for place in places}

    def is_unchanged(self, key: int) -> bool:
        """Whether the answer is filled in and as it was seen, or was just confirmed so."""
        position = self.positions.get(key)
        if position is None or not is_answered(position.state):
            return False
        return position.version == self.versions[key] or self._was_confirmed(position)

    def confirm(self, key: int) -> None:
        position = self.positions[key]
        if position.version != self.versions[key]:
            return
        position.confirmed_on, position.confirmed_by = self.today, self.by
        save_version(position, by=self.by, reason=self.reason)

    def _was_confirmed(self, position: Position) -> bool:
        """Whether the same person did so already: the button was pressed twice."""
        if position.version != self.versions[position.proposal_id] + 1:
            return False
        last = position.history.first()
        return (
            last.history_user_id == self.by.pk
            and last.history_change_reason == self.reason
            and last.confirmed_on == self.today
        )


class AskedLately(Exception):
    """The editors were asked less than :data:`ASK_AGAIN_AFTER` ago; ``request`` says when."""

    def __init__(self, request: ConfirmationRequest):
        super().__init__(f"asked {request.asked_at}")
        self.request = request


class NobodyToAsk(Exception):
    """The authority has no editor with an active account."""


class ColumnIsClosed(Exception):
    """The column is not in force today, so that no editor can confirm anything in it."""


@dataclass
class Asked:
    """Who got a letter, to whom it may not have come through, and who did not get it."""

    sent: list[User] = field(default_factory=list)
    uncertain: list[User] = field(default_factory=list)
    failed: list[User] = field(default_factory=list)


def editors_of(column: ClusterMembership, today: dt.date):
    """The active accounts with the role of an editor for the column."""
    roles = editors_in(column.cluster_id, today).filter(authority=column.authority_id)
    return User.objects.filter(Exists(roles.filter(user=OuterRef("pk"))), is_active=True).order_by(
        "pk"
    )


def ask_editors(*, column: ClusterMembership, outdated: int, portal: str, by) -> Asked:
    """Write to the editors of a column that ``outdated`` answers wait for them.

    ``portal`` is the address that the link begins with. The request is kept before the first
    letter goes out, so that two coordinators do not ask twice; it goes again if it is sure that
    nobody got one. Raises ``PermissionDenied``, :class:`ColumnIsClosed`, :class:`AskedLately` and
    :class:`NobodyToAsk`.
    """
    request, letters = _claim(column, outdated, portal, by)
    connection, asked = get_connection(), Asked()
    outcomes = {Delivery.SENT: asked.sent, Delivery.UNCERTAIN: asked.uncertain}
    delivery = None
    for editor, letter in letters:
        # Nobody waits once for each editor for a server that is not there.
        if delivery is not Delivery.UNREACHABLE:
            delivery = deliver(letter, connection, editor.pk)
        outcomes.get(delivery, asked.failed).append(editor)
    connection.close()
    if asked.sent or asked.uncertain:
        request.recipient_count = len(asked.sent)
        request.save(update_fields=["recipient_count"])
    else:
        request.delete()
    return asked


@transaction.atomic
def _claim(column: ClusterMembership, outdated: int, portal: str, by) -> tuple:
    """The request, and each editor with the letter."""
    if not Cluster.objects.coordinated_by(by).filter(pk=column.cluster_id).exists():
        raise PermissionDenied
    today = timezone.localdate()
    is_open = open_columns(today).select_for_update(of=("self",)).filter(pk=column.pk).first()
    if not is_open:
        raise ColumnIsClosed
    now = timezone.now()
    last = ConfirmationRequest.objects.filter(
        cluster=column.cluster, authority=column.authority, asked_at__gt=now - ASK_AGAIN_AFTER
    ).first()
    if last:
        raise AskedLately(last)
    editors = list(editors_of(column, today))
    if not editors:
        raise NobodyToAsk
    request = ConfirmationRequest.objects.create(
        cluster=column.cluster,
        authority=column.authority,
        asked_at=now,
        asked_by=by,
        asked_by_name=str(by),
    )
    return request, [(editor, _letter(column, editor, outdated, portal, by)) for editor in editors]


def _letter(
    column: ClusterMembership, editor: User, outdated: int, portal: str, by
) -> EmailMultiAlternatives:
    """As text and HTML, in the editor's language."""
    with translation.override(editor.digest_language):
        subject = _("KRAMS: please confirm the answers of %(authority)s") % {
            "authority": column.authority
        }
        path = f"{column.cluster.get_absolute_url()}?vis={column.authority.slug}&gammel=1"
        context = {
            "subject": subject,
            "authority": column.authority,
            "cluster": column.cluster,
            "outdated": outdated,
            "asked_by": by,
            "link": portal + path,
            "language": editor.digest_language,
        }
        letter = EmailMultiAlternatives(
            subject,
            render_to_string("clusters/confirmations/email/confirm.txt", context),
            to=[editor.email],
            headers={"Auto-Submitted": "auto-generated"},
        )
        html = render_to_string("clusters/confirmations/email/confirm.html", context)
        letter.attach_alternative(html, "text/html")
    return letter
