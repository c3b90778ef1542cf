"""Writes to log-ins."""

from django.db import transaction
from django.utils import timezone

from ..audit.actions import record
from ..enums import AuditKind
from ..models import User


@transaction.atomic
def end_sessions(user: User, *, by: User) -> User:
    """Log somebody out on every computer, at the next click there; it takes a new log-in."""
    person = User.objects.select_for_update().get(pk=user.pk)
    person.sessions_ended_at = timezone.now()
    person.save(update_fields=["sessions_ended_at"])
    record(AuditKind.LOG_OUT_EVERYWHERE, actor=by, about=f"user:{person.pk}")
    return person
