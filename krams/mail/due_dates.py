"""What is soon due, told in one letter a day: put together from the halves.

The halves register what has a date (:func:`register`, in their ``ready``). Who is reminded, and how
many days before, each person chooses beside the weekly e-mail.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from ..letters.composers import written
from ..models import Letter, Reminded, User

KIND = "due-dates"
TEMPLATE = "krams/mail/email/due_dates"


@dataclass(frozen=True)
class Due:
    """Something that the person may act on; ``what`` names it for good ("decision:12")."""

    what: str
    due_on: date
    text: str
    action: str
    path: str

    @property
    def key(self) -> str:
        return f"{self.what}:{self.due_on.isoformat()}"


# What is due from the first day to the last, both included, that the person may act on.
Provider = Callable[[User, date, date], Iterable[Due]]
_PROVIDERS: list[Provider] = []


def register(provider: Provider) -> Provider:
    """Have ``provider(user, first, last)`` asked for what is due in these days."""
    if provider not in _PROVIDERS:
        _PROVIDERS.append(provider)
    return provider


def due_for(user: User, today: date) -> list[Due]:
    """From today on, as far ahead as the person chose; the earliest first."""
    # Only roles say what somebody must act on; to a superuser everything would be theirs.
    user.is_superuser = False
    last = today + timedelta(days=user.reminder_days)
    found = (due for provider in _PROVIDERS for due in provider(user, today, last))
    return sorted(found, key=lambda due: (due.due_on, due.text))


def compose(letter: Letter) -> EmailMultiAlternatives | None:
    """What was posted on the day that the letter is about and is still to be done."""
    posted = Reminded.objects.filter(user=letter.to, posted_on=date.fromisoformat(letter.about))
    keys = set(posted.values_list("key", flat=True))
    dues = [due for due in due_for(letter.to, timezone.localdate()) if due.key in keys]
    if not dues:
        return None
    subject = ngettext(
        "KRAMS: %(number)s thing is soon due", "KRAMS: %(number)s things are soon due", len(dues)
    ) % {"number": len(dues)}
    settings_url = letter.link(reverse("settings") + "#besked")
    return written(letter, subject, TEMPLATE, {"dues": dues, "settings_url": settings_url})
