"""Who may open a matrix, and which of its columns the person may fill in."""

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Value
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from krams.enums import Role
from krams.models import Cluster, ClusterMembership
from krams.people.permissions import COORDINATING, EDITING_COLUMNS
from krams.people.queries import memberships

from .matrix.models import editable_columns
from .models import AuthorityNote


@dataclass(frozen=True)
class Sheet:
    """A cluster with the columns that its matrix shows.

    Each knows whether ``user`` ``may_edit`` it, ``may_agree`` for its authority to be a member, and
    ``may_take_back`` that yes.
    """

    cluster: Cluster
    columns: list[ClusterMembership]
    today: dt.date
    user: object


def get_sheet(user, slug: str) -> Sheet:
    """The cluster's columns on the day that it shows (one query). 404 where it is not visible.

    A cluster that has ended shows its last day, one that is planned its first, all others today.
    """
    today = timezone.localdate()
    visible = Cluster.objects.visible_to(user)
    may_edit = Exists(editable_columns(user, today).filter(pk=OuterRef("pk")))
    ever = list(
        ClusterMembership.objects.filter(cluster__slug=slug, cluster__in=visible)
        .select_related("cluster", "authority")
        .annotate(
            may_edit=may_edit,
            may_agree=_has_a_role_in_it(user, EDITING_COLUMNS),
            may_take_back=_has_a_role_in_it(user, (Role.ADMINISTRATOR,)),
        )
    )
    cluster = ever[0].cluster if ever else get_object_or_404(visible, slug=slug)
    day = day_shown(cluster, today)
    return Sheet(cluster, [column for column in ever if column.is_valid_on(day)], today, user)


def _has_a_role_in_it(user, roles):
    if user.is_superuser:
        return Value(True)
    return Exists(memberships(user, roles).filter(authority=OuterRef("authority")))


def day_shown(cluster: Cluster, today: dt.date) -> dt.date:
    day = max(today, cluster.valid_from or today)
    return min(day, cluster.valid_until or day)


def may_coordinate(user, cluster: Cluster) -> bool:
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


def get_editable_note(sheet: Sheet, pk: int) -> tuple[AuthorityNote, ClusterMembership]:
    """A note of this cluster with its column; 404 and 403 as above."""
    note = get_object_or_404(
        AuthorityNote.objects.filter(cluster=sheet.cluster).select_related("authority"), pk=pk
    )
    return note, get_editable(sheet, note.authority.slug)
