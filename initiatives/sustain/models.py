"""The thresholds of a municipality as they are stored; one without a row has the defaults."""

from dataclasses import fields
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from krams.models import Authority, Versioned

from .thresholds import (
    DEFAULT_THRESHOLDS,
    LEAST_RECENT_WEEKS,
    MOST_EARLIER_WEEKS,
    MOST_RECENT_WEEKS,
    LeastChange,
    Thresholds,
)

if TYPE_CHECKING:
    # Known to mypy alone: an installation has no stubs.
    from django_stubs_ext import StrPromise


def _threshold(
    label: "str | StrPromise", name: str, most: int, least: int = 1
) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        label,
        default=getattr(DEFAULT_THRESHOLDS, name),
        validators=[MinValueValidator(least), MaxValueValidator(most)],
    )


class FollowUpSettings(Versioned):
    """Thresholds of one municipality; one without a row has the defaults.

    ``smallest_shown_count`` is the fewest people that a figure may be about and still be shown;
    ask for ``smallest_shown``.
    """

    municipality = models.OneToOneField(
        Authority, on_delete=models.CASCADE, related_name="follow_up_settings"
    )
    holding_percent = _threshold(_("holds from (per cent of the plan)"), "holding_percent", 100)
    drop_points = _threshold(_("fades at a drop of (percentage points)"), "drop_points", 100)
    recent_weeks = _threshold(
        _("weeks that decide"), "recent_weeks", MOST_RECENT_WEEKS, least=LEAST_RECENT_WEEKS
    )
    earlier_weeks = _threshold(
        _("weeks before to compare with"), "earlier_weeks", MOST_EARLIER_WEEKS
    )
    stalled_weeks = _threshold(
        _("weeks without until it has stalled"), "stalled_weeks", MOST_RECENT_WEEKS
    )
    new_weeks = _threshold(_("weeks until it is no longer new"), "new_weeks", MOST_RECENT_WEEKS)
    unknown_percent = _threshold(
        _("not known from (per cent not registered)"), "unknown_percent", 100
    )
    least_people = models.PositiveSmallIntegerField(
        _("a change is at least (people)"),
        default=LeastChange.people,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
    )
    least_points = models.PositiveSmallIntegerField(
        _("a change is at least (percentage points)"),
        default=LeastChange.points,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    smallest_shown_count = models.PositiveSmallIntegerField(
        _("fewest people shown"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
    )

    class Meta:
        verbose_name = _("follow-up settings")
        verbose_name_plural = _("follow-up settings")

    def __str__(self) -> str:
        return str(self.municipality)

    def get_absolute_url(self) -> str:
        return reverse("initiatives:thresholds", args=[self.municipality.slug])

    @classmethod
    def of(cls, municipality: Authority) -> "FollowUpSettings":
        """The municipality's, or the defaults; ``follow_up_settings`` should be fetched along."""
        try:
            return municipality.follow_up_settings
        except cls.DoesNotExist:
            return cls()

    @property
    def smallest_shown(self) -> int:
        """``smallest_shown_count``, or what nobody can go below: ``MINIMUM_COUNT_FLOOR``."""
        return max(self.smallest_shown_count, settings.MINIMUM_COUNT_FLOOR)

    def least_change(self) -> LeastChange:
        return LeastChange(self.least_people, self.least_points)

    def thresholds(self) -> Thresholds:
        return Thresholds(**{field.name: getattr(self, field.name) for field in fields(Thresholds)})
