"""Makes the activity log: as many registrations as were ordered, week by week up to today."""

from collections.abc import Sequence
from itertools import islice
from typing import Any

from initiatives.models import Activity

from ..weeks import COLUMNS, Place, Row, count, rows
from .country import Country
from .store import CHANGED, CREATED, Table

# Of one registration in so many the history is kept; of corrected and removed ones always.
HISTORY_OF_ONE_IN = 20
LONGEST_WEEKS = 52 * 30
OF_A_SAVE = (
    *("history_id", "history_date", "history_type", "history_user_id"),
    "history_change_reason",
)
_PLACE = {name: place for place, name in enumerate(COLUMNS)}
_VERSION, _UPDATED, _REMOVED = (_PLACE[one] for one in ("version", "updated_at", "removed_at"))
_WRITTEN, _BY, _PEOPLE = (
    _PLACE[one] for one in ("registered_at", "registered_by_id", "participant_count")
)


class TooLong(Exception):
    """So many registrations would need more years than a log can have."""


def how_far_back(
    places: Sequence[Place], wanted: int, *, seed: int, last_weekday: int
) -> tuple[int, int]:
    """How many weeks before the current one the log begins, and how many rows are too many there.

    Raises :class:`TooLong`.
    """
    found = 0
    for weeks_ago in range(LONGEST_WEEKS):
        last = 7 if weeks_ago else last_weekday
        found += sum(count(place, seed, weeks_ago, last) for place in places)
        if found >= wanted:
            return weeks_ago, found - wanted
    raise TooLong


def make_log(country: Country, places: Sequence[Place]) -> None:
    """Write the registrations, those of one week after those of another."""
    surplus = country.surplus
    today, seed = country.order.today, country.order.seed
    writer = _Writer(country)
    for weeks_ago in range(country.weeks, -1, -1):
        week = (row for place in places for row in rows(place, seed, weeks_ago, today))
        for row in islice(week, surplus, None):
            writer.add(row)
        surplus = 0


class _Writer:
    def __init__(self, country: Country) -> None:
        fields = {field.attname: field for field in Activity._meta.concrete_fields}
        names = ("id", *COLUMNS)
        assert set(names) == set(fields), "the log has all columns of the table"
        self.table = Table(Activity, [fields[name] for name in names])
        country.store.tables[Activity] = self.table
        model = Activity.history.model
        of_history = {field.attname: field for field in model._meta.concrete_fields}
        self.history = Table(model, [of_history[name] for name in (*names, *OF_A_SAVE)])
        country.store.tables[model] = self.history

    def add(self, row: Row) -> None:
        key = next(self.table.keys)
        self.table.add((key, *row))
        if row[_VERSION] > 1:
            self._remember(key, _as_first_written(row), CREATED)
            self._remember(key, row, CHANGED)
        elif key % HISTORY_OF_ONE_IN == 0:
            self._remember(key, row, CREATED)

    def _remember(self, key: int, row: Row, kind: str) -> None:
        reason = "Fjernet" if row[_REMOVED] else None
        self.history.add(
            (key, *row, next(self.history.keys), row[_UPDATED], kind, row[_BY], reason)
        )


def _as_first_written(row: Row) -> Row:
    """Before it was removed, or before the number of participants was corrected."""
    first: list[Any] = list(row)
    first[_VERSION], first[_UPDATED], first[_REMOVED] = 1, row[_WRITTEN], None
    if row[_REMOVED] is None and row[_PEOPLE]:
        first[_PEOPLE] = row[_PEOPLE] + 1
    return tuple(first)
