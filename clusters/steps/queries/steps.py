"""The next steps of efforts: of a whole cluster, and those past their day that need a person."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from krams.database.prepared import prepared
from krams.enums import Role
from krams.models import Cluster, Membership, User

from ...access import open_columns, with_a_column
from ...enums import EffortState
from ...models import Effort, EffortProposal


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


def overdue_steps(user: User, today: dt.date) -> list[Effort]:
    """The steps past their day that the person must see to (one query), the oldest first.

    ``is_mine`` says of each whether the person keeps its column; the others stand in clusters that
    the person coordinates.
    """
    roles = Membership.objects.valid_on(today).filter(user=user)
    own = roles.filter(role=Role.EDITOR, authority=OuterRef("authority"))
    is_mine = Exists(own.filter(Q(within=None) | Q(within=OuterRef("cluster"))))
    is_coordinated = Exists(roles.filter(role=Role.COORDINATOR, cluster=OuterRef("cluster")))
    columns = open_columns(today).filter(
        cluster=OuterRef("cluster"), authority=OuterRef("authority")
    )
    places = EffortProposal.objects.standing().filter(effort=OuterRef("pk"))
    efforts = (
        Effort.objects.standing()
        .exclude(state=EffortState.DISCONTINUED)
        .filter(Exists(columns), Exists(places), next_step_on__lt=today)
        .annotate(is_mine=is_mine)
    )
    mine = efforts.filter(Q(is_mine=True) | is_coordinated)
    return list(mine.select_related("authority", "cluster").order_by("next_step_on", "pk"))
