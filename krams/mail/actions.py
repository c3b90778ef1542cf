"""Writes of the kernel."""

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _

from ..enums import DigestFrequency
from ..models import User


@transaction.atomic
def choose_digest(*, frequency: str, language: str, by: User) -> User:
    """Save how often, and in which language, the person wants the digest; only one's own."""
    person = User.objects.select_for_update().get(pk=by.pk)
    _note(person, frequency, _("chosen under the settings"))
    person.digest_frequency, person.digest_language = frequency, language
    person.save(update_fields=["digest_frequency", "digest_language"])
    return person


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
