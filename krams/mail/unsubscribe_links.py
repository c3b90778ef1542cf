"""The signed address in an e-mail that stops that e-mail for that person (RFC 8058).

It proves by itself who gets the letter: mail programs send no log-in and no CSRF token. It opens
nothing else, and how often the e-mail comes can be chosen again under the settings.
"""

from datetime import timedelta

from django.core import signing
from django.urls import reverse

from ..people.models import User

DIGEST = "digest"
# Longer than anybody looks back for a letter.
VALID_FOR = timedelta(days=365)
_SALT = "krams.unsubscribing"


class NotOurs(Exception):
    """Forged, cut short, of another e-mail, or of an account that is closed."""


class TooOld(Exception):
    """Signed by us, longer ago than ``VALID_FOR``."""


def path_for(user: User) -> str:
    return reverse("unsubscribe", args=[signing.dumps([DIGEST, user.pk], salt=_SALT)])


def account_of(token: str) -> int:
    """The key of the account whose digest ``token`` stops. Raises ``NotOurs`` or ``TooOld``."""
    try:
        what, pk = signing.loads(token, salt=_SALT, max_age=VALID_FOR)
    except signing.SignatureExpired as error:
        raise TooOld from error
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise NotOurs from error
    if what != DIGEST or not isinstance(pk, int):
        raise NotOurs
    return pk
