"""Writes to accounts."""

from django.db import transaction
from django.utils import timezone

from ..models import User


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
