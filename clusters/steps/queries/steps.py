"""The next steps of efforts of a whole cluster."""

import datetime as dt

from django.db.models import QuerySet

from krams.database.prepared import prepared
from krams.models import Cluster

from ...access import with_a_column
from ...models import Effort


def steps_of(cluster: Cluster) -> list[Effort]:
    """Efforts that have a next step or somebody responsible, the most pressing first (one query).

    Each has ``cell_proposal``, the key of the first proposal that it serves.
    """
    efforts: list[Effort] = list(_steps(cluster.pk))
    return sorted(efforts, key=_most_pressing)


def _most_pressing(effort: Effort) -> tuple[bool, bool, dt.date, int]:
    day = effort.next_step_on
    return not effort.next_step, day is None, day or dt.date.max, effort.pk


@prepared
def _steps(cluster: int) -> QuerySet[Effort]:
    efforts = Effort.objects.standing().with_cell().filter(cluster=cluster)
    return (
        with_a_column(efforts)
        .exclude(next_step="", responsible="")
        .select_related("authority", "cluster")
    )
