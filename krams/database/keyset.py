"""Long lists, page by page, without counting and without skipping.

A page is asked for by the row at its edge, not by a number: ``?foer=2026-11-21~45`` are the rows
that are older than that one, ``?efter=`` those that are newer. So a page costs the same however
long the list is, and no row is shown twice or passed over while others come in or go.

::

    LOG = Keyset(held_on=dt.date, pk=int)

    @prepared
    def _rows(facility: Facility, way: Way, day: dt.date | None, pk: int | None) -> QuerySet[Row]:
        return LOG.cut(Row.objects.filter(facility=facility), way, (day, pk), SIZE)

    place = LOG.place(request.GET)
    page = LOG.read(place, SIZE, lambda *edge: _rows(facility, *edge))

The row at the edge is read along, and one more at the other end: they tell whether the list goes on
there.
"""

import datetime as dt
import enum
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Generic, TypeAlias, TypeVar

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Func, Model, Q, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler

R = TypeVar("R")
M = TypeVar("M", bound=Model)
Key: TypeAlias = tuple[Any, ...]

BETWEEN = "~"
# No column holds a larger number.
LARGEST = 2**63 - 1


class Way(enum.Enum):
    """From which edge a page is read; the value is its name in the address."""

    NEWEST = ""
    OLDER = "foer"
    NEWER = "efter"


@dataclass(frozen=True)
class Place:
    """Where a page begins: at the top of the list, or beside a row (by its ``edge``)."""

    way: Way
    edge: Key
    text: str = ""

    @property
    def query(self) -> dict[str, str]:
        """What of an address asks for it."""
        return {self.way.value: self.text} if self.text else {}


@dataclass(frozen=True)
class Page(Generic[R]):
    """Rows, newest first.

    ``before`` and ``after`` are the rows beside them where they were read; ``newer`` and ``older``
    lead to the pages beside it, None where the list ends. Where the row at the edge is gone
    nobody has looked whether there are others: then the way is offered.
    """

    rows: Sequence[R]
    is_newest: bool
    newer: Place | None
    older: Place | None
    before: R | None = None
    after: R | None = None

    def __iter__(self) -> Iterator[R]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


class Keyset:
    """The order of a list, newest first: columns that are never null, together unique."""

    def __init__(self, **columns: type):
        """``columns`` say of which type each is: ``date``, ``datetime``, ``int`` or ``str``.

        A text can only be the first.
        """
        self.columns, self.rises = columns, False
        self.newest = Place(Way.NEWEST, (None,) * len(columns))
        get = attrgetter(*columns)
        self._key: Callable[[Any], Key] = get if len(columns) > 1 else lambda row: (get(row),)

    @classmethod
    def rising(cls, **columns: type) -> "Keyset":
        """A list whose first row is the least, such as one by names: "older" is further down."""
        keyset = cls(**columns)
        keyset.rises = True
        return keyset

    def beside(self, way: Way, *edge: Any) -> Place:
        """Where the page begins that is older or newer than a key; no row need have it."""
        return Place(way, edge, BETWEEN.join(map(_written, edge)))

    def place(self, query: Mapping[str, str]) -> Place:
        """The one that an address asks for. Raises ``ValueError`` for what no page has written."""
        asked = [way for way in (Way.OLDER, Way.NEWER) if way.value in query]
        if not asked:
            return self.newest
        if len(asked) > 1:
            raise ValueError("older and newer at once")
        [way] = asked
        # A text may hold the sign itself.
        parts = query[way.value].rsplit(BETWEEN, len(self.columns) - 1)
        try:
            edge = [_read(*one) for one in zip(parts, self.columns.values(), strict=True)]
        except (ValueError, OverflowError) as error:
            raise ValueError("no page has written this place") from error
        return self.beside(way, *edge)

    def cut(self, rows: QuerySet[M, R], way: Way, edge: Key, size: int) -> QuerySet[M, R]:
        """Of a list the rows of one page of ``size``, with those beside them, from the edge on.

        Values of the edge may be parameters of a ``@prepared`` query.
        """
        falls = (way is not Way.NEWER) is not self.rises
        order = [f"-{name}" if falls else name for name in self.columns]
        if way is Way.NEWEST:
            return rows.order_by(*order)[: size + 1]
        operator = "<=" if falls else ">="
        # A bare text would be taken for the name of a column.
        edge = tuple(Value(one) if isinstance(one, str) else one for one in edge)
        first, value = next(iter(self.columns)), edge[0]
        # All of it again by the first column: what is divided by that is then looked for in the
        # right parts, which a database does not tell from a comparison of rows.
        coarse = Q((f"{first}__{'lte' if falls else 'gte'}", value))
        fine = _Compared(*map(F, self.columns), *edge, operator=operator)
        return rows.filter(coarse, fine).order_by(*order)[: size + 2]

    def page(self, place: Place, size: int, rows: Sequence[R]) -> Page[R]:
        """Of what ``cut`` has found."""
        found = list(rows)
        edge: R | None = None
        if place.text and found and self._key(found[0]) == place.edge:
            edge = found.pop(0)
        shown, rest = found[:size], found[size:]
        beyond = rest[0] if rest else None
        goes_up = place.way is Way.NEWER
        if goes_up:
            shown.reverse()
        has_newer = bool(rest if goes_up else place.text)
        has_older = goes_up or bool(rest)
        return Page(
            shown,
            is_newest=not has_newer,
            newer=self.beside(Way.NEWER, *self._key(shown[0])) if shown and has_newer else None,
            older=self.beside(Way.OLDER, *self._key(shown[-1])) if shown and has_older else None,
            before=beyond if goes_up else edge,
            after=edge if goes_up else beyond,
        )

    def read(self, place: Place, size: int, rows: Callable[..., Sequence[R]]) -> Page[R]:
        """A page by one query; ``rows`` is given the way and the values of the edge.

        Two queries where fewer than a page are newer than the edge: then it is the newest page.
        """
        page = self.page(place, size, rows(place.way, *place.edge))
        if place.way is Way.NEWER and page.newer is None and len(page) < size:
            return self.read(self.newest, size, rows)
        return page


class _Compared(Func):
    """Two rows held against each other, "(a, b) <= (x, y)": one range of an index on both."""

    output_field = BooleanField()

    def __init__(self, *columns_and_values: Any, operator: str):
        super().__init__(*columns_and_values)
        self.operator = operator

    def as_sql(  # type: ignore[override]  # Django's takes more, which nobody gives to this one.
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, list[Any]]:
        parts = [compiler.compile(one) for one in self.get_source_expressions()]
        half = len(parts) // 2
        left, right = (
            ", ".join(sql for sql, _params in side) for side in (parts[:half], parts[half:])
        )
        params = [param for _sql, some in parts for param in some]
        return f"({left}) {self.operator} ({right})", params


def _written(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _read(text: str, kind: type) -> Any:
    """Raises ``ValueError`` or ``OverflowError`` for anything that ``_written`` has not written."""
    if kind is str:
        if "\0" in text:
            raise ValueError("no text that a database holds")
        return text
    value = int(text) if kind is int else kind.fromisoformat(text)  # type: ignore[attr-defined]
    if _written(value) != text or (kind is int and not 0 <= value <= LARGEST):
        raise ValueError(f"not as it is written: {text[:30]!r}")
    return value
