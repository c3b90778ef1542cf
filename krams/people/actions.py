"""Writes to accounts."""

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
