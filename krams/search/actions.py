"""Keeps the entries of the search, in the transaction that writes what they are about.

What is written by SQL alone is not heard of: ``make_country`` and migrations rebuild afterwards,
and ``manage.py rebuild_search --check`` says whether anything differs.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.apps import apps as installed
from django.apps.registry import Apps
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, Q, QuerySet

from ..database.watched import Watcher, watch
from . import registry
from .engine import create_sql, drop_sql, fill_sql
from .models import SearchEntry
from .queries.entries import entries_of, entries_of_keys, keys_of, missing_parts, says
from .registry import KINDS, Kind

AT_ONCE = 500
COLUMNS = ("scope", "precedence", "title", "text", "tokens")
# What belongs to the portal, in the order in which it is installed.
APPS = ("krams", "initiatives", "clusters")


@dataclass(frozen=True, slots=True)
class Difference:
    """How many entries of a kind are not there, say something else, or are of nothing."""

    kind: str
    missing: int
    wrong: int
    surplus: int


def register(*kinds: Kind) -> None:
    """Let rows be found; whatever writes them keeps their entries from now on."""
    for kind in kinds:
        registry.add(kind)
        watch(kind.model, _watcher(kind))
        for name, fields in kind.follows.items():
            _follow(kind, name, frozenset(fields))


def refresh(kind: Kind, keys: Collection[int]) -> None:
    """Makes the entries of these rows what the rows say: three statements at most a batch."""
    for some in _batches(sorted(keys)):
        entries = list(entries_of_keys(kind, some))
        gone = set(some) - {entry.object_id for entry in entries}
        if gone:
            _entries(kind).filter(object_id__in=gone).delete()
        _write(entries)


def rebuild(kinds: Iterable[Kind] = (), *, write: bool = True) -> Iterator[Difference]:
    """Compares entries with rows, kind by kind; with ``write`` it makes them right.

    Bit by bit, each in a transaction of its own: the portal goes on meanwhile.
    """
    for kind in kinds or KINDS.values():
        missing = wrong = surplus = after = 0
        for some in _batches(keys_of(kind)):
            number = _compare(kind, after, some[-1], write)
            missing, wrong, surplus = map(sum, zip((missing, wrong, surplus), number, strict=True))
            after = some[-1]
        rest = _entries(kind).filter(object_id__gt=after)
        surplus += _take_out(rest, write)
        yield Difference(kind.key, missing, wrong, surplus)
    unknown = SearchEntry.objects.using(DEFAULT_DB_ALIAS).exclude(kind__in=KINDS)
    if number_of_others := _take_out(unknown, write):
        yield Difference("?", 0, 0, number_of_others)


def _compare(kind: Kind, after: int, last: int, write: bool) -> tuple[int, int, int]:
    """How many entries are missing, wrong and too many of the rows with a key in this range."""
    with transaction.atomic(using=DEFAULT_DB_ALIAS):
        kept = _entries(kind).filter(object_id__gt=after, object_id__lte=last)
        # Who writes one of these rows meanwhile waits with its entry, and then has the last word.
        there = {one.object_id: one for one in (kept.select_for_update() if write else kept)}
        now = {entry.object_id: entry for entry in entries_of(kind, Q(pk__gt=after, pk__lte=last))}
        absent = [entry for key, entry in now.items() if key not in there]
        changed = [now[key] for key in now.keys() & there.keys()]
        changed = [one for one in changed if says(one) != says(there[one.object_id])]
        idle = [one.pk for key, one in there.items() if key not in now]
        if write:
            _write([*absent, *changed])
            SearchEntry.objects.using(DEFAULT_DB_ALIAS).filter(pk__in=idle).delete()
    return len(absent), len(changed), len(idle)


def _take_out(entries: "QuerySet[SearchEntry]", write: bool) -> int:
    number = entries.count()
    if number and write:
        entries.delete()
    return number


def rebuild_all() -> None:
    """For who has written rows by SQL."""
    for _difference in rebuild():
        pass


def keep(connection: BaseDatabaseWrapper) -> bool:
    """Creates what the database looks entries up with, where it is missing: a migration on SQLite
    that makes the table anew loses its triggers. Returns whether that was necessary."""
    if not missing_parts(connection):
        return False
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        made = [*drop_sql(connection.vendor), *create_sql(connection.vendor).values()]
        for statement in (*made, *fill_sql(connection.vendor)):
            cursor.execute(statement)
    return True


def keep_after_migrate(
    *, app_config: Any, using: str, plan: Sequence[Any] = (), apps: Apps = installed, **_more: Any
) -> None:
    """For ``post_migrate``: after whatever changed tables, the last of our apps has all made right.

    Nothing where migrations stopped at other tables than ours.
    """
    if app_config.label != APPS[-1] or using != DEFAULT_DB_ALIAS or not _is_newest(apps):
        return
    if keep(connections[using]) or plan:
        rebuild_all()


def _is_newest(apps: Apps) -> bool:
    def columns(registry: Apps) -> set[tuple[str, str]]:
        return {
            (model._meta.db_table, field.column or "")
            for app in APPS
            for model in registry.get_app_config(app).get_models()
            for field in model._meta.concrete_fields
        }

    return columns(apps) >= columns(installed)


def _watcher(kind: Kind) -> Watcher:
    def created(rows: Sequence[Model]) -> None:
        # A registration without a word costs nothing here.
        if keys := [row.pk for row in rows if kind.holds_text(row)]:
            refresh(kind, keys)

    def deleted(keys: Collection[int]) -> None:
        _entries(kind).filter(object_id__in=keys).delete()

    return Watcher(kind.reads, created, lambda keys: refresh(kind, keys), deleted)


def _follow(kind: Kind, name: str, fields: frozenset[str]) -> None:
    """A change of what the foreign key leads to is a change of the rows that lead there."""
    target = kind.model._meta.get_field(name).related_model
    assert isinstance(target, type), "a relation of a loaded model"

    def changed(keys: Collection[int]) -> None:
        rows = kind.model._base_manager.using(DEFAULT_DB_ALIAS)
        refresh(kind, rows.filter(**{f"{name}__in": keys}).values_list("pk", flat=True))

    watch(target, Watcher(fields, _nothing, changed, _nothing))


def _nothing(_rows: object) -> None:
    """Nothing leads yet to what is new, and nothing any more to what is gone."""


def _entries(kind: Kind) -> "QuerySet[SearchEntry]":
    return SearchEntry.objects.using(DEFAULT_DB_ALIAS).filter(kind=kind.key)


def _write(entries: list[SearchEntry]) -> None:
    if entries:
        SearchEntry.objects.using(DEFAULT_DB_ALIAS).bulk_create(
            entries,
            batch_size=AT_ONCE,
            update_conflicts=True,
            unique_fields=("kind", "object_id"),
            update_fields=COLUMNS,
        )


def _batches(keys: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(keys)
    while some := list(islice(rest, AT_ONCE)):
        yield some
