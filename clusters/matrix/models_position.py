"""A cell of the matrix: an authority's typed answer to a proposal."""

import datetime as dt

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from krams.enums import Role
from krams.history.models import DATE_VALIDATORS
from krams.models import Authority, ClusterMembership, Membership, User, Versioned
from krams.people.permissions import COORDINATING, EDITING_COLUMNS, in_one_cluster, memberships

from ..enums import PositionState
from .cell import NOT_ANSWERED
from .models import Proposal


def open_columns(today: dt.date):
    """The cluster memberships in force. A cluster that has ended keeps its matrix as it was."""
    return ClusterMembership.objects.valid_on(today).filter(
        Q(cluster__valid_until=None) | Q(cluster__valid_until__gte=today)
    )


def with_a_column(rows):
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


def editable_columns(user, today: dt.date | None = None):
    """The open columns that the person may fill in.

    An editor writes in the authority's own column, a coordinator in every column of the cluster
    whose authority has agreed to that.
    """
    columns = open_columns(today or timezone.localdate())
    if user.is_superuser:
        return columns
    return columns.filter(
        Exists(memberships(user, EDITING_COLUMNS).filter(authority=OuterRef("authority")))
        | Exists(
            in_one_cluster(user, EDITING_COLUMNS).filter(
                authority=OuterRef("authority"), within=OuterRef("cluster")
            )
        )
        | Q(awaits_consent=False)
        & Exists(memberships(user, COORDINATING).filter(cluster=OuterRef("cluster")))
    )


def editors_in(cluster_id: int, today: dt.date | None = None):
    """The roles of editors that count in the cluster: of whole authorities, and within it."""
    return Membership.objects.valid_on(today).filter(
        Q(within=None) | Q(within=cluster_id), role=Role.EDITOR
    )


class PositionQuerySet(models.QuerySet):
    def answered(self):
        return self.exclude(state__in=NOT_ANSWERED)


class Position(Versioned):
    """One authority's answer to one proposal. No row means the same as NOT_FILLED.

    ``state_from`` says from when something is planned, or since when it is discontinued. Its
    version covers the whole cell: a change of its efforts counts it up too.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="positions")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="positions")
    state = models.CharField(
        _("state"), max_length=20, choices=PositionState, default=PositionState.NOT_FILLED
    )
    state_from = models.DateField(
        _("from or since"), null=True, blank=True, validators=DATE_VALIDATORS
    )
    confirmed_on = models.DateField(
        _("confirmed on"), null=True, blank=True, validators=DATE_VALIDATORS
    )
    confirmed_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = PositionQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "authority"], name="one_position_per_proposal_and_authority"
            ),
            models.CheckConstraint(
                condition=Q(state__in=PositionState.values), name="position_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal} · {self.authority}: {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        cell = f"c-{self.proposal_id}-{self.authority.slug}"
        return f"{self.proposal.cluster.get_absolute_url()}#{cell}"
