"""Delete what its time is up for, and its history with it."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError, QuerySet, RestrictedError
from django.db.models.deletion import Collector

from ...audit.actions import record
from ...enums import AuditKind
from ..kinds import histories, old_versions
from ..registry import KINDS, Kind

# A transaction holds what is registered meanwhile up for no longer than so many rows take.
AT_ONCE = 500
HISTORY = "RETENTION_HISTORY"


@dataclass(frozen=True)
class Done:
    """Of one kind: ``rows`` that went (would go), the ``others`` that went with them by model.

    ``kept`` are rows that something younger stands on.
    """

    key: str
    days: int
    rows: int
    others: dict[str, int]
    kept: int = 0


def delete_old(now: dt.datetime, *, dry_run: bool = False) -> list[Done]:
    """Delete what is older than the settings say; ``dry_run`` counts, and changes nothing.

    An interrupted run is gone on with by the next one. Each kind that lost rows is an entry of the
    audit log.
    """
    done = [_of_kind(kind, now, dry_run) for kind in KINDS.values() if kind.days]
    if days := settings.RETENTION_DAYS[HISTORY]:
        done.append(_of_histories(days, now, dry_run))
    for one in done:
        if one.rows and not dry_run:
            record(AuditKind.RETENTION, actor=None, about=one.key, days=one.days, rows=one.rows)
    return done


def _of_kind(kind: Kind, now: dt.datetime, dry_run: bool) -> Done:
    old = kind.old(now - dt.timedelta(days=kind.days)).order_by("pk")
    if dry_run:
        return Done(kind.key, kind.days, old.count(), {})
    gone: Counter[str] = Counter()
    rows = kept = 0
    for keys in _portions(old):
        these = old.model._base_manager.filter(pk__in=keys)
        try:
            gone += delete_with_history(these)
            rows += len(keys)
        except (ProtectedError, RestrictedError):
            for key in keys:
                try:
                    gone += delete_with_history(these.filter(pk=key))
                    rows += 1
                except (ProtectedError, RestrictedError):
                    kept += 1
    return Done(kind.key, kind.days, rows, dict(sorted(gone.items())), kept)


def _portions(old: QuerySet[Any]) -> Iterator[list[Any]]:
    """Keys of some rows at a time. What is kept is passed, and asked for once."""
    last = None
    while keys := list(
        (old if last is None else old.filter(pk__gt=last)).values_list("pk", flat=True)[:AT_ONCE]
    ):
        yield keys
        last = keys[-1]


@transaction.atomic
def delete_with_history(rows: QuerySet[Any]) -> "Counter[str]":
    """Delete rows, what cannot stand without them, and the histories of all of these.

    Raises ``ProtectedError`` or ``RestrictedError`` where something may not lose them, and deletes
    nothing then.
    """
    collector = Collector(using=rows.db)
    collector.collect(list(rows))
    keys = {model: [one.pk for one in found] for model, found in collector.data.items()}
    _all, gone = collector.delete()
    number = Counter({name: count for name, count in gone.items() if count})
    for model, mine in keys.items():
        if history := getattr(model, "history", None):
            # The deletion has just been added to it.
            count, _each = history.filter(id__in=mine).delete()
            number[history.model._meta.label] += count
    return number


def _of_histories(days: int, now: dt.datetime, dry_run: bool) -> Done:
    moment, gone = now - dt.timedelta(days=days), Counter[str]()
    for model in histories():
        old = old_versions(model, moment)
        gone[model._meta.label] += old.count() if dry_run else _delete_versions(model, old)
    return Done("history", days, gone.total(), {name: n for name, n in gone.items() if n})


def _delete_versions(model: type[Any], old: QuerySet[Any]) -> int:
    number = 0
    for keys in _portions(old.order_by("pk")):
        count, _each = model.objects.filter(pk__in=keys).delete()
        number += count
    return number
