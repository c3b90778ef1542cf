"""Who changed which section of an initiative, when and why."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from krams.models import User

from .models import Initiative

LONGEST_REASON = 300


class SectionChange(models.Model):
    """What one save did to one section, as text before and after; rows are only ever added.

    A section may hold fields, goals and rows of several tables, each with a history of its own.
    This journal puts the one save together again, so that the page of changes, a comparison of
    two versions, and the question "has this section changed since version 7?" are one query each.
    ``version`` is the initiative's version that the save made.
    """

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="changes")
    version = models.PositiveIntegerField()
    section = models.CharField(max_length=30)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON, blank=True)
    saved_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("change of a section")
        verbose_name_plural = _("changes of sections")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["initiative", "version"], name="one_change_a_version"),
        ]

    def __str__(self) -> str:
        return f"{self.section} {self.version}"
