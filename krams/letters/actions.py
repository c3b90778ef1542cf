"""Letters are posted with what they tell, in one transaction, and sent when it is committed.

A mail server that is slow or away delays nobody who works, and loses no letter.
"""

import logging
from dataclasses import dataclass, field

from allauth.core import context
from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation

from ..enums import LetterState
from ..models import Letter, User
from ..web.addresses import portal_address
from . import composers, sending
from .delivery import Delivery, deliver
from .retrying import LOST_AFTER, next_try

logger = logging.getLogger("krams.mail")

NOT_ARRIVED = (LetterState.FAILED, LetterState.UNCERTAIN)
SETTLED = {Delivery.SENT: LetterState.SENT, Delivery.UNCERTAIN: LetterState.UNCERTAIN}


@transaction.atomic
def post(
    *, kind: str, to: User, about: str = "", text: str = "", by: User | None = None, key: str = ""
) -> Letter:
    """Have a letter sent once the transaction that it is posted in is committed.

    ``about`` is what the composer of the kind needs to know, such as the key of a row. The same
    ``kind`` and ``key`` is posted once: the letter that there is comes back. Raises ``ValueError``
    for a kind that nobody registered.
    """
    if not composers.is_known(kind):
        raise ValueError(f"Nobody writes letters of the kind {kind!r}.")
    given = {"to": to, "about": about, "text": text, "by": by, "portal": _portal()}
    if key:
        letter, is_new = Letter.objects.get_or_create(kind=kind, key=key, defaults=given)
    else:
        letter, is_new = Letter.objects.create(kind=kind, **given), True
    if is_new:
        transaction.on_commit(_send_soon, robust=True)
    return letter


def _portal() -> str:
    """What links begin with: as the settings say, else as the portal is asked just now."""
    request = getattr(context, "request", None)
    return settings.PORTAL_URL or (portal_address(request) if request else "")


def _send_soon() -> None:
    if settings.LETTERS_IN_BACKGROUND:
        sending.wake(send_letters)


@transaction.atomic
def post_again(pk: int) -> bool:
    """Try a letter that did not leave, or may not have arrived, once more; False for others."""
    again = Letter.objects.filter(pk=pk, state__in=NOT_ARRIVED)
    now = timezone.now()
    found = again.update(
        state=LetterState.WAITING, attempts=0, created_at=now, next_try_at=now, settled_at=None
    )
    if found:
        transaction.on_commit(_send_soon, robust=True)
    return bool(found)


@transaction.atomic
def let_be(pk: int) -> bool:
    """Say of a letter that did not leave, or may not have arrived, that nobody needs it any more;
    False for others."""
    left = Letter.objects.filter(pk=pk, state__in=NOT_ARRIVED)
    return bool(left.update(state=LetterState.POINTLESS, settled_at=timezone.now(), text=""))


@dataclass
class Sent:
    """What a run did, by the keys of the letters; ``postponed`` by the server, and tried again."""

    sent: list[int] = field(default_factory=list)
    pointless: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    postponed: list[int] = field(default_factory=list)
    uncertain: list[int] = field(default_factory=list)
    is_unreachable: bool = False


def send_letters() -> Sent:
    """Send what waits, the oldest first; each is claimed before it is handed over.

    Several may run at once: none sends the letter of another. A process that is about to end begins
    no further one.
    """
    done, connection = Sent(), get_connection()
    _give_up_lost_ones(done)
    try:
        while not (done.is_unreachable or sending.is_ending()) and (letter := _claim()):
            _send_one(letter, connection, done)
    finally:
        connection.close()
    return done


def _give_up_lost_ones(done: Sent) -> None:
    """What a killed process had in its hands may have arrived."""
    lost = Letter.objects.filter(
        state=LetterState.SENDING, next_try_at__lt=timezone.now() - LOST_AFTER
    )
    for letter in lost:
        _settle(letter, LetterState.UNCERTAIN)
        done.uncertain.append(letter.pk)


def _claim() -> Letter | None:
    """The next letter that is due, which nobody else gets from now on."""
    now = timezone.now()
    due = Letter.objects.filter(state=LetterState.WAITING, next_try_at__lte=now)
    while found := due.order_by("next_try_at", "pk").values_list("pk", flat=True)[:1]:
        [pk] = found
        taken = due.filter(pk=pk).update(
            state=LetterState.SENDING, attempts=F("attempts") + 1, next_try_at=now
        )
        if taken:
            return Letter.objects.select_related("to", "by").get(pk=pk)
    return None


def _send_one(letter: Letter, connection: BaseEmailBackend, done: Sent) -> None:
    about = {"user_id": letter.to_id}
    try:
        with translation.override(letter.to.digest_language):
            message = composers.compose(letter) if letter.to.is_active else None
    except Exception:
        # Whatever is wrong with one letter, the others leave.
        logger.exception("letter not composed", extra=about)
        return _put_off(letter, done.failed)
    if message is None:
        done.pointless.append(letter.pk)
        return _settle(letter, LetterState.POINTLESS)
    delivery = deliver(message, connection, letter.to_id)
    if delivery is Delivery.SENT:
        done.sent.append(letter.pk)
    elif delivery is Delivery.UNCERTAIN:
        done.uncertain.append(letter.pk)
    elif delivery is Delivery.REFUSED:
        done.failed.append(letter.pk)
    elif delivery is Delivery.POSTPONED:
        return _put_off(letter, done.postponed)
    else:
        done.is_unreachable = True
        return _put_off(letter, done.failed)
    return _settle(letter, SETTLED.get(delivery, LetterState.FAILED))


def _put_off(letter: Letter, told: list[int]) -> None:
    told.append(letter.pk)
    again = next_try(letter.created_at, letter.attempts, timezone.now())
    if again is None:
        return _settle(letter, LetterState.FAILED)
    letter.state, letter.next_try_at = LetterState.WAITING, again
    letter.save(update_fields=["state", "next_try_at"])
    return None


def _settle(letter: Letter, state: LetterState) -> None:
    letter.state, letter.settled_at = state, timezone.now()
    if state in (LetterState.SENT, LetterState.POINTLESS):
        letter.text = ""
    letter.save(update_fields=["state", "settled_at", "text"])
