"""When an authority's editors were asked to confirm, before asks had a deadline."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from krams.models import Authority, Cluster, User


class ConfirmationRequest(models.Model):
    """One e-mail to the editors of one column; ``recipient_count`` are those it was handed to.

    Nothing writes them any more (``clusters/asking``); the page of confirmations still tells them.
    """

    cluster = models.ForeignKey(
        Cluster, on_delete=models.CASCADE, related_name="confirmation_requests"
    )
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_by_name = models.CharField(_("asked by"), max_length=120)
    recipient_count = models.PositiveSmallIntegerField(_("recipients"), default=0)

    class Meta:
        verbose_name = _("request to confirm")
        verbose_name_plural = _("requests to confirm")
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.cluster}, {self.authority}: {self.asked_at:%Y-%m-%d}"
