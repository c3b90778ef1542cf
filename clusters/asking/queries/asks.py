"""The asks of a cluster, page by page."""

import datetime as dt

from django.db.models import QuerySet

from krams.database.keyset import Keyset, Way
from krams.database.prepared import prepared
from krams.models import Cluster

from ...models import Ask

ASKS = Keyset(asked_at=dt.datetime, pk=int)
SIZE = 10


@prepared
def ask_rows(cluster: Cluster, way: Way, at: dt.datetime | None, pk: int | None) -> QuerySet[Ask]:
    """The asks of one page, with those beside it."""
    rows = Ask.objects.filter(cluster=cluster).select_related("cluster")
    return ASKS.cut(rows, way, (at, pk), SIZE)
