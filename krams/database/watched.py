"""Rows that are told of whatever way they are written: save, bulk_create, update or delete.

Django tells of ``save()`` and ``delete()`` (a cascade and an undone removal included) by signals,
and of nothing that a QuerySet writes. A model that is watched therefore has a
:class:`Watched` QuerySet as its manager, and :func:`watch` refuses one that has not. It is told in
the transaction that writes. What is written by SQL alone is not told; who does that says so to
those who watch.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models.signals import post_delete, post_save

M = TypeVar("M", bound=models.Model, covariant=True)


@dataclass(frozen=True, slots=True)
class Watcher:
    """``changed`` hears the keys of rows, ``created`` rows that are new, ``deleted`` keys.

    ``fields`` are those whose changes it wants to hear of.
    """

    fields: frozenset[str]
    created: Callable[[Sequence[Any]], None]
    changed: Callable[[Collection[int]], None]
    deleted: Callable[[Collection[int]], None]


_watchers: dict[type[models.Model], list[Watcher]] = {}


def watch(model: type[models.Model], watcher: Watcher) -> None:
    """Raises ``TypeError`` where writes of the model's manager would not be told."""
    if not isinstance(model._default_manager.all(), Watched):
        raise TypeError(f"{model.__name__}: its manager does not tell what it writes.")
    _watchers.setdefault(model, []).append(watcher)
    post_save.connect(_saved, sender=model, dispatch_uid="krams.database.watched")
    post_delete.connect(_deleted, sender=model, dispatch_uid="krams.database.watched")


class Watched:
    """For a QuerySet, before its base: tells of what it writes itself.

    ``bulk_update`` goes through ``update``.
    """

    def update(self: Any, **values: Any) -> int:
        concerned = _concerned(self.model, values)
        if not concerned:
            return models.QuerySet.update(self, **values)
        with transaction.atomic(using=self.db, savepoint=False):
            # Before: afterwards they may no longer be what was asked for.
            keys = list(self.order_by().values_list("pk", flat=True))
            number = models.QuerySet.update(self, **values)
            for watcher in concerned:
                watcher.changed(keys)
        return number

    update.alters_data = True  # type: ignore[attr-defined]

    def bulk_create(self: Any, objs: Iterable[Any], *args: Any, **options: Any) -> list[Any]:
        """Raises ``ValueError`` where some of the rows may not be written: nobody knows which."""
        watchers = _watchers.get(self.model, [])
        if watchers and any(
            (*args[1:], *(options[one] for one in options.keys() - {"batch_size"}))
        ):
            raise ValueError("What became of each row would not be known.")
        with transaction.atomic(using=self.db, savepoint=False):
            rows = models.QuerySet.bulk_create(self, objs, *args, **options)
            for watcher in watchers:
                watcher.created(rows)
        return rows

    bulk_create.alters_data = True  # type: ignore[attr-defined]


class WatchedQuerySet(Watched, models.QuerySet[M]):
    """The QuerySet of a model that is watched."""


def _concerned(model: type[models.Model], names: Iterable[str]) -> list[Watcher]:
    watchers = _watchers.get(model, [])
    if not watchers:
        return []
    fields = {"pk" if name == "pk" else model._meta.get_field(name).name for name in names}
    return [watcher for watcher in watchers if watcher.fields & fields]


def _saved(
    sender: type[models.Model],
    instance: models.Model,
    created: bool,
    update_fields: Collection[str] | None = None,
    **_more: Any,
) -> None:
    if created:
        for watcher in _watchers[sender]:
            watcher.created([instance])
    else:
        told = _watchers[sender] if update_fields is None else _concerned(sender, update_fields)
        for watcher in told:
            watcher.changed([instance.pk])


def _deleted(sender: type[models.Model], instance: models.Model, **_more: Any) -> None:
    for watcher in _watchers[sender]:
        watcher.deleted([instance.pk])
