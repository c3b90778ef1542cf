"""The threads of a cluster, page by page."""

from django.db.models import QuerySet

from krams.database.keyset import Keyset, Page, Place, Way
from krams.database.prepared import prepared
from krams.models import Cluster

from ...models import Thread

THREADS_A_PAGE = 30
THREADS = Keyset(pk=int)


def threads_of(cluster: Cluster, place: Place, *, with_resolved: bool) -> Page[Thread]:
    """A page, newest first; without ``with_resolved`` those that wait for somebody."""
    rows = _all if with_resolved else _open
    return THREADS.read(place, THREADS_A_PAGE, lambda *edge: rows(cluster.pk, *edge))


@prepared
def _open(cluster: int, way: Way, pk: int | None) -> QuerySet[Thread]:
    return THREADS.cut(_threads(cluster).filter(resolved_at=None), way, (pk,), THREADS_A_PAGE)


@prepared
def _all(cluster: int, way: Way, pk: int | None) -> QuerySet[Thread]:
    return THREADS.cut(_threads(cluster), way, (pk,), THREADS_A_PAGE)


def _threads(cluster: int) -> QuerySet[Thread]:
    threads = Thread.objects.filter(cluster=cluster)
    return threads.select_related("proposal", "authority", "cluster", "wording")
