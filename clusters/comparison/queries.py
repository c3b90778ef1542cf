"""Whom to ask about an authority's efforts: the accounts that keep its column."""

from krams.models import Cluster, User

from ..access import editors_in
from ..matrix.layout import Matrix


def contacts_by_authority(cluster: Cluster, matrix: Matrix) -> dict[int, list[User]]:
    """By the key of the authority: the accounts that keep its column (one query)."""
    found: dict[int, list[User]] = {}
    editors = (
        editors_in(cluster.pk)
        .filter(
            authority__in=[column.authority for column in matrix.columns],
            user__is_active=True,
        )
        .select_related("user")
        .order_by("user__name")
    )
    for membership in editors:
        if membership.authority_id is not None:
            found.setdefault(membership.authority_id, []).append(membership.user)
    return found
