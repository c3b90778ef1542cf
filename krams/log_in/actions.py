"""Writes to log-ins."""

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from ..audit.actions import record
from ..enums import AuditKind
from ..letters.actions import post
from ..models import User
from .letters import NOTICE


@transaction.atomic
def end_sessions(user: User, *, by: User) -> User:
    """Log somebody out on every computer, at the next click there; it takes a new log-in."""
    person = User.objects.select_for_update().get(pk=user.pk)
    person.sessions_ended_at = timezone.now()
    person.save(update_fields=["sessions_ended_at"])
    record(AuditKind.LOG_OUT_EVERYWHERE, actor=by, about=f"account:{person.pk}")
    return person


@transaction.atomic
def forget_ways_in(user: User) -> None:
    """Remove every way in beside the password, and write to the person where there was one."""
    ways = (Authenticator.objects.filter(user=user), SocialAccount.objects.filter(user=user))
    if not sum(rows.delete()[0] for rows in ways):
        return
    about = f"account:{user.pk}"
    record(AuditKind.SECOND_STEP, actor=user, about=about, what="removed", kind_of="all")
    with translation.override(user.digest_language):
        post(
            kind=NOTICE,
            to=user,
            about=_("Passkeys and two-step log-in were removed."),
            text=_(
                "Your account was opened by a link that somebody handed over, and may have been"
                " used by them. So passkeys, two-step log-in and the log-in of an organisation were"
                " removed from it when you said yes to an invitation in an e-mail.\n\nMake your own"
                " anew under Settings."
            ),
        )
