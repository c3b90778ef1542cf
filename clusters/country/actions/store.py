"""Rows in bulk: COPY on PostgreSQL, ``executemany`` on SQLite, both with keys given beforehand.

Rows wait until there are enough of them for one statement; what refers to what does not matter
before the end of the transaction, since both databases check foreign keys there.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from itertools import count
from typing import Any, TypeVar

from django.core.management.color import no_style
from django.db import connection, models
from django.db.models import Max, Model
from psycopg.sql import SQL, Identifier

from krams.danish.names import NameKeyField
from krams.history.registry import AnyField
from krams.models import Kept, User, Versioned

M = TypeVar("M", bound=Model)
K = TypeVar("K", bound=Kept)
ROWS_AT_ONCE = 10_000
CREATED, CHANGED = "+", "~"
# Written as SQL wants them by the drivers themselves; SQLite has no types for the others.
_PREPARED_ON_SQLITE = (
    models.DateField,
    models.TimeField,
    models.UUIDField,
    models.DecimalField,
    models.BooleanField,
)


class Table:
    """The rows of one table that wait, and the key that the next row gets."""

    def __init__(self, model: type[Model], fields: Sequence[AnyField] | None = None) -> None:
        self.model = model
        self.fields = list(fields or model._meta.concrete_fields)
        key = model._meta.pk
        assert key is not None, "each of our tables has one"
        largest = model._base_manager.aggregate(largest=Max(key.attname))["largest"]
        self.keys = count((largest or 0) + 1)
        self.waiting: list[Sequence[Any]] = []
        self.written = 0
        self._prepare = [_preparation(field) for field in self.fields]

    def add(self, row: Sequence[Any]) -> None:
        """A row in the order of ``fields``."""
        self.waiting.append(row)
        if len(self.waiting) >= ROWS_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        if not self.waiting:
            return
        rows: Iterable[Sequence[Any]] = self.waiting
        needed = [(place, one) for place, one in enumerate(self._prepare) if one]
        if needed:
            rows = (_prepared(row, needed) for row in rows)
        columns = [field.column for field in self.fields]
        if connection.vendor == "postgresql":
            self._copy(columns, rows)
        else:
            self._insert(columns, rows)
        self.written += len(self.waiting)
        self.waiting = []

    def _copy(self, columns: list[str], rows: Iterable[Sequence[Any]]) -> None:
        query = SQL("COPY {} ({}) FROM STDIN").format(
            Identifier(self.model._meta.db_table), SQL(", ").join(map(Identifier, columns))
        )
        with connection.cursor() as cursor, cursor.copy(query) as copy:
            for row in rows:
                copy.write_row(row)

    def _insert(self, columns: list[str], rows: Iterable[Sequence[Any]]) -> None:
        quote = connection.ops.quote_name
        query = "INSERT INTO {} ({}) VALUES ({})".format(
            quote(self.model._meta.db_table),
            ", ".join(map(quote, columns)),
            ", ".join(["%s"] * len(columns)),
        )
        with connection.cursor() as cursor:
            cursor.executemany(query, list(rows))


def _preparation(field: AnyField) -> Callable[[Any], Any] | None:
    on_sqlite = connection.vendor == "sqlite" and isinstance(field, _PREPARED_ON_SQLITE)
    if on_sqlite or isinstance(field, models.JSONField):
        return lambda value: field.get_db_prep_save(value, connection)
    return None


def _prepared(row: Sequence[Any], needed: list[tuple[int, Callable[[Any], Any]]]) -> Sequence[Any]:
    changed = list(row)
    for place, prepare in needed:
        if changed[place] is not None:
            changed[place] = prepare(changed[place])
    return changed


class Store:
    """All tables of one country."""

    def __init__(self) -> None:
        self.tables: dict[type[Model], Table] = {}
        self._histories: dict[type[Kept], Table] = {}

    def table(self, model: type[Model]) -> Table:
        if model not in self.tables:
            self.tables[model] = Table(model)
        return self.tables[model]

    def number(self, instance: M) -> M:
        """Give the instance its key, before it is complete."""
        if instance.pk is None:
            instance.pk = next(self.table(type(instance)).keys)
        return instance

    def put(self, instance: M) -> M:
        """Write the row as the instance now stands."""
        self.number(instance)
        table = self.table(type(instance))
        table.add([_value(field, instance) for field in table.fields])
        return instance

    def keep(self, instance: K, *, at: dt.datetime, by: User | None, reason: str = "") -> K:
        """Write a row that nobody has changed since it was made: with its history."""
        self.remember(instance, CREATED, at=at, by=by, reason=reason)
        return self.put(instance)

    def remember(
        self, instance: Kept, kind: str, *, at: dt.datetime, by: User | None, reason: str = ""
    ) -> None:
        """Write what a save leaves in the history; the row itself comes with :meth:`put`."""
        self.number(instance)
        if isinstance(instance, Versioned):
            instance.version = instance.version + 1 if kind == CHANGED else 1
            instance.updated_at = at
        of_save = {
            "history_date": at,
            "history_type": kind,
            "history_user_id": by.pk if by else None,
            "history_change_reason": reason or None,
        }
        table = self._history_of(type(instance))
        of_save["history_id"] = next(table.keys)
        table.add(
            [
                of_save[field.attname] if field.attname in of_save else _value(field, instance)
                for field in table.fields
            ]
        )

    def _history_of(self, model: type[Kept]) -> Table:
        # Asking the instance for its history makes a manager each time.
        if model not in self._histories:
            self._histories[model] = self.table(model.history.model)
        return self._histories[model]

    def link(self, through: type[Model], **ends: int) -> None:
        """A row of a relation between many and many; ``ends`` are its two keys."""
        table = self.table(through)
        table.add([ends.get(field.attname) or next(table.keys) for field in table.fields])

    def flush(self) -> None:
        for table in self.tables.values():
            table.flush()

    def finish(self) -> None:
        """Write what waits; then let the database know its keys and how much there is of what."""
        self.flush()
        with connection.cursor() as cursor:
            for sql in connection.ops.sequence_reset_sql(no_style(), list(self.tables)):
                cursor.execute(sql)


def count_rows_for_plans() -> None:
    """Let the database plan its queries for so many rows."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _value(field: AnyField, instance: Model) -> Any:
    if isinstance(field, NameKeyField):
        return field.pre_save(instance, add=True)
    return getattr(instance, field.attname)
