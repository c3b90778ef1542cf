"""Who may set up clusters and where, who has which role in one, and what can be taken along."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, TypedDict

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from krams.enums import AuthorityKind, Role
from krams.models import (
    Authority,
    Cluster,
    ClusterMembership,
    DatedQuerySet,
    Membership,
    RegionMembership,
    User,
)
from krams.people.models import MembershipQuerySet
from krams.people.permissions import EDITING_COLUMNS
from krams.people.queries import memberships

from ..models import (
    AuthorityNote,
    Effort,
    Position,
    Proposal,
)
from .same_proposals import match


class AuthorityKey(TypedDict):
    """A row of ``values("authority")``."""

    authority: int


def authorities_spoken_for(user: User) -> QuerySet[Membership, AuthorityKey]:
    """The keys of the authorities whose own editor or administrator the person is."""
    return memberships(user, EDITING_COLUMNS).exclude(authority=None).values("authority")


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
    """Where a cluster, or the one that follows it, may lie: where its members are."""
    if user.is_superuser:
        return regions_to_create_in(user)
    kept = Q(pk=cluster.region_id) | Q(pk__in=regions_of(cluster.memberships.values("authority")))
    return Authority.objects.filter(kept)


def authority_keys(authorities: QuerySet[Any, Any]) -> set[int]:
    return set(authorities.values_list("authority", flat=True))


def member_authorities(cluster: Cluster) -> DatedQuerySet[Authority]:
    """The authorities that are members of the cluster today or later."""
    today = timezone.localdate()
    columns = ClusterMembership.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=today),
        cluster=cluster,
        authority=OuterRef("pk"),
    )
    return Authority.objects.filter(Exists(columns))


def agreed_authorities(cluster: Cluster, by: User) -> DatedQuerySet[Authority]:
    """The members that have agreed to be one, and those for which ``by`` speaks anyway."""
    return member_authorities(cluster).exclude(pk__in=closed_authorities(cluster, by))


def closed_authorities(cluster: Cluster, by: User) -> QuerySet[ClusterMembership, AuthorityKey]:
    """The keys of those that have not agreed, and for which ``by`` does not speak."""
    waiting = ClusterMembership.objects.filter(cluster=cluster, awaits_consent=True)
    if by.is_superuser:
        waiting = waiting.none()
    return waiting.exclude(authority__in=authorities_spoken_for(by)).values("authority")


def ending_here(cluster: Cluster, by: User) -> MembershipQuerySet:
    """The roles that ``by`` may end on the cluster's page: those that ``by`` could give there."""
    editors = Q(role=Role.EDITOR, within=cluster)
    return Membership.objects.filter(
        Q(role=Role.COORDINATOR, cluster=cluster)
        | editors & ~Q(authority__in=closed_authorities(cluster, by))
    ).exclude(user=by)


def appointed(cluster: Cluster, by: User) -> QuerySet[Membership]:
    """Who coordinates the cluster and who fills in its columns, in force today.

    An authority's own editors are shown; each knows whether ``by`` ``may_end`` it here.
    """
    return (
        Membership.objects.valid_on()
        .annotate(may_end=Exists(ending_here(cluster, by).filter(pk=OuterRef("pk"))))
        .filter(
            Q(role=Role.COORDINATOR, cluster=cluster)
            | Q(role=Role.EDITOR, authority__in=member_authorities(cluster), within=None)
            | Q(role=Role.EDITOR, within=cluster)
        )
        .select_related("user", "authority", "cluster")
        .order_by("role", "authority__name", "user__name", "pk")
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
