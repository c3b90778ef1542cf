"""How far asks have come: what was answered since, who handed in, who was reminded."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet

from krams.database.prepared import prepared
from krams.models import Cluster

from ...models import Ask, AskedColumn, AskedEditor, AskedField
from ..asked_fields import is_answered_since
from ..reminding import may_remind_now


@dataclass
class ColumnProgress:
    """One authority's part of an ask: ``answered`` of ``total`` fields since it was asked."""

    column: AskedColumn
    total: int = 0
    answered: int = 0
    editors: list[AskedEditor] = field(default_factory=list)

    @property
    def reminded_on(self) -> dt.date | None:
        return max((one.reminded_on for one in self.editors if one.reminded_on), default=None)

    @property
    def is_open(self) -> bool:
        """Of fields that are all retired nobody is waited for."""
        column = self.column
        return bool(self.total) and column.handed_in_at is None and column.ask.withdrawn_at is None

    def is_late(self, today: dt.date) -> bool:
        return self.is_open and self.column.ask.deadline < today

    def may_remind(self, today: dt.date) -> bool:
        asked_on = self.column.ask.asked_on
        return self.is_open and any(
            may_remind_now(asked_on, one.reminded_on, today) for one in self.editors
        )


@dataclass
class AskProgress:
    ask: Ask
    columns: list[ColumnProgress]

    @property
    def handed_in(self) -> int:
        return sum(one.column.handed_in_at is not None for one in self.columns)

    @property
    def is_open(self) -> bool:
        return any(one.is_open for one in self.columns)


def read_progress(asks: Sequence[Ask]) -> list[AskProgress]:
    """In the order of ``asks`` (three queries, whatever their number)."""
    keys = [ask.pk for ask in asks]
    by_key = {ask.pk: ask for ask in asks}
    columns: dict[int, ColumnProgress] = {}
    for column in _columns(keys):
        column.ask = by_key[column.ask_id]
        columns[column.pk] = ColumnProgress(column)
    for key, state, confirmed_on in _fields(keys):
        one = columns[key]
        one.total += 1
        ask = one.column.ask
        one.answered += is_answered_since(ask.kind, state, confirmed_on, ask.asked_on)
    for editor in _editors(keys):
        columns[editor.column_id].editors.append(editor)
    found: defaultdict[int, list[ColumnProgress]] = defaultdict(list)
    for one in columns.values():
        found[one.column.ask_id].append(one)
    return [AskProgress(ask, found[ask.pk]) for ask in asks]


def _columns(asks: list[int]) -> QuerySet[AskedColumn]:
    return AskedColumn.objects.filter(ask__in=asks).select_related("authority").order_by("pk")


def _fields(asks: list[int]) -> QuerySet[Any, tuple[int, str | None, dt.date | None]]:
    """A row a field that still stands: its column, and the answer that there is by now."""
    answer = FilteredRelation(
        "proposal__positions", condition=Q(proposal__positions__authority=F("column__authority"))
    )
    return (
        AskedField.objects.filter(column__ask__in=asks, proposal__retired_on=None)
        .annotate(answer=answer)
        .order_by()
        .values_list("column", "answer__state", "answer__confirmed_on")
    )


def _editors(asks: list[int]) -> QuerySet[AskedEditor]:
    return AskedEditor.objects.filter(column__ask__in=asks).select_related("editor").order_by("pk")


@prepared
def open_columns_of(cluster: Cluster, authority: int) -> QuerySet[AskedColumn]:
    """What the authority is asked for in the cluster and has not handed in, the oldest first."""
    return (
        AskedColumn.objects.open()
        .filter(ask__cluster=cluster, authority=authority)
        .select_related("ask")
        .order_by("ask__deadline", "pk")
    )
