"""How many answers of each column wait to be confirmed, and when its editors were asked."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from krams.models import Authority, Cluster

from ...access import editors_in
from ...matrix.layout import Column, Matrix
from ...models import AskedColumn, ConfirmationRequest, Effort, EffortProposal


@dataclass
class Waiting:
    """A column with how many of its answers are unconfirmed or hold an expired effort.

    ``outdated`` counts an answer once that is both, ``answered`` all answers that there are.
    ``editors`` is how many can be asked; ``asked_at``, ``asked_by`` and ``recipients`` are of the
    last ask of all, whatever it asked for. ``overdue`` next steps are past their date.
    """

    column: Column
    editors: int
    asked_at: dt.datetime | None
    asked_by: str
    recipients: int
    overdue: int = 0
    unconfirmed: int = 0
    expired: int = 0
    outdated: int = 0
    answered: int = 0


def _overdue(cluster: Cluster, today: dt.date) -> QuerySet[Any]:
    """How many next steps of an authority are past their date, as the page of steps counts."""
    places = EffortProposal.objects.standing().filter(effort=OuterRef("pk"))
    late = Effort.objects.standing().overdue(today).filter(Exists(places), cluster=cluster)
    mine = late.filter(authority=OuterRef("pk")).order_by()
    return mine.values("authority").annotate(n=Count("pk"))


def waiting_columns(cluster: Cluster, matrix: Matrix) -> list[Waiting]:
    """The columns in the order of the matrix (one query)."""
    today = timezone.localdate()
    editors = editors_in(cluster.pk).filter(authority=OuterRef("pk"), user__is_active=True)
    number = editors.order_by().values("authority").annotate(n=Count("user", distinct=True))
    last = (
        AskedColumn.objects.filter(ask__cluster=cluster, authority=OuterRef("pk"))
        .order_by("-ask__asked_at", "-pk")
        .annotate(n=Count("editors"))
    )
    # Until asks had a deadline, they were kept so.
    before = ConfirmationRequest.objects.filter(cluster=cluster, authority=OuterRef("pk"))

    def latest(of_an_ask: str, of_a_request: str, **more: Any) -> Coalesce:
        asked = Subquery(last.values(of_an_ask)[:1])
        return Coalesce(asked, Subquery(before.values(of_a_request)[:1]), **more)

    facts = (
        Authority.objects.filter(pk__in=[column.authority.pk for column in matrix.columns])
        .annotate(
            editors=Subquery(number.values("n")),
            overdue=Subquery(_overdue(cluster, today).values("n")),
            at=latest("ask__asked_at", "asked_at"),
            by=latest("ask__asked_by_name", "asked_by_name"),
            recipients=latest("n", "recipient_count", output_field=IntegerField()),
        )
        .in_bulk()
    )
    found = {}
    for column in matrix.columns:
        one = facts[column.authority.pk]
        found[column.authority.pk] = Waiting(
            *(column, one.editors or 0, one.at, one.by or "", one.recipients or 0),
            overdue=one.overdue or 0,
        )
    for cell in matrix.cells.values():
        waiting = found[cell.column.authority.pk]
        waiting.unconfirmed += cell.concerns and cell.is_unconfirmed
        waiting.answered += cell.counts
        waiting.expired += cell.concerns and cell.has_expired
        waiting.outdated += cell.is_outdated
    return list(found.values())
