"""Which editions a cluster has, which of them stands last, and how much has changed since."""

from collections.abc import Collection

from django.db.models import F
from django.shortcuts import get_object_or_404

from krams.models import Cluster, User

from ..matrix.layout import Matrix
from ..models import Edition
from .content import Json, thaw
from .differences import compare

# Columns that the model names.
_NAMED = {"authorities": F("content__authorities")}


def editions_of(cluster: Cluster) -> list[Edition]:
    """Newest first, a few a year; their links need no further query.

    What an edition holds is a whole matrix: it is read when it is asked for.
    """
    brief = cluster.editions.defer("content").annotate(**_NAMED)
    found: list[Edition] = list(brief)
    for edition in found:
        edition.cluster = cluster
    return found


def contents_of(cluster: Cluster, numbers: Collection[int]) -> dict[int, Json]:
    """What the editions with these numbers hold."""
    return dict(cluster.editions.filter(number__in=numbers).values_list("number", "content"))


def last_standing(editions: list[Edition]) -> Edition | None:
    return next((edition for edition in editions if edition.withdrawn_at is None), None)


def answers_changed(last: Edition | None, whole: Matrix) -> int:
    """How many answers differ from the last edition that stands."""
    return len(compare(thaw(last.content), whole).cells) if last else 0


def visible_edition(user: User, slug: str, number: int) -> Edition:
    visible = Edition.objects.visible_to(user).select_related("cluster")
    return get_object_or_404(visible, cluster__slug=slug, number=number)
