"""Who may write about a cell, asked under the lock of its column."""

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from krams.models import ClusterMembership, Membership, User

from ...access import open_columns
from ...enums import Side
from ..who_speaks import sides_among


def side_of_writer(column: ClusterMembership, by: User) -> Side:
    """Of the sides of :func:`sides_of_writer` the first."""
    return sides_of_writer(column, by)[0]


def sides_of_writer(column: ClusterMembership, by: User) -> list[Side]:
    """Wait for the column and say which sides the person speaks for.

    Raises ``PermissionDenied`` where it is none, or the column is not open today.
    """
    today = timezone.localdate()
    is_open = open_columns(today).select_for_update(of=("self",)).filter(pk=column.pk).first()
    roles = Membership.objects.held_by(by)
    sides = sides_among(roles, column.cluster_id, column.authority_id)
    if is_open is None or not sides:
        raise PermissionDenied
    return sides
