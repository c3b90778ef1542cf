"""The matrix as it is stored: proposals, each authority's typed answers, efforts and notes."""

import datetime as dt
from collections.abc import Iterable
from typing import Self

from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from initiatives.models import Initiative
from krams.danish.names import DANISH, NameField, NameKeyField, UniqueName
from krams.database.watched import WatchedQuerySet
from krams.history.models import DATE_VALIDATORS, LinkField
from krams.models import (
    Authority,
    Cluster,
    ClusterMembership,
    Dated,
    DatedQuerySet,
    Kept,
    User,
    Versioned,
)

from ..enums import Concerned, Division, EffortState, PositionState
from .cell_status import NOT_ANSWERED
from .concerned import WITH_COLUMNS


class SourceDocument(Kept):
    """The paper that a matrix was taken from; ``remark`` says where it contradicts itself."""

    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="source_documents")
    title = NameField(_("title"), max_length=300)
    remark = models.CharField(_("remark"), max_length=500, blank=True)
    is_exhaustive = models.BooleanField(_("the list is exhaustive"), default=False)
    dated_on = models.DateField(_("date"), null=True, blank=True, validators=DATE_VALIDATORS)
    submission_id = models.UUIDField(null=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("source document")
        verbose_name_plural = _("source documents")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return self.cluster.get_absolute_url()


class ProposalGroup(Kept):
    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="proposal_groups")
    position = models.PositiveSmallIntegerField(default=0)
    name = NameField(_("name"), max_length=120)
    name_key = NameKeyField(of="name")

    class Meta:
        verbose_name = _("proposal group")
        verbose_name_plural = _("proposal groups")
        ordering = ["position", "pk"]
        constraints = [
            UniqueName(fields=["cluster", "name_key"], name="proposal_group_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return self.cluster.get_absolute_url()


class ProposalQuerySet(WatchedQuerySet["Proposal"]):
    def standing(self) -> Self:
        """Without the retired ones."""
        return self.filter(retired_on=None)


class Proposal(Versioned):
    """One proposal; a retired one keeps its answers but takes no new ones."""

    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="proposals")
    group = models.ForeignKey(ProposalGroup, on_delete=models.PROTECT, related_name="proposals")
    number = models.PositiveSmallIntegerField(_("number"))
    title = NameField(_("title"), max_length=300)
    source = models.ForeignKey(
        SourceDocument, null=True, blank=True, on_delete=models.SET_NULL, related_name="proposals"
    )
    concerned = models.CharField(
        _("whom it concerns"), max_length=30, choices=Concerned, default=Concerned.ALL
    )
    retired_on = models.DateField(
        _("retired on"), null=True, blank=True, validators=DATE_VALIDATORS
    )
    # The proposal of another cluster that it was copied from.
    copied_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="copies"
    )
    submission_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["group__position", "number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "number"],
                condition=Q(retired_on=None),
                name="proposal_number_once_a_cluster",
            ),
            models.CheckConstraint(
                condition=Q(concerned__in=Concerned.values), name="proposal_concerned_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return self.cluster.get_absolute_url()


class PositionQuerySet(models.QuerySet["Position"]):
    def answered(self) -> Self:
        return self.exclude(state__in=NOT_ANSWERED)

    def concerned(self) -> Self:
        """Those of the authorities that the proposals concern, as ``concerned.py`` says."""
        found = Q()
        for kind, values in WITH_COLUMNS.items():
            found |= Q(authority__kind=kind, proposal__concerned__in=values)
        return self.filter(found)


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


class Theme(models.Model):
    """A subject across authorities, such as smoking cessation or "Lær at tackle"."""

    name = NameField(_("name"), max_length=80, db_collation=DANISH)
    name_key = NameKeyField(of="name")
    slug = models.SlugField(_("address"), unique=True)

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["name"]
        constraints = [UniqueName(fields=["name_key"], name="theme_name_once")]

    def __str__(self) -> str:
        return self.name


class AuthorityNote(Versioned):
    """A note below the table, with or without a line in it."""

    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="notes")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="notes")
    division = models.CharField(_("division"), max_length=12, choices=Division, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    heading = NameField(_("heading"), max_length=160)
    text = models.TextField(_("text"), max_length=10_000)
    link = LinkField(_("link"), max_length=500, blank=True)
    submission_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = WatchedQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.heading

    def get_absolute_url(self) -> str:
        return f"{self.cluster.get_absolute_url()}#u-{self.pk}"


class EffortQuerySet(DatedQuerySet["Effort"]):
    def standing(self) -> Self:
        """Without those that were removed."""
        return self.filter(removed_at=None)

    def overdue(self, today: dt.date) -> Self:
        """Those whose ``step_is_overdue``."""
        return self.filter(next_step_on__lt=today).exclude(state=EffortState.DISCONTINUED)

    def removed_from(self, proposals: Iterable[int], column: ClusterMembership) -> Self:
        """Those of the column that were removed from the cells of the proposals, latest first."""
        places = EffortProposal.objects.filter(effort=OuterRef("pk"), proposal__in=proposals)
        mine = self.filter(cluster=column.cluster, authority=column.authority)
        return mine.exclude(removed_at=None).filter(Exists(places)).order_by("-removed_at", "pk")

    def with_cell(self) -> Self:
        """Those in a proposal that is not retired; ``cell_proposal`` is the key of the first."""
        places = EffortProposal.objects.standing().filter(effort=OuterRef("pk"))
        first = places.order_by("proposal__group__position", "proposal__number")
        return self.annotate(cell_proposal=Subquery(first.values("proposal")[:1])).exclude(
            cell_proposal=None
        )


class Effort(Dated, Versioned):
    """One effort of an authority; it may serve several proposals of the cluster.

    ``text`` is the short line in the cell, ``note`` more about this very effort, ``explained_by``
    the authority's note below the table. After its last day (``valid_until``) it shows as expired.
    ``responsible`` is a role or department, ``next_step`` what it does next, ``next_step_on`` by
    when at the latest.
    """

    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="efforts")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="efforts")
    proposals = models.ManyToManyField(Proposal, through="EffortProposal", related_name="efforts")
    text = NameField(_("effort"), max_length=300, validators=[MinLengthValidator(2)])
    note = models.TextField(_("more about it"), max_length=10_000, blank=True)
    explained_by = models.ForeignKey(
        AuthorityNote, null=True, blank=True, on_delete=models.SET_NULL, related_name="efforts"
    )
    state = models.CharField(
        _("state"), max_length=15, choices=EffortState, default=EffortState.RUNNING
    )
    division = models.CharField(_("division"), max_length=12, choices=Division, blank=True)
    link = LinkField(_("link"), max_length=500, blank=True)
    themes = models.ManyToManyField(Theme, related_name="efforts", blank=True)
    # Their names as they were saved: the history of a row does not know its relations.
    theme_text = models.TextField(_("themes"), blank=True, editable=False)
    initiative = models.ForeignKey(
        Initiative, null=True, blank=True, on_delete=models.SET_NULL, related_name="efforts"
    )
    responsible = models.CharField(_("responsible"), max_length=120, blank=True)
    next_step = models.CharField(_("next step"), max_length=300, blank=True)
    next_step_on = models.DateField(
        _("next step by"), null=True, blank=True, validators=DATE_VALIDATORS
    )
    removed_at = models.DateTimeField(null=True, editable=False)

    objects = EffortQuerySet.as_manager()

    class Meta:
        verbose_name = _("effort")
        verbose_name_plural = _("efforts")
        constraints = [
            Dated.dates_in_order("effort_dates_in_order"),
            models.CheckConstraint(condition=~Q(text=""), name="effort_has_a_text"),
            models.CheckConstraint(
                condition=Q(state__in=EffortState.values), name="effort_state_known"
            ),
            models.CheckConstraint(
                condition=Q(next_step_on=None) | ~Q(next_step=""), name="effort_date_of_a_step"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return self.cluster.get_absolute_url()

    def has_expired(self, today: dt.date) -> bool:
        return self.valid_until is not None and self.valid_until < today

    def step_is_overdue(self, today: dt.date) -> bool:
        """Whether its next step should have been taken; nobody waits for one that was stopped."""
        is_past = self.next_step_on is not None and self.next_step_on < today
        return is_past and self.state != EffortState.DISCONTINUED


class EffortProposalQuerySet(models.QuerySet["EffortProposal"]):
    def standing(self) -> Self:
        """Places of efforts that were not removed, in proposals that are not retired."""
        return self.filter(effort__removed_at=None, proposal__retired_on=None)

    def expired(self, today: dt.date) -> Self:
        """Places of efforts past their last day that do not say that they were discontinued."""
        return self.filter(effort__valid_until__lt=today).exclude(
            effort__state=EffortState.DISCONTINUED
        )


class EffortProposal(Kept):
    """An effort's place in the cell of one proposal."""

    effort = models.ForeignKey(Effort, on_delete=models.CASCADE, related_name="places")
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="places")
    position = models.PositiveSmallIntegerField(default=0)

    objects = EffortProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal that an effort answers")
        verbose_name_plural = _("proposals that efforts answer")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["effort", "proposal"], name="effort_once_a_proposal"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal}: {self.effort}"


class RefusedSave(models.Model):
    """A save of a cell that was refused because somebody had saved it since it was opened.

    No text is kept, and what is older than ``refused_saves.KEPT`` goes.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now, db_index=True, editable=False)

    class Meta:
        verbose_name = _("refused save")
        verbose_name_plural = _("refused saves")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.proposal} · {self.authority}"
