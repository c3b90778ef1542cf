"""What the entries of rows say, read from the rows."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, TypeAlias

from django.db import DEFAULT_DB_ALIAS
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import DateField, F, Q, QuerySet, Value

from ...database.prepared import prepared
from ..engine import create_sql, existing_sql, written
from ..models import SearchEntry
from ..registry import KINDS, PUBLIC, Kind, precedence_of
from ..words import tokens_of, words_of

# Key, day, owners and texts of a row.
Values: TypeAlias = tuple[Any, ...]


def entries_of(kind: Kind, which: Q) -> Iterator[SearchEntry]:
    """Of those of the rows that can be found and hold a text; one query."""
    return _entries(kind, _read(kind, which))


def entries_of_keys(kind: Kind, keys: list[int]) -> Iterator[SearchEntry]:
    """The same for the rows with these keys, at least one: what each save asks."""
    return _entries(kind, _rows_of(kind.key)(keys))


@cache
def _rows_of(key: str) -> "prepared[[list[int]], Values]":
    """A query for each kind, put together once."""

    @prepared
    def rows(keys: list[int]) -> "QuerySet[Any, Values]":
        return _read(KINDS[key], Q(pk__in=keys))

    return rows


def _read(kind: Kind, which: Q) -> "QuerySet[Any, Values]":
    rows = _standing(kind).filter(which).annotate(**kind.computed)
    paths = [F(path) for path in kind.scope.values()]
    newest = kind.newest or kind.day
    day = F(newest) if newest else Value(None, DateField())
    values: QuerySet[Any, Values] = rows.values_list("pk", day, *paths, *kind.texts)
    return values


def _entries(kind: Kind, rows: Iterable[Values]) -> Iterator[SearchEntry]:
    number = len(kind.scope)
    for pk, on, *values in rows:
        owners, texts = values[:number], values[number:]
        names = [f"{name} {owner}" for name, owner in zip(kind.scope, owners, strict=True) if owner]
        title = [word.folded for word in words_of(texts[0] or "")] if kind.named else []
        rest = texts[1:] if kind.named else texts
        words = {word.folded for text in rest if text for word in words_of(text)}
        if title or words:
            yield SearchEntry(
                kind=kind.key,
                object_id=pk,
                scope=names[0] if names else PUBLIC,
                precedence=precedence_of(kind, on),
                title=" ".join(title),
                text=" ".join(sorted(words)),
                tokens=tokens_of({*title, *words}),
            )


def keys_of(kind: Kind) -> Iterator[int]:
    """Of all rows, in order, read bit by bit."""
    rows = kind.model._base_manager.using(DEFAULT_DB_ALIAS).order_by("pk")
    return rows.values_list("pk", flat=True).iterator(chunk_size=5_000)


def says(entry: SearchEntry) -> tuple[Any, ...]:
    """All that an entry tells, whether it was read or made."""
    tokens = entry.tokens
    if not isinstance(tokens, frozenset):
        tokens = frozenset(written(tokens, "").split())
    return entry.scope, entry.precedence, entry.title, entry.text, tokens


def missing_parts(connection: BaseDatabaseWrapper) -> set[str]:
    """Names what the database needs to look entries up and does not have, or not like this."""
    with connection.cursor() as cursor:
        cursor.execute(existing_sql(connection.vendor))
        there = dict(cursor.fetchall())
    return {
        name
        for name, sql in create_sql(connection.vendor).items()
        if name not in there or there[name] not in ("", sql)
    }


def _standing(kind: Kind) -> QuerySet[Any]:
    rows = kind.model._base_manager.using(DEFAULT_DB_ALIAS)
    return rows.filter(kind.standing).order_by()
