"""Keep when a command did its work."""

from django.utils import timezone

from ..models import Job


def ended(name: str) -> None:
    """Say that the command ``name`` came to its end, at the end of it."""
    Job.objects.update_or_create(name=name, defaults={"ended_at": timezone.now()})
