"""How many answers of each column wait to be confirmed, and when its editors were asked."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Subquery

from krams.models import Authority, Cluster

from ...access import editors_in
from ...matrix.layout import Column, Matrix
from ...models import ConfirmationRequest
from ..ask_again import is_too_early


@dataclass
class Waiting:
    """A column with how many of its answers are unconfirmed or hold an expired effort.

    ``outdated`` counts an answer once that is both, ``answered`` all answers that there are.
    ``editors`` is how many can be asked; ``asked_at``, ``asked_by`` and ``recipients`` are of the
    last request of all.
    """

    column: Column
    editors: int
    asked_at: dt.datetime | None
    asked_by: str
    recipients: int
    is_asked_lately: bool
    unconfirmed: int = 0
    expired: int = 0
    outdated: int = 0
    answered: int = 0


def waiting_columns(cluster: Cluster, matrix: Matrix, now: dt.datetime) -> list[Waiting]:
    """The columns in the order of the matrix (one query)."""
    editors = editors_in(cluster.pk).filter(authority=OuterRef("pk"), user__is_active=True)
    number = editors.order_by().values("authority").annotate(n=Count("user", distinct=True))
    last = ConfirmationRequest.objects.filter(cluster=cluster, authority=OuterRef("pk"))
    facts = (
        Authority.objects.filter(pk__in=[column.authority.pk for column in matrix.columns])
        .annotate(
            editors=Subquery(number.values("n")),
            at=Subquery(last.values("asked_at")[:1]),
            by=Subquery(last.values("asked_by_name")[:1]),
            recipients=Subquery(last.values("recipient_count")[:1]),
        )
        .in_bulk()
    )
    found = {}
    for column in matrix.columns:
        key = column.authority.pk
        one = facts[key]
        lately = is_too_early(one.at, now)
        found[key] = Waiting(
            column, one.editors or 0, one.at, one.by or "", one.recipients or 0, lately
        )
    for cell in matrix.cells.values():
        waiting = found[cell.column.authority.pk]
        waiting.unconfirmed += cell.concerns and cell.is_unconfirmed
        waiting.answered += cell.counts
        waiting.expired += cell.concerns and cell.has_expired
        waiting.outdated += cell.is_outdated
    return list(found.values())
