"""Which editions a cluster has, which of them stands last, and how much has changed since."""

from collections.abc import Collection

from django.db.models import F
from django.shortcuts import get_object_or_404

from krams.models import Cluster, User

from ..matrix.layout import Matrix
from ..models import Edition, EditionText, ReadLink
from .content import Json, thaw
from .differences import compare
from .read_links import hash_of

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
    visible = Edition.objects.visible_to(user).select_related("cluster", "written")
    return get_object_or_404(visible, cluster__slug=slug, number=number)


def coordinated_edition(cluster: Cluster, number: int) -> Edition:
    """Of a cluster that the person coordinates, with its texts. Raises ``Http404``."""
    return get_object_or_404(
        Edition.objects.select_related("cluster", "written"), cluster=cluster, number=number
    )


def texts_of(edition: Edition) -> EditionText:
    """What is written around the edition; empty texts of version 0 where nothing is."""
    return getattr(edition, "written", None) or EditionText(edition=edition, version=0)


def links_of(edition: Edition) -> list[ReadLink]:
    """The newest first, a few for each meeting."""
    found = list(edition.read_links.all())
    for link in found:
        link.edition = edition
    return found


def link_of(token: str) -> ReadLink | None:
    """The link with its edition, whatever has become of it; None where there is none."""
    known = ReadLink.objects.select_related("edition__cluster", "edition__written")
    return known.filter(token_hash=hash_of(token)).first()
