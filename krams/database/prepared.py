"""Queries that are put together once: building one and writing its SQL costs more than running it.

``@prepared`` makes of a function that builds a ``QuerySet`` one that gives its rows::

    @prepared
    def _newest(facility: Facility, since: date) -> QuerySet[Activity]:
        return Activity.objects.for_facility(facility).filter(held_on__gte=since)

    rows = _newest(facility, monday)

The first call builds the query with a :class:`Parameter` in place of each value; later calls bind
their values to the SQL of the first. What decides the shape of a query is no parameter: for each
combination of flags, choices and None that it is called with, it is built anew, and so it is every
day, since querysets may ask which day it is. They must not ask for the hour.
"""

import copy
import datetime as dt
import enum
import uuid
from collections.abc import Callable
from functools import update_wrapper
from inspect import signature
from typing import Any, Generic, NamedTuple, NoReturn, ParamSpec, TypeAlias, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Value, prefetch_related_objects
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

P = ParamSpec("P")
R = TypeVar("R")
Sql: TypeAlias = tuple[str, tuple[Any, ...]]
Rows: TypeAlias = "models.QuerySet[Any, R]"

FIELDS: "dict[type, type[models.Field[Any, Any]]]" = {
    int: models.BigIntegerField,
    str: models.TextField,
    dt.datetime: models.DateTimeField,
    dt.date: models.DateField,
    dt.time: models.TimeField,
    uuid.UUID: models.UUIDField,
}


class Parameter(Value):
    """Stands for a value that is known when the query is run. Whether it is 0 or empty is not."""

    def __init__(self, name: str, output_field: "models.Field[Any, Any]"):
        super().__init__(name, output_field=output_field)

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        return "%s", [self]

    def bind(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        """The value as the database takes it."""
        return self.output_field.get_db_prep_value(value, connection)

    def _combine(self, *args: object) -> NoReturn:
        raise TypeError(f"{self.value}: work it out first, then hand it to the query.")


class RowParameter(Parameter):
    """Stands for a row by its key. Of its other values those may be asked for that its model says
    decide the shape of a query (``SHAPES_QUERIES``)."""

    def __init__(self, name: str, shape: "Shape"):
        super().__init__(name, models.BigIntegerField())
        self.pk = self.id = self
        vars(self).update(shape.flags)

    def bind(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        return value.pk


class ListParameter(Parameter):
    """Stands for one or more values on the right of ``__in``."""

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        return f"({self.mark})", [self]

    @property
    def mark(self) -> str:
        """Where the values go. Names and texts are never part of a statement, so it is alone."""
        return f"/*{self.value}*/%s"


class Shape(NamedTuple):
    """What of a value decides how a query looks; the value itself is bound later, or is ``given``.

    ``kind`` is the type of one value or (in a list) of each.
    """

    kind: type | None
    is_list: bool = False
    given: Any = None
    flags: tuple[tuple[str, bool], ...] = ()

    @classmethod
    def of(cls, name: str, value: Any) -> "Shape":
        if value is None or isinstance(value, bool | enum.Enum):
            return cls(None, given=value)
        if type(value) in FIELDS:
            return cls(type(value))
        if isinstance(value, models.Model):
            names = getattr(value, "SHAPES_QUERIES", ())
            flags = tuple((name, bool(getattr(value, name))) for name in names)
            return cls(models.Model, flags=flags)
        if isinstance(value, list | tuple | set | frozenset):
            first = next(iter(value), None)
            if first is None or isinstance(first, enum.Enum):
                # Nothing is in an empty list, and Django knows what that does to a query.
                return cls(None, given=frozenset(value))
            if type(first) in FIELDS:
                return cls(type(first), is_list=True)
        raise TypeError(f"{name}={value!r} can be no parameter of a prepared query.")

    def stand_in(self, name: str) -> Any:
        if self.kind is None:
            return self.given
        if self.kind is models.Model:
            return RowParameter(name, self)
        return (ListParameter if self.is_list else Parameter)(name, FIELDS[self.kind]())


class Statement(Generic[R]):
    """One query with its SQL. It belongs to no connection until it is run."""

    def __init__(self, queryset: "Rows[R]", using: str):
        self.queryset = queryset
        self.compiler = queryset.query.get_compiler(using)
        try:
            self.sql, self.params = self.compiler.as_sql()
        except EmptyResultSet:
            self.sql = ""

    def rows(self, using: str, values: dict[str, Any]) -> list[R]:
        """Runs it; one query, and those of ``prefetch_related``."""
        if not self.sql:
            return []
        bound = self._bind(connections[using], values)
        compiler = copy.copy(self.compiler)
        compiler.connection = connections[using]
        compiler.as_sql = lambda *args, **kwargs: bound
        # Underscored, but what every queryset of Django's is made of.
        iterable: Any = self.queryset._iterable_class
        rows: list[Any] = list(iterable(_Source(self.queryset, using, compiler)))
        if lookups := self.queryset._prefetch_related_lookups:  # type: ignore[attr-defined]
            prefetch_related_objects(rows, *lookups)
        return rows

    def _bind(self, connection: BaseDatabaseWrapper, values: dict[str, Any]) -> Sql:
        sql, params = self.sql, []
        for param in self.params:
            if isinstance(param, ListParameter):
                found = [param.bind(value, connection) for value in values[param.value]]
                sql = sql.replace(param.mark, ", ".join(["%s"] * len(found)), 1)
                params += found
            elif isinstance(param, Parameter):
                params.append(param.bind(values[param.value], connection))
            else:
                params.append(param)
        return sql, tuple(params)


class _Source:
    """What Django's iterables of rows ask of a queryset."""

    def __init__(self, queryset: models.QuerySet[Any, Any], using: str, compiler: SQLCompiler):
        self.db, self.model = using, queryset.model
        self._fields = queryset._fields  # type: ignore[attr-defined]
        self._known_related_objects = queryset._known_related_objects  # type: ignore[attr-defined]
        self.query = _Query(queryset.query, compiler)


class _Query:
    """A query whose compiler is ready."""

    def __init__(self, query: models.sql.Query, compiler: SQLCompiler):
        self._query, self._compiler = query, compiler

    def get_compiler(self, *args: object, **kwargs: object) -> SQLCompiler:
        return self._compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._query, name)


class prepared(Generic[P, R]):
    """Decorates a function that builds a queryset; what it makes gives the rows as a list."""

    def __init__(self, build: "Callable[P, Rows[R]]"):
        update_wrapper(self, build)
        self.build = build
        self._signature = signature(build)
        self._names = tuple(self._signature.parameters)
        self._day: dt.date | None = None
        self._statements: dict[tuple[Any, ...], Statement[R]] = {}

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> list[R]:
        """Raises ``TypeError`` for a value that can be no parameter."""
        values = dict(zip(self._names, args, strict=False)) | kwargs
        if len(values) < len(self._names):
            given = self._signature.bind(*args, **kwargs)
            given.apply_defaults()
            values = given.arguments
        today = timezone.localdate()
        if today != self._day:
            self._statements, self._day = {}, today
        shapes = {name: Shape.of(name, value) for name, value in values.items()}
        key = today, *shapes.values()
        statement = self._statements.get(key)
        if statement is None:
            stand_ins = {name: shape.stand_in(name) for name, shape in shapes.items()}
            queryset = self.build(**stand_ins)  # type: ignore[call-arg]  # By the same names.
            statement = self._statements[key] = Statement(queryset, queryset.db)
        return statement.rows(statement.queryset.db, values)
