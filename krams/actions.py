"""Writes of the kernel."""

from django.db import transaction

from .models import User


@transaction.atomic
def choose_digest(*, frequency: str, language: str, by: User) -> User:
    """Save how often, and in which language, the person wants the digest; only one's own."""
    person = User.objects.select_for_update().get(pk=by.pk)
    person.digest_frequency, person.digest_language = frequency, language
    person.save(update_fields=["digest_frequency", "digest_language"])
    return person
