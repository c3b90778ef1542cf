"""Which digest went to whom: the reason why nobody gets the same week twice."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..enums import DigestOutcome
from ..people.models import User


class DigestSent(models.Model):
    """One digest of one person for one period ("2026-W47" or "2026-11").

    The row is committed as ``SENDING`` before the letter is handed to the mail server, so a crash
    in between can lose a digest but never send it twice. A refusal deletes the row: the next run
    tries again.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="digests")
    period = models.CharField(_("period"), max_length=8)
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=DigestOutcome, default=DigestOutcome.SENDING
    )
    begun_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        ordering = ["-begun_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "period"], name="one_digest_a_period"),
            models.CheckConstraint(
                condition=models.Q(outcome__in=DigestOutcome.values), name="digest_outcome_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.period}"


class Reminded(models.Model):
    """Something that a person was reminded of, so that it is said once.

    ``key`` names the thing and its date ("decision:12:2026-12-03"): another date is another
    reminder.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="reminded_of")
    key = models.CharField(max_length=80)
    posted_on = models.DateField()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="reminded_once_of_a_date"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.key}"
