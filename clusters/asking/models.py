"""What a coordinator asks the editors of some columns for, until when, and who has handed in."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from krams.database.watched import WatchedQuerySet
from krams.history.models import DATE_VALIDATORS
from krams.models import Authority, Cluster, User, Versioned

from ..enums import AskKind, AskScope
from ..matrix.models import Proposal


class AskQuerySet(models.QuerySet["Ask"]):
    def coordinated_by(self, user: User) -> Self:
        """Those of the clusters that the person coordinates: nobody else reads them as a whole."""
        return self.filter(cluster__in=Cluster.objects.coordinated_by(user))


class Ask(Versioned):
    """One request of a coordinator; ``deadline`` is the last day, ``remind_before`` and
    ``remind_after`` are days from it (none: no such reminder)."""

    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="asks")
    kind = models.CharField(_("what is asked for"), max_length=10, choices=AskKind)
    scope = models.CharField(_("which fields"), max_length=10, choices=AskScope)
    text = models.TextField(_("message"), max_length=2_000, blank=True)
    deadline = models.DateField(_("deadline"), validators=DATE_VALIDATORS)
    remind_before = models.PositiveSmallIntegerField(
        _("days before the deadline"), null=True, blank=True
    )
    remind_after = models.PositiveSmallIntegerField(
        _("days after the deadline"), null=True, blank=True
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now, editable=False)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    # Kept as text beside the account: the account may go, the ask stays.
    asked_by_name = models.CharField(_("asked by"), max_length=120, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    submission_id = models.UUIDField(unique=True, editable=False)

    objects = AskQuerySet.as_manager()

    class Meta:
        verbose_name = _("ask")
        verbose_name_plural = _("asks")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=AskKind.values) & Q(scope__in=AskScope.values),
                name="ask_kind_and_scope_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.cluster}, {self.deadline:%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        return reverse("clusters:ask", args=[self.cluster.slug, self.pk])

    @property
    def asked_on(self) -> dt.date:
        """The day in Denmark."""
        return timezone.localdate(self.asked_at)


class AskedColumnQuerySet(WatchedQuerySet["AskedColumn"]):
    def open(self) -> Self:
        """Those that somebody still waits for."""
        return self.filter(ask__withdrawn_at=None, handed_in_at=None)


class AskedColumn(Versioned):
    """The part of an ask that goes to one authority; handed in when its editor says so."""

    ask = models.ForeignKey(Ask, on_delete=models.CASCADE, related_name="columns")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField(_("handed in"), null=True, editable=False)
    handed_in_by = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    handed_in_by_name = models.CharField(
        _("handed in by"), max_length=120, blank=True, editable=False
    )

    objects = AskedColumnQuerySet.as_manager()

    class Meta:
        verbose_name = _("asked authority")
        verbose_name_plural = _("asked authorities")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["ask", "authority"], name="asked_once_an_authority"),
            models.CheckConstraint(
                condition=Q(handed_in_at=None, handed_in_by_name="")
                | Q(handed_in_at__isnull=False) & ~Q(handed_in_by_name=""),
                name="handed_in_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ask} · {self.authority}"

    def get_absolute_url(self) -> str:
        return self.ask.get_absolute_url()

    def form_path(self) -> str:
        """The form that holds exactly the fields that were asked for."""
        path = reverse("clusters:column", args=[self.ask.cluster.slug, self.authority.slug])
        return f"{path}?bed={self.pk}"


class AskedField(models.Model):
    """One proposal that the authority was asked about: fixed when the ask went out."""

    column = models.ForeignKey(AskedColumn, on_delete=models.CASCADE, related_name="fields")
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["column", "proposal"], name="asked_once_a_field"),
        ]

    def __str__(self) -> str:
        return f"{self.column}: {self.proposal}"


class AskedEditor(models.Model):
    """A person who was written to, and the day of the last reminder."""

    column = models.ForeignKey(AskedColumn, on_delete=models.CASCADE, related_name="editors")
    editor = models.ForeignKey(User, on_delete=models.CASCADE, related_name="asks")
    reminded_on = models.DateField(_("reminded"), null=True, editable=False)

    class Meta:
        verbose_name = _("asked editor")
        verbose_name_plural = _("asked editors")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["column", "editor"], name="asked_once_an_editor"),
        ]

    def __str__(self) -> str:
        return f"{self.column}: {self.editor}"
