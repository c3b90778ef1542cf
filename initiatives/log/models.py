"""The activity log: what was held or cancelled. Counts only, never who took part."""

from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from krams.danish.names import NameField
from krams.database.watched import WatchedQuerySet
from krams.history.models import DATE_VALIDATORS
from krams.models import Facility, User, Versioned
from krams.people.permissions import REGISTERING

from ..documents.models import Initiative
from ..enums import ActivitySource, CancellationReason, Outcome
from ..fields import FactorSetField, is_factor_set
from ..plans.models import MOST_MINUTES, ActivityType
from ..sustain.weeks import HELD
from .registration import Told

MOST_PARTICIPANTS = 999
# Of rows without a number nobody knows that nobody came.
WITH_SOMEBODY = Q(participant_count__gt=0) | Q(participant_count=None)


class ActivityQuerySet(WatchedQuerySet["Activity"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(facility__in=Facility.objects.visible_to(user))

    def correctable_by(self, user: User) -> Self:
        """Who may register at a facility may correct its log; the history says who did."""
        return self.filter(facility__in=Facility.objects.reached_by(user, REGISTERING))

    def standing(self) -> Self:
        """Without those that were removed."""
        return self.filter(removed_at=None)

    def for_facility(self, facility: Facility) -> Self:
        return self.filter(facility=facility)

    def held(self) -> Self:
        """Held with somebody: where nobody came, nothing was held."""
        return self.filter(WITH_SOMEBODY, outcome=Outcome.HELD)

    def with_fate(self) -> Self:
        """``fate``: ``HELD``, or why it was not. Whoever judges plans reads this."""
        is_held = Q(outcome=Outcome.HELD)
        return self.annotate(
            fate=Case(
                When(is_held & WITH_SOMEBODY, then=Value(HELD)),
                When(is_held, then=Value(CancellationReason.NO_INTEREST.value)),
                default=F("cancellation_reason"),
            )
        )


class Activity(Told, Versioned):
    """One registration. It belongs to the day it was held, whenever it was written up.

    ``factors`` are copied from the type or plan, so that a later change of the list does not
    rewrite what was done. ``submission_id`` comes with the form: a second POST makes no second row.
    """

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="activities")
    # An index of both says which types a facility has in its log.
    activity_type = models.ForeignKey(
        ActivityType, on_delete=models.PROTECT, related_name="activities", db_index=False
    )
    planned_activity = models.ForeignKey(
        "PlannedActivity",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="activities",
    )
    initiative = models.ForeignKey(
        Initiative, null=True, blank=True, on_delete=models.PROTECT, related_name="activities"
    )
    title = NameField(_("name"), max_length=120)
    factors = FactorSetField(_("factors"))
    held_on = models.DateField(_("date"), validators=DATE_VALIDATORS)
    started_at = models.TimeField(_("time"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    participant_count = models.PositiveSmallIntegerField(
        _("participants"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(MOST_PARTICIPANTS)],
    )
    duration_minutes = models.PositiveSmallIntegerField(
        _("minutes"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MINUTES)],
    )
    cancellation_reason = models.CharField(
        _("reason for cancelling"), max_length=20, choices=CancellationReason, blank=True
    )
    cancellation_text = models.CharField(_("other reason"), max_length=200, blank=True)
    note = models.TextField(_("remark"), max_length=1000, blank=True)
    source = models.CharField(
        max_length=10, choices=ActivitySource, default=ActivitySource.PORTAL, editable=False
    )
    registered_by = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    registered_at = models.DateTimeField(auto_now_add=True)
    submission_id = models.UUIDField(null=True, editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)

    objects = ActivityQuerySet.as_manager()
    # Of those that ``with_fate`` gives.
    fate: str

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["-held_on", "-started_at", "-pk"]
        indexes = [
            models.Index(fields=["facility", "-registered_at", "-id"], name="activity_latest"),
            models.Index(fields=["facility", "-held_on", "-id"], name="activity_log_order"),
            models.Index(fields=["planned_activity", "held_on"], name="activity_of_plan"),
            models.Index(fields=["activity_type", "facility"], name="activity_of_type"),
        ]
        constraints = [
            is_factor_set("factors", "activity_factors_known"),
            models.UniqueConstraint(
                fields=["facility", "submission_id"],
                condition=Q(submission_id__isnull=False),
                name="activity_once_a_submission",
            ),
            models.CheckConstraint(
                condition=Q(
                    outcome=Outcome.HELD,
                    participant_count__range=(0, MOST_PARTICIPANTS),
                    cancellation_reason="",
                )
                | (
                    Q(outcome=Outcome.CANCELLED, participant_count=None)
                    & Q(cancellation_reason__in=CancellationReason.values)
                ),
                name="activity_held_with_count_or_cancelled_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(duration_minutes=None) | Q(duration_minutes__range=(1, MOST_MINUTES)),
                name="activity_minutes_in_range",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("initiatives:activity", args=[self.facility.slug, self.pk])

    def said_before(self) -> dict[str, Any]:
        """What belongs to the other outcome, as it last was; the minutes of a plan are the plan's.

        Correcting "held" to "cancelled" and back must not lose what was written.
        """
        if self.outcome == Outcome.HELD:
            names = ("cancellation_reason", "cancellation_text")
        else:
            names = ("participant_count", "duration_minutes")
        before = self.history.exclude(outcome=self.outcome).order_by("-history_id").first()
        values = {name: getattr(before, name) for name in names} if before else {}
        if "duration_minutes" in names and not values.get("duration_minutes"):
            plan = self.planned_activity
            values["duration_minutes"] = plan.duration_minutes if plan else None
        return values
