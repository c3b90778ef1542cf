"""Success criteria: a common indicator, each facility's own baseline and target, and what came."""

from typing import TYPE_CHECKING, Any, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from krams.danish.names import NameField
from krams.database.watched import WatchedQuerySet
from krams.history.models import DATE_VALIDATORS
from krams.models import Facility, User, Versioned

from ..documents.models import Initiative
from ..enums import (
    AssessmentLevel,
    Direction,
    Factor,
    FigureAbout,
    Frequency,
    IndicatorKind,
    LogMeasure,
)
from ..fields import FactorSetField, factors_of, is_factor_set
from .bounds import Bounds, bounds_of, is_average

if TYPE_CHECKING:
    # Known to mypy alone: an installation has no stubs.
    from django_stubs_ext import StrPromise


def figure(label: "str | StrPromise", **options: Any) -> models.DecimalField:
    """A measured figure: up to ten digits before and four after the comma."""
    return models.DecimalField(label, max_digits=14, decimal_places=4, **options)


class SuccessCriterion(Versioned):
    """One criterion in the document's wording; a compound one has several indicators."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="criteria")
    number = models.PositiveSmallIntegerField(_("number"))
    title = NameField(_("criterion"), max_length=300)
    short_title = NameField(_("short name"), max_length=60)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    factors = FactorSetField(_("factors"))
    # A retired one keeps its figures and assessments, and its number until another has that.
    retired = models.BooleanField(_("no longer followed"), default=False)
    submission_id = models.UUIDField(null=True, editable=False)

    objects = WatchedQuerySet.as_manager()

    class Meta:
        verbose_name = _("success criterion")
        verbose_name_plural = _("success criteria")
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "number"],
                condition=Q(retired=False),
                name="criterion_number_once",
            ),
            models.UniqueConstraint(
                fields=["initiative", "submission_id"],
                condition=Q(submission_id__isnull=False),
                name="criterion_once_a_submission",
            ),
            is_factor_set("factors", "criterion_factors_known"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        criteria = reverse("initiatives:criteria", args=[self.initiative_id])
        return f"{criteria}#kriterium-{self.pk}"

    @property
    def factor_list(self) -> tuple[Factor, ...]:
        return factors_of(self.factors)


class Indicator(Versioned):
    """What is measured, defined once for all facilities.

    ``unit`` is what stands behind the figure ("%", "gange om ugen"); ``log_measure`` and
    ``log_factor`` say what an indicator of kind LOG counts per week. ``minimum`` and ``maximum``
    bound what may be entered, for the kind VALUE; the other kinds have bounds by nature. ``about``
    is told for that kind too: what nobody has said anything of is taken to be about people.
    """

    criterion = models.ForeignKey(
        SuccessCriterion, on_delete=models.CASCADE, related_name="indicators"
    )
    position = models.PositiveSmallIntegerField(default=0)
    name = NameField(_("what is measured"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=IndicatorKind)
    direction = models.CharField(_("direction"), max_length=10, choices=Direction)
    unit = NameField(_("unit"), max_length=40, blank=True)
    frequency = models.CharField(
        _("how often"), max_length=12, choices=Frequency, default=Frequency.QUARTERLY
    )
    about = models.CharField(
        _("what the figure is about"),
        max_length=10,
        choices=FigureAbout,
        default=FigureAbout.PEOPLE,
        db_default=FigureAbout.PEOPLE,
    )
    log_measure = models.CharField(max_length=15, choices=LogMeasure, blank=True)
    log_factor = models.CharField(max_length=1, choices=Factor, blank=True)
    minimum = figure(_("smallest possible value"), null=True, blank=True)
    maximum = figure(_("largest possible value"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    starts_on = models.DateField(_("measured from"), validators=DATE_VALIDATORS)
    retired = models.BooleanField(_("no longer measured"), default=False)
    submission_id = models.UUIDField(null=True, editable=False)

    objects = WatchedQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=IndicatorKind.LOG, log_factor__in=Factor.values)
                & Q(log_measure__in=LogMeasure.values)
                | ~Q(kind=IndicatorKind.LOG) & Q(log_factor="", log_measure=""),
                name="indicator_from_log_says_what",
            ),
            models.CheckConstraint(
                condition=Q(minimum=None) | Q(maximum=None) | Q(minimum__lt=F("maximum")),
                name="indicator_range_has_room",
                violation_error_message=_("The largest value must lie above the smallest."),
            ),
            models.CheckConstraint(
                condition=Q(kind=IndicatorKind.VALUE) | Q(minimum=None, maximum=None),
                name="indicator_range_of_an_entered_figure",
            ),
            models.UniqueConstraint(
                fields=["criterion", "submission_id"],
                condition=Q(submission_id__isnull=False),
                name="indicator_once_a_submission",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return self.criterion.get_absolute_url()

    @property
    def is_average(self) -> bool:
        return is_average(self.kind, self.about)

    @property
    def bounds(self) -> Bounds:
        """Between which values its figures, baselines and targets lie."""
        return bounds_of(self.kind, self.minimum, self.maximum)

    @property
    def range_text(self) -> str:
        """The range that it was given, for people; empty where there is none."""
        return Bounds(self.minimum, self.maximum).text(self.unit)


class FacilityIndicator(Versioned):
    """A facility's own baseline and target for a common indicator.

    ``followed_on`` is the day on which the facility began to follow it: the day on which somebody
    there saved a baseline, a target or a measurement for the first time.
    """

    indicator = models.ForeignKey(
        Indicator, on_delete=models.CASCADE, related_name="facility_indicators"
    )
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="indicators")
    baseline = figure(_("baseline"), null=True, blank=True)
    baseline_on = models.DateField(null=True, blank=True, validators=DATE_VALIDATORS)
    followed_on = models.DateField(default=timezone.localdate, editable=False)
    target = figure(_("target"), null=True, blank=True)
    target_on = models.DateField(
        _("to be reached by"), null=True, blank=True, validators=DATE_VALIDATORS
    )

    class Meta:
        verbose_name = _("baseline and target")
        verbose_name_plural = _("baselines and targets")
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "facility"], name="facility_indicator_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility}: {self.indicator}"


class Measurement(Versioned):
    """A figure on a day: ``value``, or for a share ``numerator`` of ``denominator`` people.

    A share's ``value`` is its percentage, kept beside the counts that it comes from. ``people`` is
    how many an average is of; those from before it was asked for have none. It is no denominator:
    the code before it takes that for a share's.
    """

    facility_indicator = models.ForeignKey(
        FacilityIndicator, on_delete=models.CASCADE, related_name="measurements"
    )
    measured_on = models.DateField(_("date"), validators=DATE_VALIDATORS)
    value = figure(_("value"))
    numerator = models.PositiveIntegerField(
        _("how many"), null=True, blank=True, validators=[MinValueValidator(0)]
    )
    denominator = models.PositiveIntegerField(
        _("of how many"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    people = models.PositiveIntegerField(
        _("how many are included"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    note = models.CharField(_("remark"), max_length=500, blank=True)
    registered_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    submission_id = models.UUIDField(null=True, unique=True, editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)

    objects = WatchedQuerySet.as_manager()

    class Meta:
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        ordering = ["measured_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility_indicator", "measured_on"],
                condition=Q(removed_at=None),
                name="one_measurement_a_day",
            ),
            models.CheckConstraint(
                condition=Q(numerator=None, denominator=None)
                | Q(denominator__gte=1, numerator__lte=F("denominator")),
                name="measurement_share_is_a_share",
                violation_error_message=_("The part is larger than the whole."),
            ),
            models.CheckConstraint(
                condition=Q(people=None) | Q(people__gte=1, denominator=None),
                name="measurement_average_is_of_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measured_on}: {self.value}"


class AssessmentQuerySet(WatchedQuerySet["Assessment"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(facility__in=Facility.objects.visible_to(user))


class Assessment(Versioned):
    """A manager's assessment of a criterion at a facility; the newest one counts."""

    criterion = models.ForeignKey(
        SuccessCriterion, on_delete=models.CASCADE, related_name="assessments"
    )
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="assessments")
    level = models.CharField(_("assessment"), max_length=15, choices=AssessmentLevel)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    assessed_on = models.DateField(_("date"), validators=DATE_VALIDATORS)
    assessed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["assessed_on", "pk"]
        indexes = [
            models.Index(fields=["criterion", "facility", "-assessed_on"], name="assessment_newest")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=AssessmentLevel.values), name="assessment_level_known"
            ),
        ]

    def __str__(self) -> str:
        return self.get_level_display()

    @property
    def as_level(self) -> AssessmentLevel:
        """The level with its word, tone and symbol."""
        return AssessmentLevel(self.level)
