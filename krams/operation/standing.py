"""What stands in the database and the folder of backups when a monitor asks."""

from collections.abc import Iterator

from django.contrib.sessions.models import Session
from django.db import DatabaseError, InterfaceError
from django.db.models import Count, Min, Q
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily

from ..backup.actions import backups
from ..enums import LetterState
from ..models import Job, Letter

WAIT = Q(state__in=(LetterState.WAITING, LetterState.SENDING))
FAILED = Q(state__in=(LetterState.FAILED, LetterState.UNCERTAIN))


class Standing:
    """A collector of prometheus_client: three queries each time that it is asked.

    A database that does not answer is ``krams_database_up 0``, and its numbers are missing.
    """

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield from _backups()
        try:
            found = [*_letters(), *_jobs(), _sessions()]
        except (DatabaseError, InterfaceError):
            found = []
        yield _one("krams_database_up", "Whether the database answered just now.", bool(found))
        yield from found


def _letters() -> Iterator[GaugeMetricFamily]:
    now = timezone.now()
    found = Letter.objects.filter(WAIT | FAILED).aggregate(
        waiting=Count("pk", filter=WAIT),
        failed=Count("pk", filter=FAILED),
        oldest=Min("created_at", filter=WAIT),
    )
    age = (now - found["oldest"]).total_seconds() if found["oldest"] else 0
    yield _one("krams_letters_waiting", "Letters that wait to be sent.", found["waiting"])
    yield _one("krams_letters_failed", "Letters that did not leave, or may not.", found["failed"])
    yield _one("krams_letters_oldest_seconds", "Age of the oldest letter that waits.", max(age, 0))


def _jobs() -> Iterator[GaugeMetricFamily]:
    told = "When a command last came to its end, in seconds since 1970."
    family = GaugeMetricFamily("krams_job_ended_timestamp_seconds", told, labels=["command"])
    for job in Job.objects.order_by("name"):
        family.add_metric([job.name], job.ended_at.timestamp())
    yield family


def _sessions() -> GaugeMetricFamily:
    found = Session.objects.filter(expire_date__gt=timezone.now()).count()
    return _one("krams_sessions", "Sessions that have not run out.", found)


def _backups() -> Iterator[GaugeMetricFamily]:
    made = backups()
    if made:
        told = "When the latest backup in BACKUP_FOLDER of this machine was made."
        yield _one("krams_backup_timestamp_seconds", told, made[-1].stat().st_mtime)


def _one(name: str, told: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, told, value=value)
