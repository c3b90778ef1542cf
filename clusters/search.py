"""What of the matrices the one search finds; nobody finds what they may not see."""

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from krams.models import Cluster, User
from krams.search.queries import Source, register

from .access import with_a_column
from .models import AuthorityNote, Effort, Proposal

M = TypeVar("M", bound=Model)


def register_sources() -> None:
    register(
        Source(
            heading=_("Proposals"),
            visible=lambda user: _within(Proposal.objects.standing(), user),
            fields=("title",),
            title=str,
            place=lambda row: str(row.cluster),
            excerpts=lambda row: (),
            url=lambda row: f"{row.cluster.get_absolute_url()}#f{row.pk}",
        )
    )
    register(
        Source(
            heading=_("Efforts in the matrix"),
            visible=lambda user: _in_columns(Effort.objects.standing().with_cell(), user),
            fields=("text", "note"),
            title=lambda row: row.text,
            place=_column,
            excerpts=lambda row: (row.note,),
            url=lambda row: (
                f"{row.cluster.get_absolute_url()}#c-{row.cell_proposal}-{row.authority.slug}"
            ),
        )
    )
    register(
        Source(
            heading=_("Notes"),
            visible=lambda user: _in_columns(AuthorityNote.objects.all(), user),
            fields=("heading", "text"),
            title=lambda row: row.heading,
            place=_column,
            excerpts=lambda row: (row.text,),
        )
    )


def _within(rows: QuerySet[M], user: User) -> QuerySet[M]:
    """Rows of the clusters that the person may see."""
    return rows.filter(cluster__in=Cluster.objects.visible_to(user)).select_related("cluster")


def _in_columns(rows: QuerySet[M], user: User) -> QuerySet[M]:
    """Of those, what stands in the matrix: who has left is in editions only."""
    return with_a_column(_within(rows, user)).select_related("authority")


def _column(row: Effort | AuthorityNote) -> str:
    return f"{row.authority} · {row.cluster}"
