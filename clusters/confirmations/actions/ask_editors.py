"""Asking the editors of a column by e-mail to confirm its answers: whom, and in what words."""

import datetime as dt
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from krams.letters.delivery import Delivery, deliver
from krams.models import Cluster, ClusterMembership, User

from ...access import editors_in, open_columns
from ...models import ConfirmationRequest
from ..ask_again import is_too_early


class AskedLately(Exception):
    """The editors were asked a short while ago; ``request`` says when."""

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


def editors_of(column: ClusterMembership, today: dt.date) -> QuerySet[User]:
    """The active accounts with the role of an editor for the column."""
    roles = editors_in(column.cluster_id, today).filter(authority=column.authority_id)
    return User.objects.filter(Exists(roles.filter(user=OuterRef("pk"))), is_active=True).order_by(
        "pk"
    )


def ask_editors(*, column: ClusterMembership, outdated: int, portal: str, by: User) -> Asked:
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
def _claim(
    column: ClusterMembership, outdated: int, portal: str, by: User
) -> tuple[ConfirmationRequest, list[tuple[User, EmailMultiAlternatives]]]:
    """The request, and each editor with the letter."""
    if not Cluster.objects.coordinated_by(by).filter(pk=column.cluster_id).exists():
        raise PermissionDenied
    today = timezone.localdate()
    is_open = open_columns(today).select_for_update(of=("self",)).filter(pk=column.pk).first()
    if not is_open:
        raise ColumnIsClosed
    now = timezone.now()
    last = ConfirmationRequest.objects.filter(
        cluster=column.cluster, authority=column.authority
    ).first()
    if last and is_too_early(last.asked_at, now):
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
    column: ClusterMembership, editor: User, outdated: int, portal: str, by: User
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
