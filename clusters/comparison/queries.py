"""Whom to ask about an authority's efforts: the accounts that keep its column."""

from ..access import editors_in


def contacts_by_authority(cluster, matrix) -> dict[int, list]:
    """By the key of the authority: the accounts that keep its column (one query)."""
    found: dict[int, list] = {}
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
        found.setdefault(membership.authority_id, []).append(membership.user)
    return found
