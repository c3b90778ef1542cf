"""Writes of a cluster itself: it is created, or what it is changes, with the dates of its members.

Its version is counted up, also by what happens to its members and proposals, so that its history
tells who let whom join and leave. Permission is asked in the query that locks.
"""

import uuid
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy

from krams.danish.names import refuse_look_alike
from krams.enums import Role
from krams.history.actions.locking import save_kept, save_version, says_the_same
from krams.models import Authority, Cluster, ClusterMembership, Membership, User
from krams.roles.queries.granting import authorities_spoken_for

from ...access import may_create
from ..dates import in_order_after
from ..queries import (
    authority_keys,
    regions_to_create_in,
    regions_to_move_to,
)
from .locked_cluster import locked
from .members import give_dates

CLUSTER_FIELDS = (
    "name",
    "slug",
    "kind",
    "region_id",
    "valid_from",
    "valid_until",
    "confirmation_interval_months",
)


ADDRESS_TAKEN = gettext_lazy("The address is taken. Write another one.")


@transaction.atomic
def create_cluster(
    *, authorities: list[Authority], submission_id: uuid.UUID, by: User, **content: Any
) -> Cluster:
    """Create a cluster with its columns in the given order; the same submission twice makes one.

    Who creates it coordinates it. Raises ``PermissionDenied``, also for a region of others.
    """
    # The region is locked: the same form may be on its way twice at once.
    regions = regions_to_create_in(by).select_for_update(of=("self",), no_key=True)
    if not (may_create(by) and regions.filter(pk=content["region"].pk).first()):
        raise PermissionDenied
    return new_cluster(authorities=authorities, submission_id=submission_id, by=by, **content)


def new_cluster(
    *,
    authorities: list[Authority],
    submission_id: uuid.UUID,
    by: User,
    agreed: Iterable[int] = (),
    **content: Any,
) -> Cluster:
    """As ``create_cluster``, for callers that have asked for permission.

    ``agreed`` are the keys of the authorities that have said yes already.
    """
    if known := Cluster.objects.filter(submission_id=submission_id).first():
        if not Cluster.objects.coordinated_by(by).filter(pk=known.pk).exists():
            raise PermissionDenied
        return known
    cluster = Cluster(submission_id=submission_id, **content)
    _save_alone(cluster, by)
    agreed = {*agreed, *authority_keys(authorities_spoken_for(by))}
    for position, authority in enumerate(authorities):
        ClusterMembership.objects.create(
            awaits_consent=not by.is_superuser and authority.pk not in agreed,
            cluster=cluster,
            authority=authority,
            position=position,
            valid_from=cluster.valid_from,
            valid_until=cluster.valid_until,
        )
    if not by.is_superuser:
        save_kept(Membership(user=by, role=Role.COORDINATOR, cluster=cluster), by=by)
    return cluster


@transaction.atomic
def save_cluster(*, cluster: Cluster, version: int, by: User, **content: Any) -> Cluster:
    """Save what a cluster is. Members with the cluster's own dates follow them.

    Its earlier addresses stay in its history, which leads from there to the new one. Raises
    ``PermissionDenied`` (also for a region without a member), ``StaleVersion`` and
    ``ValidationError`` (the name or the address is another one's).
    """
    current = locked(cluster, by, version=version, fields=CLUSTER_FIELDS)
    region = content.get("region", current.region)
    if not regions_to_move_to(current, by).filter(pk=region.pk).exists():
        raise PermissionDenied
    before = {name: getattr(current, name) for name in ("valid_from", "valid_until")}
    for name, value in content.items():
        setattr(current, name, value)
    if says_the_same(current):
        return current
    for member in current.memberships.all():
        dates = {
            name: getattr(current if getattr(member, name) == old else member, name)
            for name, old in before.items()
        }
        # One who left before the cluster now begins keeps the dates it had.
        if in_order_after(dates["valid_from"], dates["valid_until"]):
            give_dates(member, by=by, **dates)
            member.save()
    return _save_alone(current, by)


def _save_alone(cluster: Cluster, by: User) -> Cluster:
    """Save it if name and address are no other's, also where two are saved at once."""
    refuse_twice(cluster)
    try:
        with transaction.atomic():
            return save_version(cluster, by=by)
    except IntegrityError as twice:
        refuse_twice(cluster)
        raise ValidationError({"slug": ADDRESS_TAKEN}) from twice


def refuse_twice(cluster: Cluster) -> None:
    """Refuse a name of another cluster of the region, and an address of any other.

    Also an address that another once had: links to that one must not end here.
    """
    others = Cluster.objects.exclude(pk=cluster.pk)
    refuse_look_alike(others.filter(region=cluster.region), "name", cluster.name)
    if others.ever_at(cluster.slug).exists():
        raise ValidationError({"slug": ADDRESS_TAKEN})
