"""What becomes of a letter that is handed to the mail server."""

import enum
import logging
import smtplib
from collections.abc import Sequence

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import BadHeaderError

logger = logging.getLogger("krams.mail")

# The server answered and took nothing: trying again cannot make two of one.
REFUSALS = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPNotSupportedError,
    BadHeaderError,
    UnicodeError,
)


class NoMailServer(BaseEmailBackend):
    """Where no mail server is named: nothing is sent, and the log says that alone.

    A letter may hold a link that opens an account, so it does not belong in a log.
    """

    def open(self) -> bool:
        logger.error("e-mail not sent: EMAIL_HOST is missing")
        raise ConnectionRefusedError("EMAIL_HOST is missing")

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        logger.error("e-mail not sent: EMAIL_HOST is missing")
        return 0


class Delivery(enum.Enum):
    """``UNCERTAIN`` broke off in the middle, so the letter may have arrived; of ``REFUSED``,
    ``POSTPONED`` (the server wants it later) and ``UNREACHABLE`` it is sure that it did not."""

    SENT = enum.auto()
    REFUSED = enum.auto()
    POSTPONED = enum.auto()
    UNCERTAIN = enum.auto()
    UNREACHABLE = enum.auto()


def deliver(letter: EmailMultiAlternatives, connection: BaseEmailBackend, user_id: int) -> Delivery:
    """Send over ``connection``, which stays open for the next letter.

    The log tells of failures, by the receiver's account and without the address.
    """
    about = {"user_id": user_id}
    letter.connection = connection
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        logger.error("mail server not reached: %s", type(error).__name__, extra=about)
        return Delivery.UNREACHABLE
    what: Exception
    try:
        letter.send()
    except REFUSALS as error:
        found, what = Delivery.POSTPONED if _is_for_now(error) else Delivery.REFUSED, error
    except (OSError, smtplib.SMTPException) as error:
        found, what = Delivery.UNCERTAIN, error
    else:
        return Delivery.SENT
    logger.error("letter %s: %s", found.name.lower(), type(what).__name__, extra=about)
    connection.close()
    return found


def _is_for_now(error: Exception) -> bool:
    """Whether the server said to come again (4yz, RFC 5321, 4.2.1): it is full, or does not know us
    yet."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _text in error.recipients.values()]
    else:
        codes = [getattr(error, "smtp_code", 0)]
    return bool(codes) and all(400 <= code < 500 for code in codes)
