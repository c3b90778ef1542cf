"""What the e-mail about what needs a person says: ``krams.worklist``, as a letter.

``krams.mail.actions`` sends it.
"""

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
from ..worklist.registry import register, sections_for
from ..worklist.sections import Line, Section, by_place
from . import unsubscribe_links

__all__ = ["Line", "Section", "compose", "period_of", "register"]


def compose(user: User, today: date) -> EmailMultiAlternatives | None:
    """The digest as text and HTML, in the person's language; None where there is nothing to say."""
    # Only roles say what somebody must act on; to a superuser everything would be theirs.
    user.is_superuser = False
    with translation.override(user.digest_language):
        found = sections_for(user, today)
        places = by_place(one for one in found if one.lines and one.kind.is_written)
        number = sum(place.needs for place in places)
        if not number:
            return None
        subject = ngettext(
            "KRAMS: %(number)s thing needs you", "KRAMS: %(number)s things need you", number
        ) % {"number": number}
        unsubscribe = settings.PORTAL_URL + unsubscribe_links.path_for(user)
        context = {
            "subject": subject,
            "user": user,
            "places": places,
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
