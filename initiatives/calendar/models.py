"""The secret address under which a facility's calendar can be read without a log-in."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from krams.models import Facility, Versioned


class CalendarLink(Versioned):
    """One address a facility; a new one closes the old one.

    Of the secret part only its SHA-256 is kept, None while the address is closed: who reads the
    database cannot open the calendar, and the portal cannot show the address a second time.
    """

    facility = models.OneToOneField(
        Facility, on_delete=models.CASCADE, related_name="calendar_link"
    )
    token_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)
    is_open = models.BooleanField(_("open"), default=True, editable=False)

    class Meta:
        verbose_name = _("address of the calendar")
        verbose_name_plural = _("addresses of the calendar")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_open=True, token_hash__isnull=False)
                | models.Q(is_open=False, token_hash=None),
                name="calendar_link_open_with_a_secret",
            ),
        ]

    def __str__(self) -> str:
        return self.facility.name

    def get_absolute_url(self) -> str:
        return reverse("initiatives:calendar", args=[self.facility.slug])
