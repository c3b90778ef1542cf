"""What of the matrices the one search finds; nobody finds what they may not see."""

from typing import Any, TypeVar

from django.db.models import F, Model, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from krams.models import Cluster, ClusterMembership, User
from krams.search.kinds import CLUSTER
from krams.search.registry import WRITTEN, Kind, Row

from .access import with_a_column
from .models import (
    AuthorityNote,
    Comment,
    EditionText,
    Effort,
    EffortProposal,
    Proposal,
)

M = TypeVar("M", bound=Model)


def _within(rows: QuerySet[M], user: User) -> QuerySet[M]:
    """Rows of the clusters that the person may see."""
    return rows.filter(cluster__in=Cluster.objects.visible_to(user))


def _in_columns(rows: QuerySet[M], user: User) -> QuerySet[M]:
    """Of those, what stands in the matrix: who has left is in editions only."""
    return with_a_column(_within(rows, user))


def _columns(user: User) -> QuerySet[ClusterMembership]:
    """The columns that a matrix shows now; one that has ended, or begins, those of that day."""
    today = timezone.localdate()
    begun = Q(valid_from=None) | Q(valid_from__lte=today)
    begun |= Q(valid_from=F("cluster__valid_from"))
    lasting = Q(valid_until=None) | Q(valid_until__gte=today)
    lasting |= Q(valid_until=F("cluster__valid_until"))
    return _within(ClusterMembership.objects.filter(begun, lasting), user)


def _comments(user: User) -> QuerySet[Comment]:
    seen = Cluster.objects.visible_to(user)
    return Comment.objects.filter(
        thread__cluster__in=seen, thread__proposal__retired_on=None, withdrawn_at=None
    )


def _matrix(row: Row, fragment: str) -> str:
    return reverse("clusters:matrix", args=[row.slug], fragment=fragment)


def _first_cell() -> Subquery:
    """The first proposal that an effort stands at."""
    places = EffortProposal.objects.standing().filter(effort=OuterRef("pk"))
    first = places.order_by("proposal__group__position", "proposal__number")
    return Subquery(first.values("proposal")[:1])


IN_CLUSTER: dict[str, Any] = {"slug": "cluster__slug", "scope": {CLUSTER: "cluster_id"}}
# In a column, by the names of both.
IN_COLUMN = IN_CLUSTER | {
    "place": Concat(
        "authority__official_name", Value(" · "), "cluster__name", output_field=TextField()
    )
}
KINDS = (
    Kind(
        "proposal",
        Proposal,
        _("Proposal"),
        visible=lambda user: _within(Proposal.objects.standing(), user),
        texts=("title",),
        url=lambda row: _matrix(row, f"f{row.pk}"),
        title="title",
        place="cluster__name",
        standing=Q(retired_on=None),
        **IN_CLUSTER,
    ),
    Kind(
        "effort",
        Effort,
        _("Effort in the matrix"),
        visible=lambda user: _in_columns(Effort.objects.standing().with_cell(), user),
        texts=("text", "note", "responsible", "next_step"),
        url=lambda row: _matrix(row, f"c-{row.owner}-{row.also_slug}"),
        title="text",
        computed={"cell": _first_cell()},
        of="cell",
        also_slug="authority__slug",
        standing=Q(removed_at=None),
        **IN_COLUMN,
    ),
    Kind(
        "note",
        AuthorityNote,
        _("Note"),
        visible=lambda user: _in_columns(AuthorityNote.objects.all(), user),
        texts=("heading", "text"),
        url=lambda row: _matrix(row, f"u-{row.pk}"),
        title="heading",
        **IN_COLUMN,
    ),
    Kind(
        "edition",
        EditionText,
        _("Edition of the matrix"),
        visible=lambda user: EditionText.objects.filter(
            edition__cluster__in=Cluster.objects.visible_to(user)
        ),
        texts=("introduction", "conclusion"),
        url=lambda row: reverse("clusters:edition", args=[row.slug, row.owner]),
        title="edition__title",
        named=False,
        place="edition__cluster__name",
        of="edition__number",
        slug="edition__cluster__slug",
        scope={CLUSTER: "edition__cluster_id"},
    ),
    Kind(
        "comment",
        Comment,
        _("Question or answer about a cell"),
        visible=_comments,
        texts=("text",),
        url=lambda row: reverse(
            "clusters:conversation",
            args=[row.slug, row.owner, row.also_slug],
        ),
        title="text",
        tier=WRITTEN,
        named=False,
        place=Concat(
            "thread__authority__official_name",
            Value(" · "),
            "thread__cluster__name",
            output_field=TextField(),
        ),
        slug="thread__cluster__slug",
        scope={CLUSTER: "thread__cluster_id"},
        of="thread__proposal_id",
        also_slug="thread__authority__slug",
        standing=Q(withdrawn_at=None),
    ),
    Kind(
        "column",
        ClusterMembership,
        _("Authority in the matrix"),
        visible=_columns,
        texts=("authority__official_name", "authority__name"),
        url=lambda row: f"{reverse('clusters:matrix', args=[row.slug])}?vis={row.also_slug}",
        title="authority__official_name",
        place="cluster__name",
        also_slug="authority__slug",
        may_hold=lambda column: True,
        follows={"authority": ("official_name", "name")},
        **IN_CLUSTER,
    ),
)
