"""Log-ins that were refused: a line in the log, and an entry of the audit log where one failed.

Without the e-mail address that was typed, which may be a password in the wrong field: the account's
number where there is one, and a hash under which the same address is found again.
"""

import logging
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.signals import authentication_failed
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from ..audit.actions import account_and_authority, record
from ..enums import AuditKind
from ..models import User

logger = logging.getLogger("krams.log_in")


def account_hash(email: str) -> str:
    """The same for the same address, whatever its case; nobody reads the address from it."""
    return salted_hmac("krams.log_in", email.strip().casefold()).hexdigest()[:16]


def tell(request: HttpRequest, email: str, reason: str) -> None:
    """A line that a monitor can count: which account, from which address, and why.

    Of what the organisation's log-in answers nobody knows whose it is.
    """
    user = _account(email)
    about = {
        "account": account_hash(email) if email else None,
        "address": get_adapter(request).get_client_ip(request),
        "user_id": user.pk if user else None,
        "reason": reason,
    }
    logger.warning("log-in refused", extra=about)


def keep(email: str, reason: str) -> None:
    """In the audit log, with the network of the address."""
    known, authority = account_and_authority(email__iexact=_written(email))
    about = f"account:{known}" if known else f"unknown:{account_hash(email)}" if email else ""
    record(AuditKind.LOG_IN_FAILED, actor=None, about=about, authority=authority, reason=reason)


def of_token(request: HttpRequest, why: str) -> None:
    """A log-out by the organisation that was none; ``why`` is a word of the code."""
    address = get_adapter(request).get_client_ip(request)
    logger.warning("log-out refused", extra={"address": address, "reason": why})


@receiver(authentication_failed)
def _wrong_code(sender: object, request: HttpRequest, user: User, **_more: Any) -> None:
    """The password was right, or was not asked for; the code or the key was not."""
    tell(request, user.email, "second_step")
    keep(user.email, "second_step")


def _account(email: str) -> User | None:
    return User.objects.filter(email__iexact=_written(email)).only("pk").first()


def _written(email: str) -> str:
    """As an address can stand in the database."""
    return email.replace("\0", "").strip()
