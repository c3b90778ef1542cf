"""A matrix that was taken in from a document, kept until somebody has gone through all of it."""

from typing import Any, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from krams.models import Authority, Cluster, User

from ..access import editable_columns
from .units import ACCEPT, SKIP


class DraftState(models.TextChoices):
    OPEN = "open", _("Being gone through")
    APPLIED = "applied", _("Taken in")
    UNDONE = "undone", _("Undone")
    DROPPED = "dropped", _("Thrown away")


class ImportDraftQuerySet(models.QuerySet["ImportDraft"]):
    def visible_to(self, user: User) -> Self:
        """To the coordinators of its cluster; a single column also to who may fill that in."""
        column = editable_columns(user).filter(
            cluster=OuterRef("cluster"), authority=OuterRef("authority")
        )
        return self.filter(
            Q(cluster__in=Cluster.objects.coordinated_by(user))
            | Q(authority__isnull=False) & Exists(column)
        )


class ImportDraft(models.Model):
    """What was read of one document, and what became of it.

    ``reading`` never changes; what people decide about its cells are rows of their own. With
    ``authority`` it is about that column alone. What it wrote carries the time ``applied_at`` in
    the history of the matrix, by which it is undone.
    """

    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="import_drafts")
    authority = models.ForeignKey(
        Authority, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    file_name = models.CharField(_("file"), max_length=120, blank=True)
    reading = models.JSONField(encoder=DjangoJSONEncoder)
    # By their numbers: to whom the person said that a column belongs, and a row to which proposal.
    placed_columns = models.JSONField(default=dict)
    placed_rows = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=10, choices=DraftState, default=DraftState.OPEN)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    applied_at = models.DateTimeField(null=True)
    applied_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    # Cells that an undo left as they are, since somebody had changed them.
    kept_cells = models.JSONField(default=list)
    submission_id = models.UUIDField(unique=True, editable=False)

    objects = ImportDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of a document")
        verbose_name_plural = _("imports of documents")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=DraftState.values), name="import_draft_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[DraftState.OPEN, DraftState.DROPPED], applied_at=None)
                | Q(state__in=[DraftState.APPLIED, DraftState.UNDONE], applied_at__isnull=False),
                name="import_draft_applied_at",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name or str(_("A pasted table"))

    def get_absolute_url(self) -> str:
        return reverse("clusters:import", args=[self.cluster.slug, self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == DraftState.OPEN


class ImportDecision(models.Model):
    """What somebody decided about one cell or note of a draft.

    ``seen`` are the versions that stood in the matrix then, ``edited`` the answer where it was put
    otherwise than it was read.
    """

    draft = models.ForeignKey(ImportDraft, on_delete=models.CASCADE, related_name="decisions")
    key = models.CharField(max_length=30)
    choice = models.CharField(max_length=10, choices=[(ACCEPT, ACCEPT), (SKIP, SKIP)])
    edited: Any = models.JSONField(null=True)
    seen = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    decided_at = models.DateTimeField(auto_now=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("choice in an import")
        verbose_name_plural = _("choices in imports")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "key"], name="import_decision_once"),
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.key}: {self.choice}"
