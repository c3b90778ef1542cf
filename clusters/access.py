"""Who may open a matrix, fill in which of its columns, and set clusters up."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet, Value
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from krams.database.prepared import prepared
from krams.enums import Role
from krams.models import (
    Cluster,
    ClusterMembership,
    DatedQuerySet,
    Membership,
    User,
)
from krams.people.models import MembershipQuerySet
from krams.people.permissions import COORDINATING, EDITING_COLUMNS
from krams.people.queries import in_one_cluster, memberships

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Sheet:
    """A cluster with the columns that its matrix shows.

    Each knows whether ``user`` ``may_edit`` it, ``may_agree`` for its authority to be a member, and
    ``may_take_back`` that yes.
    """

    cluster: Cluster
    columns: list[ClusterMembership]
    today: dt.date
    user: User


def get_sheet(user: User, slug: str) -> Sheet:
    """The cluster's columns on the day that it shows (one query). 404 where it is not visible.

    A cluster that has ended shows its last day, one that is planned its first, all others today.
    """
    today = timezone.localdate()
    ever = _columns_ever(slug, user, today)
    cluster = ever[0].cluster if ever else _visible_cluster(slug, user)
    day = day_shown(cluster, today)
    return Sheet(cluster, [column for column in ever if column.is_valid_on(day)], today, user)


@prepared
def _columns_ever(slug: str, user: User, today: dt.date) -> QuerySet[ClusterMembership]:
    may_edit = Exists(editable_columns(user, today).filter(pk=OuterRef("pk")))
    return (
        ClusterMembership.objects.filter(
            cluster__slug=slug, cluster__in=Cluster.objects.visible_to(user)
        )
        .select_related("cluster", "authority")
        # The model says that these may be there: other rows are given them too.
        .annotate(  # type: ignore[no-redef]
            may_edit=may_edit,
            may_agree=_has_a_role_in_it(user, EDITING_COLUMNS),
            may_take_back=_has_a_role_in_it(user, (Role.ADMINISTRATOR,)),
        )
    )


def _visible_cluster(slug: str, user: User) -> Cluster:
    """A cluster that nobody has ever been a member of is there too."""
    return get_object_or_404(Cluster.objects.visible_to(user), slug=slug)


def _has_a_role_in_it(user: User, roles: Collection[Role]) -> Exists | Value:
    if user.is_superuser:
        return Value(True)
    return Exists(memberships(user, roles).filter(authority=OuterRef("authority")))


def day_shown(cluster: Cluster, today: dt.date) -> dt.date:
    day = max(today, cluster.valid_from or today)
    return min(day, cluster.valid_until or day)


def may_coordinate(user: User, cluster: Cluster) -> bool:
    """Whether to offer what coordinators do, by the roles already read; actions ask again."""
    return user.is_superuser or any(
        scope.cluster_id == cluster.pk and scope.role in COORDINATING for scope in user.scopes
    )


def get_editable(sheet: Sheet, authority_slug: str) -> ClusterMembership:
    """The authority's column: 404 where it has none, 403 where the person may only read it."""
    for column in sheet.columns:
        if column.authority.slug == authority_slug:
            if not column.may_edit:
                raise PermissionDenied
            return column
    raise Http404


def open_columns(today: dt.date) -> DatedQuerySet[ClusterMembership]:
    """The cluster memberships in force. A cluster that has ended keeps its matrix as it was."""
    return ClusterMembership.objects.valid_on(today).filter(
        Q(cluster__valid_until=None) | Q(cluster__valid_until__gte=today)
    )


def with_a_column(rows: QuerySet[M]) -> QuerySet[M]:
    """Of rows with ``cluster`` and ``authority``, those whose authority has not left the cluster.

    A cluster that has ended keeps those that were in it to its last day.
    """
    columns = ClusterMembership.objects.filter(
        Q(valid_until=None)
        | Q(valid_until__gte=timezone.localdate())
        | Q(valid_until=F("cluster__valid_until")),
        cluster=OuterRef("cluster"),
        authority=OuterRef("authority"),
    )
    return rows.filter(Exists(columns))


def editable_columns(user: User, today: dt.date | None = None) -> DatedQuerySet[ClusterMembership]:
    """The open columns that the person may fill in.

    An editor writes in the authority's own column; a coordinator, and an editor whom the cluster
    has named, where the authority has agreed to be a member.
    """
    columns = open_columns(today or timezone.localdate())
    if user.is_superuser:
        return columns
    return columns.filter(
        Exists(memberships(user, EDITING_COLUMNS).filter(authority=OuterRef("authority")))
        | Q(awaits_consent=False)
        & (
            Exists(
                in_one_cluster(user, EDITING_COLUMNS).filter(
                    authority=OuterRef("authority"), within=OuterRef("cluster")
                )
            )
            | Exists(memberships(user, COORDINATING).filter(cluster=OuterRef("cluster")))
        )
    )


def editors_in(cluster_id: int | OuterRef, today: dt.date | None = None) -> MembershipQuerySet:
    """The roles of editors that count in the cluster: of whole authorities, and within it."""
    return Membership.objects.valid_on(today).filter(
        Q(within=None) | Q(within=cluster_id), role=Role.EDITOR
    )


def get_coordinated(user: User, slug: str) -> Cluster:
    """404 where the cluster is not visible, 403 where the person does not coordinate it."""
    found = _visible_and_mine(slug, user)
    if not found:
        raise Http404
    [cluster] = found
    # The plugin does not see what a queryset of our own was annotated with.
    if not cluster.is_mine:  # type: ignore[attr-defined]
        raise PermissionDenied
    return cluster


@prepared
def _visible_and_mine(slug: str, user: User) -> QuerySet[Cluster]:
    coordinated = Cluster.objects.coordinated_by(user).filter(pk=OuterRef("pk"))
    visible = Cluster.objects.visible_to(user).select_related("region")
    return visible.filter(slug=slug).annotate(is_mine=Exists(coordinated))


def may_create(user: User) -> bool:
    """Superusers and the administrators of an authority, from the roles already read."""
    return user.is_superuser or any(
        scope.role == Role.ADMINISTRATOR and scope.authority_id for scope in user.scopes
    )
