"""Frozen editions of a matrix, for the political cluster meeting."""

from typing import Any, NoReturn, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from krams.history.models import DATE_VALIDATORS
from krams.models import Cluster, User


class EditionQuerySet(models.QuerySet["Edition"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(cluster__in=Cluster.objects.visible_to(user))


class Edition(models.Model):
    """The matrix as it was when it was frozen.

    Nothing but its withdrawal can change, and that once: triggers in the migrations refuse every
    other update and every delete. A correction is a new edition.
    """

    cluster = models.ForeignKey(Cluster, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField(_("number"), editable=False)
    title = models.CharField(_("title"), max_length=200)
    meeting = models.CharField(_("meeting"), max_length=200)
    meeting_on = models.DateField(_("date of the meeting"), validators=DATE_VALIDATORS)
    content = models.JSONField(editable=False)
    frozen_at = models.DateTimeField(auto_now_add=True)
    frozen_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    # Kept as text beside the account: the account may go, the edition stays.
    frozen_by_name = models.CharField(max_length=120, editable=False)
    submission_id = models.UUIDField(unique=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_reason = models.CharField(_("reason for withdrawal"), max_length=300, blank=True)

    objects = EditionQuerySet.as_manager()
    # Of the content, in those that ``editions_of`` gives.
    authorities: list[dict[str, Any]]

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["cluster", "number"], name="edition_number_once"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_reason="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason=""),
                name="edition_withdrawn_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return gettext("Edition %(number)s: %(title)s") % {
            "number": self.number,
            "title": self.title,
        }

    def get_absolute_url(self) -> str:
        return reverse("clusters:edition", args=[self.cluster.slug, self.number])

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Editions stay; one that should not be used is withdrawn."""
        raise models.ProtectedError("An edition is never deleted.", {self})
