"""Which steps of getting started a municipality has chosen to leave out, and who chose it."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from krams.models import Authority, User

from .steps import Step


class SkippedStep(models.Model):
    """Everything else about the steps is a fact of its own; this is nobody's but theirs."""

    municipality = models.ForeignKey(
        Authority, on_delete=models.CASCADE, related_name="skipped_steps"
    )
    step = models.CharField(
        _("step"), max_length=20, choices=[(step.value, step.title) for step in Step]
    )
    skipped_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    skipped_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("step left out")
        verbose_name_plural = _("steps left out")
        constraints = [
            models.UniqueConstraint(fields=["municipality", "step"], name="step_skipped_once"),
            models.CheckConstraint(
                condition=models.Q(step__in=[step.value for step in Step]), name="step_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.step
