"""Sends the e-mails that are due, and saves who wants which; at most one a period."""

import logging
from dataclasses import dataclass, field
from datetime import date

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ..enums import DigestFrequency, DigestOutcome
from ..letters.actions import post
from ..letters.delivery import Delivery, deliver
from ..models import DigestSent, Reminded, User
from .digests import compose, period_of
from .due_dates import KIND, due_for
from .queries import due, reminded

logger = logging.getLogger("krams.digests")


@transaction.atomic
def choose_digest(
    *, frequency: str, language: str, reminder_days: int | None = None, by: User
) -> User:
    """Save how often, and in which language, the person wants the digest; only one's own.

    And how many days before something is due the reminder comes; None leaves that as it is.
    """
    person = User.objects.select_for_update().get(pk=by.pk)
    _note(person, frequency, _("chosen under the settings"))
    person.digest_frequency, person.digest_language = frequency, language
    if reminder_days is not None:
        person.reminder_days = reminder_days
    person.save(update_fields=["digest_frequency", "digest_language", "reminder_days"])
    return person


def post_due_dates(today: date) -> int:
    """Post to everybody who wants it what is soon due, each date once; how many letters.

    Asked again the same day it says what has come since, beside what it said in the morning. One
    person's that fails does not stop the others; then raises ``RuntimeError`` when all were asked.
    """
    posted, failed = 0, 0
    for user in reminded(today):
        try:
            posted += _remind(user, today)
        except Exception:
            failed += 1
            logger.exception("reminder not posted", extra={"user_id": user.pk})
    if failed:
        raise RuntimeError(f"{failed} people were not reminded, {posted} were")
    return posted


@transaction.atomic
def _remind(user: User, today: date) -> bool:
    """Whether there was anything that the person had not been told."""
    # Two runs at once are one after the other.
    User.objects.select_for_update().get(pk=user.pk)
    keys = {due.key for due in due_for(user, today)}
    told = Reminded.objects.filter(user=user, key__in=keys).values_list("key", flat=True)
    new = sorted(keys - set(told))
    if not new:
        return False
    Reminded.objects.bulk_create(Reminded(user=user, key=key, posted_on=today) for key in new)
    post(kind=KIND, to=user, about=today.isoformat(), key=f"{user.pk}:{new[0]}"[:120])
    return True


@transaction.atomic
def stop_digest(person: User) -> User:
    """No more digests, as the link of one of them asks; asked again it changes nothing."""
    person = User.objects.select_for_update().get(pk=person.pk)
    _note(person, DigestFrequency.NEVER, _("by the link of an e-mail"))
    person.digest_frequency = DigestFrequency.NEVER
    person.save(update_fields=["digest_frequency"])
    return person


def _note(person: User, frequency: str, how: str) -> None:
    """Into the account's history on the administration pages."""
    if person.digest_frequency == frequency:
        return
    text = _("E-mail about what needs you: from %(old)s to %(new)s, %(how)s.") % {
        "old": person.get_digest_frequency_display(),
        "new": DigestFrequency(frequency).label,
        "how": how,
    }
    LogEntry.objects.create(
        user=person,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(person.pk),
        object_repr=str(person)[:200],
        action_flag=CHANGE,
        change_message=text,
    )


@dataclass
class Report:
    """What a run did; ``failed`` is tried again, ``uncertain`` is not (account ids)."""

    sent: int = 0
    nothing: int = 0
    failed: list[int] = field(default_factory=list)
    uncertain: list[int] = field(default_factory=list)
    is_unreachable: bool = False


def send_due(today: date) -> Report:
    """Send every digest that is due. One that fails does not stop the others."""
    report, connection = Report(), get_connection()
    try:
        for user in due(today):
            if not _send_one(user, today, connection, report):
                break
    finally:
        connection.close()
    return report


def _send_one(user: User, today: date, connection: BaseEmailBackend, report: Report) -> bool:
    """Whether the run may go on: not where the mail server cannot be reached."""
    claim = _claim(user, period_of(user, today))
    if claim is None:
        return True
    try:
        letter = compose(user, today)
    except Exception:
        # Whatever is wrong with one person's digest, the others get theirs.
        logger.exception("digest not composed", extra={"user_id": user.pk})
        return _release(claim, report)
    if letter is None:
        report.nothing += 1
        return _settle(claim, DigestOutcome.NOTHING)
    delivery = deliver(letter, connection, user.pk)
    if delivery is Delivery.SENT:
        report.sent += 1
        return _settle(claim, DigestOutcome.SENT)
    if delivery is Delivery.UNCERTAIN:
        # It may have arrived. Better one too few than two of one.
        report.uncertain.append(user.pk)
        return True
    report.is_unreachable = delivery is Delivery.UNREACHABLE
    return _release(claim, report, go_on=not report.is_unreachable)


def _claim(user: User, period: str) -> DigestSent | None:
    """Committed before anything is sent; None where another run has it."""
    try:
        with transaction.atomic():
            return DigestSent.objects.create(user=user, period=period)
    except IntegrityError:
        return None


def _settle(claim: DigestSent, outcome: DigestOutcome) -> bool:
    claim.outcome = outcome
    claim.save(update_fields=["outcome"])
    return True


def _release(claim: DigestSent, report: Report, *, go_on: bool = True) -> bool:
    report.failed.append(claim.user_id)
    claim.delete()
    return go_on
