"""The weekly plan: which kinds of activity there are, and what a facility means to do, and when."""

import datetime as dt
from collections.abc import Iterable
from typing import Protocol, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import Combinable
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from krams.danish.names import DANISH, NameField, NameKeyField, UniqueName
from krams.database.watched import WatchedQuerySet
from krams.history.models import DATE_VALIDATORS
from krams.models import Authority, Facility, User, Versioned

from ..documents.models import Initiative
from ..enums import WEEKDAY_SETS, Factor, Repeats
from ..fields import FactorSetField, factors_of, is_factor_set
from ..sustain.expected import Pause, Plan
from ..weekdays import rhythm_days, weekday_names

MOST_TIMES_A_WEEK = 35
NOT_FORTNIGHTLY = [one.value for one in Repeats if one != Repeats.FORTNIGHTLY]
# A day has no more.
MOST_MINUTES = 1440


class ActivityTypeQuerySet(WatchedQuerySet["ActivityType"]):
    def choosable_in(self, municipality: Authority | int) -> Self:
        """The municipality's own types that are offered, and the common ones: ``own_or_common``."""
        return self.filter(Q(municipality=municipality) | Q(municipality=None), retired=False)


class ActivityType(Versioned):
    """A kind of activity and the factors that it serves; an editable list per municipality.

    Rows without a municipality are the defaults that a municipality begins with.
    """

    municipality = models.ForeignKey(
        Authority, null=True, blank=True, on_delete=models.CASCADE, related_name="activity_types"
    )
    name = NameField(_("name"), max_length=120, db_collation=DANISH)
    name_key = NameKeyField(of="name")
    factors = FactorSetField(_("factors"))
    position = models.PositiveSmallIntegerField(default=0)
    retired = models.BooleanField(_("no longer offered"), default=False)
    # Which default a municipality's own row began as: so that a plan copied from another
    # municipality finds its type there, whatever it has been renamed to.
    copied_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="copies"
    )
    submission_id = models.UUIDField(null=True, editable=False)

    objects = ActivityTypeQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity type")
        verbose_name_plural = _("activity types")
        ordering = ["position", "name", "pk"]
        constraints = [
            UniqueName(
                fields=["municipality", "name_key"], name="activity_type_once_a_municipality"
            ),
            UniqueName(
                fields=["name_key"],
                condition=Q(municipality=None),
                name="activity_type_once_among_the_defaults",
            ),
            models.UniqueConstraint(
                fields=["municipality", "submission_id"],
                condition=Q(submission_id__isnull=False),
                name="activity_type_once_a_submission",
            ),
            is_factor_set("factors", "activity_type_factors_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        if self.municipality is None:
            return ""
        return reverse("initiatives:types", args=[self.municipality.slug])

    @property
    def factor_list(self) -> tuple[Factor, ...]:
        return factors_of(self.factors)


class Resting(Protocol):
    """A pause, read in whatever way."""

    @property
    def starts_on(self) -> dt.date: ...
    @property
    def restarts_on(self) -> dt.date | None: ...
    @property
    def reason(self) -> str: ...
    @property
    def facility_pause_id(self) -> int | None: ...


class PlannedActivityQuerySet(WatchedQuerySet["PlannedActivity"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(facility__in=Facility.objects.visible_to(user))

    def managed_by(self, user: User) -> Self:
        """Whose weekly plan the person may change."""
        return self.filter(facility__in=Facility.objects.managed_by(user))

    def in_force(self, first: dt.date, last: dt.date | None = None) -> Self:
        """Plans that run on some day from ``first`` to ``last`` (the same day unless told)."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=first), starts_on__lte=last or first)

    def knowing(self, **columns: Combinable) -> Self:
        """Each row with further ``columns``, of those that the model names."""
        return self.annotate(**columns)

    def with_pauses(self) -> Self:
        return self.select_related("activity_type").prefetch_related("pauses")


class PlannedActivity(Versioned):
    """An activity in a facility's weekly plan.

    Either fixed ``weekdays`` (ISO digits, "135" is Monday, Wednesday, Friday) with an optional
    time, or ``times_per_week`` on no fixed day. Weekdays have their turn as ``repeats`` says; of
    every other week ``anchor`` is a day of a week that has it. Public holidays count as planned
    only ``on_holidays``. A new rhythm is a new row that ``replaces`` the
    old one, so that what was expected of earlier weeks stays what it was.
    """

    facility = models.ForeignKey(
        Facility, on_delete=models.PROTECT, related_name="planned_activities"
    )
    activity_type = models.ForeignKey(
        ActivityType,
        on_delete=models.PROTECT,
        related_name="planned_activities",
        verbose_name=_("activity type"),
    )
    title = NameField(_("name, if not that of the type"), max_length=120, blank=True)
    factors = FactorSetField(_("factors"))
    initiative = models.ForeignKey(
        Initiative,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="planned_activities",
        verbose_name=_("initiative"),
    )
    weekdays = models.CharField(_("weekdays"), max_length=7, blank=True)
    times_per_week = models.PositiveSmallIntegerField(
        _("times a week"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_TIMES_A_WEEK)],
    )
    repeats = models.CharField(_("repeats"), max_length=10, choices=Repeats, default=Repeats.WEEKLY)
    anchor = models.DateField(
        _("every other week, counted from"), null=True, blank=True, validators=DATE_VALIDATORS
    )
    on_holidays = models.BooleanField(_("also on public holidays"), default=False)
    start_time = models.TimeField(_("time"), null=True, blank=True)
    duration_minutes = models.PositiveSmallIntegerField(
        _("minutes"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MINUTES)],
    )
    responsible_role = NameField(_("responsible (a role)"), max_length=80, blank=True)
    starts_on = models.DateField(_("start"), validators=DATE_VALIDATORS)
    ends_on = models.DateField(_("end"), null=True, blank=True, validators=DATE_VALIDATORS)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replacement"
    )
    copied_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="copies"
    )
    submission_id = models.UUIDField(null=True, editable=False)

    objects = PlannedActivityQuerySet.as_manager()
    # What those who read plans ask for along with them.
    last_held_on: dt.date | None
    last_count: int | None
    may_log: bool
    may_manage: bool
    agenda_item: int | None
    agenda_meeting: int | None
    agenda_on: dt.date | None
    # The id and the version of a pause (``sustain.queries.read_plans``).
    current_pause: tuple[int, int]

    class Meta:
        verbose_name = _("planned activity")
        verbose_name_plural = _("planned activities")
        ordering = ["start_time", "pk"]
        constraints = [
            is_factor_set("factors", "planned_activity_factors_known"),
            models.CheckConstraint(
                condition=Q(weekdays="", times_per_week__isnull=False)
                | Q(weekdays__in=WEEKDAY_SETS, times_per_week=None),
                name="planned_activity_weekdays_or_times",
                violation_error_message=_("Choose weekdays, or write how many times a week."),
            ),
            models.CheckConstraint(
                condition=Q(times_per_week=None) | Q(times_per_week__range=(1, MOST_TIMES_A_WEEK)),
                name="planned_activity_times_in_range",
            ),
            models.CheckConstraint(
                condition=Q(repeats=Repeats.WEEKLY) | Q(times_per_week=None),
                name="planned_activity_rarer_needs_weekdays",
                violation_error_message=_("Another rhythm than every week needs weekdays."),
            ),
            models.CheckConstraint(
                condition=Q(repeats=Repeats.FORTNIGHTLY, anchor__isnull=False)
                | Q(repeats__in=NOT_FORTNIGHTLY, anchor=None),
                name="planned_activity_anchor_of_a_fortnight",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="planned_activity_end_after_start",
                violation_error_message=_("The end lies before the start."),
            ),
            models.UniqueConstraint(
                fields=["facility", "submission_id"],
                condition=Q(submission_id__isnull=False),
                name="planned_activity_once_a_submission",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.activity_type.name

    @property
    def factor_list(self) -> tuple[Factor, ...]:
        return factors_of(self.factors)

    @property
    def weekday_list(self) -> tuple[int, ...]:
        return tuple(int(digit) for digit in self.weekdays)

    @property
    def weekday_names(self) -> str:
        """The fixed weekdays as people say them; "" for a plan that has none."""
        return weekday_names(self.weekdays)

    @property
    def rhythm_days(self) -> str:
        """The same with the weeks in which they have their turn: "Every other week: Monday"."""
        return rhythm_days(self.weekdays, self.repeats)

    def get_absolute_url(self) -> str:
        plan = reverse("initiatives:plan", args=[self.facility.slug])
        return f"{plan}#plan-{self.pk}"

    def as_plan(self, pauses: Iterable[Resting] | None = None) -> Plan:
        """The plan as it is judged; needs ``pauses`` given, or fetched along."""
        return Plan(
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            weekdays=self.weekday_list,
            times_per_week=self.times_per_week,
            pauses=tuple(
                Pause(
                    pause.starts_on,
                    pause.restarts_on,
                    pause.reason,
                    pause.facility_pause_id is not None,
                )
                for pause in (self.pauses.all() if pauses is None else pauses)
            ),
            repeats=self.repeats,
            anchor=self.anchor,
            on_holidays=self.on_holidays,
        )


class FacilityPause(Versioned):
    """A whole facility rests: moving, illness, summer. Each of its plans has pauses of its own.

    They are made and taken away together, so that whoever reads a plan need not know of the
    facility; what a plan is paused for otherwise stands beside it. ``restarts_on`` is the first
    day that they run again.
    """

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="pauses")
    starts_on = models.DateField(_("from"), validators=DATE_VALIDATORS)
    restarts_on = models.DateField(
        _("starts again on"), null=True, blank=True, validators=DATE_VALIDATORS
    )
    reason = models.CharField(_("reason"), max_length=300)
    submission_id = models.UUIDField(null=True, editable=False)

    objects = WatchedQuerySet.as_manager()

    class Meta:
        verbose_name = _("pause of the whole facility")
        verbose_name_plural = _("pauses of the whole facility")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(restarts_on=None) | Q(restarts_on__gt=F("starts_on")),
                name="facility_pause_restarts_after_start",
                violation_error_message=_("The pause ends before it starts."),
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="facility_pause_has_a_reason"),
            models.UniqueConstraint(
                fields=["facility", "submission_id"],
                condition=Q(submission_id__isnull=False),
                name="facility_pause_once_a_submission",
            ),
        ]

    def __str__(self) -> str:
        return self.reason

    def get_absolute_url(self) -> str:
        return reverse("initiatives:plan", args=[self.facility.slug])


class PlanPause(Versioned):
    """A plan rests from ``starts_on``; ``restarts_on`` is the first day that it runs again.

    ``facility_pause``: it does so with the whole facility.
    """

    planned_activity = models.ForeignKey(
        PlannedActivity, on_delete=models.CASCADE, related_name="pauses"
    )
    facility_pause = models.ForeignKey(
        FacilityPause,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="plan_pauses",
        verbose_name=_("with the whole facility"),
    )
    starts_on = models.DateField(_("from"), validators=DATE_VALIDATORS)
    restarts_on = models.DateField(
        _("starts again on"), null=True, blank=True, validators=DATE_VALIDATORS
    )
    reason = models.CharField(_("reason"), max_length=300)
    submission_id = models.UUIDField(null=True, editable=False)

    objects = WatchedQuerySet.as_manager()

    class Meta:
        verbose_name = _("pause in the plan")
        verbose_name_plural = _("pauses in the plan")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(restarts_on=None) | Q(restarts_on__gt=F("starts_on")),
                name="pause_restarts_after_start",
                violation_error_message=_("The pause ends before it starts."),
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="pause_has_a_reason"),
            models.UniqueConstraint(
                fields=["planned_activity", "submission_id"],
                condition=Q(submission_id__isnull=False),
                name="pause_once_a_submission",
            ),
        ]

    def __str__(self) -> str:
        return self.reason

    def get_absolute_url(self) -> str:
        return self.planned_activity.get_absolute_url()
