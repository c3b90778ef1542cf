"""Which sides of a cell a person speaks for, by the roles in force. Pure."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from krams.people.permissions import COORDINATING, EDITING_COLUMNS

from ..enums import Side

if TYPE_CHECKING:
    from krams.models import Membership


def sides_among(roles: "Iterable[Membership]", cluster: int, authority: int) -> list[Side]:
    """Who keeps the column speaks for it first, also where the same person coordinates the
    cluster."""
    sides = {_side(role, cluster, authority) for role in roles}
    return [side for side in Side if side in sides]


def _side(role: "Membership", cluster: int, authority: int) -> Side | None:
    if role.role in EDITING_COLUMNS and role.authority_id == authority:
        return Side.EDITOR if role.within_id in (None, cluster) else None
    if role.role in COORDINATING and role.cluster_id == cluster:
        return Side.COORDINATOR
    return None
