"""Which editions a cluster has, which of them stands last, and how much has changed since."""

from django.shortcuts import get_object_or_404

from krams.models import Cluster, User

from ..matrix.layout import Matrix
from ..models import Edition
from .content import thaw
from .differences import compare


def editions_of(cluster: Cluster) -> list[Edition]:
    """Newest first, a few a year; their links need no further query.

    What an edition holds is a whole matrix: it is read when it is asked for.
    """
    found = list(cluster.editions.defer("content"))
    for edition in found:
        edition.cluster = cluster
    return found


def authorities_in(cluster: Cluster) -> dict[str, str]:
    """Slug and official name of whoever is in an edition, those of the newest first."""
    found: dict[str, str] = {}
    for authorities in cluster.editions.values_list("content__authorities", flat=True):
        for one in authorities:
            found.setdefault(one["slug"], one["official_name"])
    return found


def last_standing(editions: list[Edition]) -> Edition | None:
    return next((edition for edition in editions if edition.withdrawn_at is None), None)


def answers_changed(last: Edition | None, whole: Matrix) -> int:
    """How many answers differ from the last edition that stands."""
    return len(compare(thaw(last.content), whole).cells) if last else 0


def visible_edition(user: User, slug: str, number: int) -> Edition:
    visible = Edition.objects.visible_to(user).select_related("cluster")
    return get_object_or_404(visible, cluster__slug=slug, number=number)
