"""Writes to log-ins."""

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from ..audit.actions import record
from ..enums import AuditKind
from ..letters.actions import post
from ..models import LogIn, User
from .letters import NOTICE


@transaction.atomic
def end_log_in(*, log_in_id: int, by: User) -> None:
    """End one of one's own log-ins; one that is over already stays so. Raises ``DoesNotExist``."""
    row = LogIn.objects.select_for_update(of=("self",)).get(pk=log_in_id, user=by)
    Session.objects.filter(pk=row.session_id).delete()
    record(AuditKind.LOG_OUT, actor=by, about=f"account:{by.pk}", what="ended")


@transaction.atomic
def end_by_organisation(*, subject_hash: str, sid_hash: str) -> int:
    """End what the organisation's log-in names: one of its sessions, else all of a person.

    Returns how many log-ins there were; none is no error.
    """
    told = {"subject_hash": subject_hash, "sid_hash": sid_hash}
    which = {name: value for name, value in told.items() if value}
    # Without a name all log-ins of the portal would be meant.
    named = LogIn.objects.filter(**which) if which else LogIn.objects.none()
    found = list(named.select_for_update(of=("self",)).values_list("session_id", "user_id"))
    Session.objects.filter(pk__in=[key for key, _user in found]).delete()
    for _key, user in found:
        record(AuditKind.LOG_OUT, actor=None, about=f"account:{user}", reason="organisation")
    return len(found)


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
