"""Who is due for the e-mail about what needs them, and whose e-mail a link stops."""

from datetime import date, datetime, time

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from ..danish.weeks import Week
from ..enums import DigestFrequency, ReminderDays
from ..models import DigestSent, Membership, User
from . import unsubscribe_links


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


def reminded(today: date) -> list[User]:
    """Active people with a role who want to be reminded of what is due."""
    roles = Membership.objects.valid_on(today).filter(user=OuterRef("pk"))
    wanted = User.objects.filter(Exists(roles), is_active=True)
    return list(wanted.exclude(reminder_days=ReminderDays.NEVER).order_by("pk"))


def _monday(today: date) -> datetime:
    return timezone.make_aware(datetime.combine(Week.of(today).monday, time.min))


def person_of(token: str) -> User:
    """Whose digest the link with ``token`` stops. Raises ``NotOurs`` or ``TooOld``."""
    account = unsubscribe_links.account_of(token)
    person = User.objects.filter(pk=account, is_active=True).first()
    if person is None:
        raise unsubscribe_links.NotOurs
    return person
