"""The e-mail about what needs a person: put together from the halves, sent once a period.

The halves register what they have to say (:func:`register`, in their ``ready``); the kernel knows
neither of them. Sending is at most once: see :class:`krams.models.DigestSent`.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import ngettext

from ..danish.weeks import Week
from ..enums import DigestFrequency, DigestOutcome
from ..models import DigestSent, Membership, User
from . import unsubscribing
from .letters import Delivery, deliver

logger = logging.getLogger("krams.digests")

MOST_LINES = 10


@dataclass(frozen=True)
class Line:
    """Something to act on; ``path`` leads to the page where that is done."""

    text: str
    action: str
    path: str


@dataclass(frozen=True)
class Section:
    """Lines of one kind, the most pressing first; ``path`` leads to where all of them are."""

    title: str
    lines: tuple[Line, ...]
    path: str

    @property
    def shown(self) -> tuple[Line, ...]:
        return self.lines[:MOST_LINES]

    @property
    def more(self) -> int:
        return len(self.lines) - len(self.shown)


Provider = Callable[[User, date], Iterable[Section]]
_PROVIDERS: list[Provider] = []


def register(provider: Provider) -> Provider:
    """Have ``provider(user, today)`` asked for sections of what that person must act on."""
    if provider not in _PROVIDERS:
        _PROVIDERS.append(provider)
    return provider


def sections_for(user: User, today: date) -> list[Section]:
    """What the person may see and must act on, from all halves; empty sections are left out."""
    found = (section for provider in _PROVIDERS for section in provider(user, today))
    return [section for section in found if section.lines]


def compose(user: User, today: date) -> EmailMultiAlternatives | None:
    """The digest as text and HTML, in the person's language; None where there is nothing to say."""
    # Only roles say what somebody must act on; to a superuser everything would be theirs.
    user.is_superuser = False
    with translation.override(user.digest_language):
        sections = sections_for(user, today)
        if not sections:
            return None
        number = sum(len(section.lines) for section in sections)
        subject = ngettext(
            "KRAMS: %(number)s thing needs you", "KRAMS: %(number)s things need you", number
        ) % {"number": number}
        unsubscribe = settings.PORTAL_URL + unsubscribing.path_for(user)
        context = {
            "subject": subject,
            "user": user,
            "sections": sections,
            "week": Week.of(today),
            "portal": settings.PORTAL_URL,
            "settings_url": settings.PORTAL_URL + reverse("settings") + "#besked",
            "unsubscribe_url": unsubscribe,
            "language": user.digest_language,
        }
        letter = EmailMultiAlternatives(
            subject,
            render_to_string("krams/mail/email/digest.txt", context),
            to=[user.email],
            headers={
                "List-Unsubscribe": f"<{unsubscribe}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Auto-Submitted": "auto-generated",
            },
        )
        letter.attach_alternative(
            render_to_string("krams/mail/email/digest.html", context), "text/html"
        )
    return letter


def period_of(user: User, today: date) -> str:
    """ "2026-W47" or "2026-11": what a person gets one digest for."""
    if user.digest_frequency == DigestFrequency.MONTHLY:
        return f"{today:%Y-%m}"
    return str(Week.of(today))


def due(today: date) -> list[User]:
    """Active people with a role who want digests and were not seen to in this period."""
    month, week = f"{today:%Y-%m}", str(Week.of(today))
    monthly = Q(digest_frequency=DigestFrequency.MONTHLY)
    mine = DigestSent.objects.filter(user=OuterRef("pk"))
    return list(
        User.objects.filter(
            Exists(Membership.objects.valid_on(today).filter(user=OuterRef("pk"))), is_active=True
        )
        .exclude(digest_frequency=DigestFrequency.NEVER)
        .exclude(monthly & Exists(mine.filter(period=month)))
        # Nobody gets two in one week, also who chose another frequency in between.
        .exclude(Exists(mine.filter(Q(period=week) | Q(begun_at__gte=_monday(today)))))
        .order_by("pk")
    )


def _monday(today: date) -> datetime:
    return timezone.make_aware(datetime.combine(Week.of(today).monday, time.min))


@dataclass
class Report:
    """What a run did; ``failed`` is tried again, ``uncertain`` is not (account ids)."""

    sent: int = 0
    nothing: int = 0
    failed: list[int] = field(default_factory=list)
    uncertain: list[int] = field(default_factory=list)
    is_unreachable: bool = False


def send_due(today: date) -> Report:
    """Send every digest that is due. One that fails does not stop the others."""
    report, connection = Report(), get_connection()
    try:
        for user in due(today):
            if not _send_one(user, today, connection, report):
                break
    finally:
        connection.close()
    return report


def _send_one(user: User, today: date, connection, report: Report) -> bool:
    """Whether the run may go on: not where the mail server cannot be reached."""
    claim = _claim(user, period_of(user, today))
    if claim is None:
        return True
    try:
        letter = compose(user, today)
    except Exception:
        # Whatever is wrong with one person's digest, the others get theirs.
        logger.exception("digest not composed", extra={"user_id": user.pk})
        return _release(claim, report)
    if letter is None:
        report.nothing += 1
        return _settle(claim, DigestOutcome.NOTHING)
    delivery = deliver(letter, connection, user.pk)
    if delivery is Delivery.SENT:
        report.sent += 1
        return _settle(claim, DigestOutcome.SENT)
    if delivery is Delivery.UNCERTAIN:
        # It may have arrived. Better one too few than two of one.
        report.uncertain.append(user.pk)
        return True
    report.is_unreachable = delivery is Delivery.UNREACHABLE
    return _release(claim, report, go_on=not report.is_unreachable)


def _claim(user: User, period: str) -> DigestSent | None:
    """Committed before anything is sent; None where another run has it."""
    try:
        with transaction.atomic():
            return DigestSent.objects.create(user=user, period=period)
    except IntegrityError:
        return None


def _settle(claim: DigestSent, outcome: DigestOutcome) -> bool:
    claim.outcome = outcome
    claim.save(update_fields=["outcome"])
    return True


def _release(claim: DigestSent, report: Report, *, go_on: bool = True) -> bool:
    report.failed.append(claim.user_id)
    claim.delete()
    return go_on
