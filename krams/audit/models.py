"""What is kept of log-ins, exports and rights given: written once, and read."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..enums import AuditKind


class AuditEntry(models.Model):
    """One thing that happened, by whom and about what; never a text that somebody wrote.

    ``about`` names the row ("membership:12") and what it was called, ``authority`` whose
    administrators may read of it. ``address`` is the sender's, shortened to its network. The
    database refuses changes, and the removal of what is younger than 90 days: migration
    ``audit_entries_stay``.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=AuditKind)
    at = models.DateTimeField(_("time"), default=timezone.now, editable=False)
    actor = models.ForeignKey(
        "krams.User",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("by"),
    )
    actor_name = models.CharField(_("by"), max_length=120, blank=True)
    about = models.CharField(_("about"), max_length=200, blank=True)
    authority = models.ForeignKey(
        "krams.Authority",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("authority"),
    )
    details = models.JSONField(_("details"), default=dict)
    address = models.CharField(_("network"), max_length=45, blank=True)

    class Meta:
        verbose_name = _("entry of the audit log")
        verbose_name_plural = _("audit log")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=AuditKind.values), name="audit_kind_known"
            ),
        ]
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_latest"),
            models.Index(fields=["authority", "-at", "-id"], name="audit_latest_of_authority"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind} {self.about}"
