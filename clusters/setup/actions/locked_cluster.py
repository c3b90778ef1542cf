"""Every write of the setup waits here for its cluster, and asks who may do it."""

from django.core.exceptions import PermissionDenied

from krams.history.actions.locking import lock
from krams.models import Cluster, User


def locked(
    cluster: Cluster, by: User, *, version: int | None = None, fields: tuple[str, ...] = ()
) -> Cluster:
    """The cluster under its lock. Raises ``PermissionDenied`` and ``StaleVersion``."""
    mine = Cluster.objects.filter(pk__in=Cluster.objects.coordinated_by(by).values("pk"))
    try:
        if version is None:
            return mine.select_for_update(of=("self",)).get(pk=cluster.pk)
        return lock(mine, version=version, fields=fields, pk=cluster.pk)
    except Cluster.DoesNotExist as none:
        raise PermissionDenied from none
