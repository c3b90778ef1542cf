"""Whom to ask about an authority's efforts: the accounts that keep its column."""

from typing import NamedTuple

from django.db.models import QuerySet

from krams.database.prepared import prepared
from krams.models import Cluster, Membership

from ..access import editors_in
from ..matrix.layout import Matrix


class Contact(NamedTuple):
    """An account as colleagues see it, and where to write to it."""

    shown_as: str
    email: str

    def __str__(self) -> str:
        """On paper, where nothing can be clicked."""
        return self.email if self.shown_as == self.email else f"{self.shown_as}, {self.email}"


def contacts_by_authority(cluster: Cluster, matrix: Matrix) -> dict[int, list[Contact]]:
    """By the key of the authority: the accounts that keep its column (one query)."""
    found: dict[int, list[Contact]] = {}
    authorities = [column.authority.pk for column in matrix.columns]
    for authority, name, email in _editors(cluster.pk, authorities):
        if authority is not None:
            found.setdefault(authority, []).append(Contact(name or email, email))
    return found


@prepared
def _editors(
    cluster: int, authorities: list[int]
) -> QuerySet[Membership, tuple[int | None, str, str]]:
    editors = editors_in(cluster).filter(authority__in=authorities, user__is_active=True)
    return editors.order_by("user__name").values_list("authority", "user__name", "user__email")
