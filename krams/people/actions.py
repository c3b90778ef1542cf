"""Writes to accounts."""

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from ..audit.actions import account_and_authority, record
from ..enums import AuditKind
from ..models import User
from . import secrets


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
def end_sessions(user: User, *, by: User | AnonymousUser | None) -> User:
    """Log somebody out on every computer, at the next click there; it takes a new log-in."""
    person = User.objects.select_for_update().get(pk=user.pk)
    person.sessions_ended_at = timezone.now()
    person.save(update_fields=["sessions_ended_at"])
    # Told to the administrators of the person's authority too.
    _key, authority = account_and_authority(pk=person.pk)
    about = f"account:{person.pk}"
    record(AuditKind.LOG_OUT_EVERYWHERE, actor=by, about=about, authority=authority)
    return person


@transaction.atomic
def close_tour(*, by: User) -> User:
    """Offer the person the tour of Today no more; asked again it changes nothing."""
    person = User.objects.select_for_update().get(pk=by.pk)
    if person.tour_closed_at is None:
        person.tour_closed_at = timezone.now()
        person.save(update_fields=["tour_closed_at"])
    return person


@transaction.atomic
def encrypt_second_steps(*, clear: bool = False) -> tuple[int, int]:
    """Bring all secrets of second steps under the newest key, or with ``clear`` under none.

    Returns how many were changed, and how many no key opens; these stay as they are.
    """
    changed = unreadable = 0
    rows = Authenticator.objects.select_for_update().filter(type__in=secrets.FIELDS)
    for row in rows.order_by("pk"):
        field = secrets.FIELDS[row.type]
        stored = row.data[field]
        try:
            text = secrets.decrypted(stored)
        except InvalidToken:
            unreadable += 1
            continue
        if stored == text if clear else secrets.is_newest(stored):
            continue
        row.data[field] = text if clear else secrets.encrypted(text)
        row.save(update_fields=["data"])
        changed += 1
    return changed, unreadable
