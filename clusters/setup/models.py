"""Which cluster followed which: sundhedsklynger give way to sundhedsråd on 1 January 2027."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from krams.models import Authority, Cluster, Kept


class Succession(Kept):
    """Columns that were taken along from a cluster into the one that follows it.

    A cluster that is divided has several successors, a merged one several predecessors, and one
    may take columns along more than once.
    """

    predecessor = models.ForeignKey(
        Cluster, on_delete=models.PROTECT, related_name="successions", verbose_name=_("from")
    )
    successor = models.ForeignKey(
        Cluster, on_delete=models.PROTECT, related_name="inheritances", verbose_name=_("to")
    )
    authorities = models.ManyToManyField(Authority, related_name="+", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    submission_id = models.UUIDField(unique=True, editable=False)

    class Meta:
        verbose_name = _("succession")
        verbose_name_plural = _("successions")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")), name="successor_is_another_cluster"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"
