"""The rows of the matrix: what Rådet for Socialt Udsatte proposes, in groups."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from krams.danish.names import NameField, NameKeyField, UniqueName
from krams.history.models import DATE_VALIDATORS
from krams.models import Cluster, Kept, Versioned


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


class ProposalQuerySet(models.QuerySet):
    def standing(self):
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
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return self.cluster.get_absolute_url()
