"""Writes to accounts."""

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from ..letters.actions import post
from ..models import User
from .account_letters import NOTICE


def open_account(email: str, name: str) -> User:
    """An account without a password: its person chooses one, through a link in an e-mail.

    Nobody is handed a password. Raises ``ValidationError``.
    """
    user = User(email=User.objects.normalize_email(email), name=name)
    user.set_unusable_password()
    user.full_clean(exclude=["password"])
    user.save()
    return user


@transaction.atomic
def close_tour(*, by: User) -> User:
    """Offer the person the tour of Today no more; asked again it changes nothing."""
    person = User.objects.select_for_update().get(pk=by.pk)
    if person.tour_closed_at is None:
        person.tour_closed_at = timezone.now()
        person.save(update_fields=["tour_closed_at"])
    return person


@transaction.atomic
def forget_ways_in(user: User) -> None:
    """Remove every way in beside the password, and write to the person where there was one."""
    ways = (Authenticator.objects.filter(user=user), SocialAccount.objects.filter(user=user))
    if not sum(rows.delete()[0] for rows in ways):
        return
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
