"""Who may set up clusters and where, who has which role in one, and what can be taken along."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from krams.enums import AuthorityKind, Role
from krams.models import (
    Authority,
    Cluster,
    ClusterMembership,
    DatedQuerySet,
    Invitation,
    Membership,
    RegionMembership,
    User,
)
from krams.people.models import MembershipQuerySet
from krams.people.queries import memberships
from krams.roles.queries.granting import authorities_spoken_for, member_authorities
from krams.roles.queries.people import changeable

from ..models import (
    AuthorityNote,
    Effort,
    Position,
    Proposal,
)
from .same_proposals import match


def regions_of(authorities: QuerySet[Any, Any]) -> DatedQuerySet[Authority]:
    """The regions that are among ``authorities`` or have ever had one of them."""
    inside = RegionMembership.objects.filter(municipality__in=authorities)
    return Authority.objects.filter(
        Q(pk__in=authorities) | Q(pk__in=inside.values("region")), kind=AuthorityKind.REGION
    )


def regions_to_create_in(user: User) -> DatedQuerySet[Authority]:
    """Where the person may create clusters: everywhere, or in the own authorities' regions."""
    if user.is_superuser:
        return Authority.objects.filter(kind=AuthorityKind.REGION)
    mine = memberships(user, (Role.ADMINISTRATOR,)).exclude(authority=None)
    return regions_of(mine.values("authority"))


def regions_to_move_to(cluster: Cluster, user: User) -> DatedQuerySet[Authority]:
    """Where a cluster, or the one that follows it, may lie: where it does, or its members do.

    A member that has not said yes leads nowhere: a coordinator can add it alone.
    """
    if user.is_superuser:
        return regions_to_create_in(user)
    members = cluster.memberships.filter(
        Q(awaits_consent=False) | Q(authority__in=authorities_spoken_for(user))
    )
    kept = Q(pk=cluster.region_id) | Q(pk__in=regions_of(members.values("authority")))
    return Authority.objects.filter(kept)


def authority_keys(authorities: QuerySet[Any, Any]) -> set[int]:
    return set(authorities.values_list("authority", flat=True))


def given_in(cluster: Cluster, by: User) -> MembershipQuerySet:
    """Who ever coordinated the cluster or filled in its columns; an authority's own editors too.

    Each knows whether ``by`` ``may_end`` it here: an authority's own are ended where its people
    stand, not by the way in one cluster.
    """
    here = (
        Q(role=Role.COORDINATOR, cluster=cluster)
        | Q(role=Role.EDITOR, authority__in=member_authorities(cluster), within=None)
        | Q(role=Role.EDITOR, within=cluster)
    )
    of_the_cluster = Q(cluster=cluster) | Q(within=cluster)
    return Membership.objects.filter(here).annotate(may_end=changeable(by) & of_the_cluster)


def appointed(cluster: Cluster, by: User) -> QuerySet[Membership]:
    """Those in force today."""
    return (
        given_in(cluster, by)
        .valid_on()
        .select_related("user", "authority", "cluster")
        .order_by("role", "authority__name", "user__name", "pk")
    )


def invited(cluster: Cluster) -> QuerySet[Invitation]:
    """Who is invited to the cluster or one of its columns and has not answered."""
    here = Q(cluster=cluster) | Q(within=cluster)
    return (
        Invitation.objects.waiting()
        .filter(here)
        .select_related("user", "authority", "cluster", "within")
        .order_by("user__name", "pk")
    )


def may_take_back(*, column: ClusterMembership, by: User) -> bool:
    """Whether the person is an administrator of the column's authority."""
    mine = memberships(by, (Role.ADMINISTRATOR,))
    return by.is_superuser or mine.filter(authority=column.authority_id).exists()


def given_through(column: ClusterMembership) -> MembershipQuerySet:
    """The editors that the cluster named for the column, in force today or later."""
    return (
        Membership.objects.filter(
            Q(valid_until=None) | Q(valid_until__gte=timezone.localdate()),
            role=Role.EDITOR,
            authority=column.authority_id,
            within=column.cluster_id,
        )
        .select_related("user")
        .order_by("user__name", "pk")
    )


def first_day_after(cluster: Cluster) -> dt.date | None:
    return cluster.valid_until + dt.timedelta(days=1) if cluster.valid_until else None


def possible_successors(cluster: Cluster) -> QuerySet[Cluster]:
    """Clusters into which columns of ``cluster`` may go: they begin later and share a member."""
    if cluster.valid_until is None:
        return Cluster.objects.none()
    shared = ClusterMembership.objects.filter(
        cluster=OuterRef("pk"), authority__cluster_memberships__cluster=cluster
    )
    return Cluster.objects.filter(Exists(shared), valid_from__gt=cluster.valid_until)


def movable_columns(cluster: Cluster) -> list[ClusterMembership]:
    """The columns that the matrix shows on its last day; none as long as that is open."""
    last = cluster.valid_until
    columns = cluster.memberships.select_related("authority")
    return [column for column in columns if column.is_valid_on(last)] if last else []


def has_content(cluster: Cluster, authority_ids: Iterable[int]) -> set[int]:
    """Those of the authorities that have written something in the cluster's matrix."""
    answers = Position.objects.answered().filter(proposal__cluster=cluster)
    efforts = Effort.objects.standing().filter(cluster=cluster)
    notes = AuthorityNote.objects.filter(cluster=cluster)
    first, *others = (
        queryset.filter(authority__in=authority_ids).order_by().values_list("authority", flat=True)
        for queryset in (answers, efforts, notes)
    )
    return set(first.union(*others))


def counterparts(cluster: Cluster, origin: Cluster) -> tuple[list[Proposal], dict[int, Proposal]]:
    """The standing proposals of ``origin``, and what each is in ``cluster``, by its key."""
    wanted = list(
        Proposal.objects.standing().filter(cluster=origin).select_related("group", "source")
    )
    return wanted, match(wanted, cluster.proposals.all())


def missing_proposals(cluster: Cluster, origin: Cluster) -> list[Proposal]:
    """The standing proposals of ``origin`` that ``cluster`` has not got."""
    wanted, found = counterparts(cluster, origin)
    return [proposal for proposal in wanted if proposal.pk not in found]


def candidates(region_id: int, day: dt.date) -> DatedQuerySet[Authority]:
    """The municipalities of a region on a day, and the region itself, which comes last."""
    inside = RegionMembership.objects.valid_on(day).filter(region=region_id)
    return (
        Authority.objects.valid_on(day)
        .filter(Q(pk=region_id) | Q(pk__in=inside.values("municipality")))
        .order_by("kind", "name", "pk")
    )
