"""What the e-mail about what needs a person says: put together from the halves.

The halves register what they have to say (:func:`register`, in their ``ready``); the kernel knows
neither of them. ``krams.mail.actions`` sends it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext

from ..danish.weeks import Week
from ..enums import DigestFrequency
from ..models import User
from . import unsubscribe_links

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
        unsubscribe = settings.PORTAL_URL + unsubscribe_links.path_for(user)
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
