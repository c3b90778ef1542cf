"""Optimistic locking: a save names the version that it was based on.

Call inside ``transaction.atomic``. On PostgreSQL the row is locked; on SQLite the transaction has
held the write lock since it began (IMMEDIATE), so both answer one of eight at once, not two.
"""

from typing import Any, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.utils.functional import Promise

from ...danish.names import NameKeyField
from ..models import Kept, Versioned
from ..registry import TAKEN_AWAY

K = TypeVar("K", bound=Kept)
V = TypeVar("V", bound=Versioned)

LARGEST_VERSION = 2_147_483_647


class StaleVersion(Exception):
    """Somebody saved since. ``current`` is the object as it now stands."""

    def __init__(self, current: Any):
        super().__init__(f"{current._meta.label} {current.pk} is now version {current.version}")
        self.current = current


def lock(
    queryset: models.QuerySet[V] | models.Manager[V],
    *,
    version: int,
    fields: tuple[str, ...] = (),
    **lookup: Any,
) -> V:
    """Lock and return the one object if it still is at ``version``.

    With ``fields``, a save of other fields since then does no harm: two people may edit two
    sections of one document. Raises ``DoesNotExist`` and ``StaleVersion``.
    """
    current = queryset.select_for_update(of=("self",)).get(**lookup)
    if current.version == version:
        return current
    if fields and version < current.version and not redacted_since(current, version):
        then = current.history.filter(version=version).order_by("-history_id").first()
        if then and all(getattr(then, name) == getattr(current, name) for name in fields):
            return current
    raise StaleVersion(current)


def redacted_since(current: Versioned, version: int) -> bool:
    """Whether a text was taken away since: then the earlier version no longer says what it was."""
    gone = current.history.filter(version__gt=version, history_type=TAKEN_AWAY)
    return bool(gone.exists())


def says_the_same(instance: models.Model) -> bool:
    """Whether the row says already what is going to be saved. Asked under the lock."""
    names = [
        one.attname
        for one in instance._meta.concrete_fields
        if not isinstance(one, NameKeyField) and not getattr(one, "auto_now", False)
    ]
    rows = type(instance)._base_manager.filter(pk=instance.pk)
    return rows.values_list(*names).first() == tuple(getattr(instance, name) for name in names)


def save_changes(instance: V, *, by: AbstractBaseUser | None, reason: str | Promise = "") -> V:
    """As :func:`save_version`, but a form that is saved as it was opened makes no version."""
    return instance if says_the_same(instance) else save_version(instance, by=by, reason=reason)


def save_version(instance: V, *, by: AbstractBaseUser | None, reason: str | Promise = "") -> V:
    """Save as the next version, with who and why in its history."""
    if instance.pk:
        instance.version += 1
    return save_kept(instance, by=by, reason=reason)


def save_kept(instance: K, *, by: AbstractBaseUser | None, reason: str | Promise = "") -> K:
    """Save a model that keeps history but is not edited under a version."""
    instance._history_user = by
    instance._change_reason = reason or None
    instance.save()
    return instance
