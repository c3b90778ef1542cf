"""Which roles a person holds today."""

from collections.abc import Collection

from ..enums import Role
from .models import Membership, MembershipQuerySet, User


def memberships(user: User, roles: Collection[Role] | None = None) -> MembershipQuerySet:
    """The memberships of ``user`` in force today, optionally of some roles only.

    Without those that count in one cluster alone: whoever asks for an authority's people means its
    own. ``in_one_cluster`` has the others.
    """
    return Membership.objects.held_by(user, roles).filter(within=None)


def in_one_cluster(user: User, roles: Collection[Role] | None = None) -> MembershipQuerySet:
    """The memberships in force that a cluster's coordinator gave; they count ``within`` it."""
    return Membership.objects.held_by(user, roles).exclude(within=None)
