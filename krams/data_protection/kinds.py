"""The kinds of data of the kernel, and the histories of all apps."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from ..enums import LetterState
from ..models import AuditEntry, DigestSent, Invitation, Letter, Reminded
from .registry import Kind

_ENDED = (LetterState.SENT, LetterState.POINTLESS, LetterState.UNCERTAIN, LetterState.FAILED)

KINDS = (
    Kind(
        "sessions",
        "RETENTION_SESSIONS",
        _("Log-ins that have run out"),
        _("since they ran out"),
        lambda moment: Session.objects.filter(expire_date__lt=moment),
    ),
    Kind(
        "audit",
        "RETENTION_AUDIT",
        _("Audit log"),
        _("since it happened; at least 90 days"),
        lambda moment: AuditEntry.objects.filter(at__lt=moment),
    ),
    Kind(
        "letters",
        "RETENTION_LETTERS",
        _("Letters that were sent or given up"),
        _("since then"),
        lambda moment: Letter.objects.filter(state__in=_ENDED, settled_at__lt=moment),
    ),
    Kind(
        "digests",
        "RETENTION_DIGESTS",
        _("Which week's e-mail was sent to whom"),
        _("since then"),
        lambda moment: DigestSent.objects.filter(begun_at__lt=moment),
    ),
    Kind(
        "reminders",
        "RETENTION_REMINDERS",
        _("What somebody was reminded of"),
        _("since then"),
        lambda moment: Reminded.objects.filter(posted_on__lt=moment.date()),
    ),
    Kind(
        "invitations",
        "RETENTION_INVITATIONS",
        _("Invitations that were accepted, withdrawn or ran out"),
        _("since their link ran out"),
        lambda moment: Invitation.objects.filter(expires_at__lt=moment),
    ),
)


def histories() -> Iterator[type[Any]]:
    """The models of what was saved, of all apps."""
    for model in apps.get_models():
        if hasattr(model, "history_object"):
            yield model


def old_versions(model: type[Any], moment: dt.datetime) -> QuerySet[Any]:
    """Of a history what was saved before ``moment``, but for how each row stands today.

    Of a row that is gone everything.
    """
    newer = model.objects.filter(id=OuterRef("id"), history_id__gt=OuterRef("history_id"))
    is_over = Q(history_type="-") | Exists(newer)
    found: QuerySet[Any] = model.objects.filter(is_over, history_date__lt=moment)
    return found
