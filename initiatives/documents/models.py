"""Initiatives with their sections, the policies behind them, and the journal of changes."""

from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from krams.danish.names import DANISH, NameField, NameKeyField, UniqueName
from krams.database.watched import WatchedQuerySet
from krams.history.models import DATE_VALIDATORS
from krams.models import (
    Authority,
    Dated,
    DatedQuerySet,
    Department,
    Facility,
    Kept,
    User,
    Versioned,
)
from krams.people.permissions import MANAGING
from krams.people.queries import memberships

from ..enums import Factor, InitiativeStatus


class Policy(Dated, Versioned):
    """A municipal policy with a period, such as a health policy; an expired one is pointed out."""

    municipality = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="policies")
    title = NameField(_("title"), max_length=200, db_collation=DANISH)
    title_key = NameKeyField(of="title")
    submission_id = models.UUIDField(null=True, editable=False, unique=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        ordering = ["title", "pk"]
        constraints = [
            UniqueName(fields=["municipality", "title_key"], name="policy_title_once"),
            Dated.dates_in_order("policy_dates_in_order"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        slug = self.municipality.slug
        return reverse("initiatives:policies", args=[slug], fragment=f"politik-{self.pk}")

    @property
    def has_expired(self) -> bool:
        return self.valid_until is not None and self.valid_until < timezone.localdate()


class PolicyGoal(Kept):
    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="goals")
    position = models.PositiveSmallIntegerField(default=0)
    text = NameField(_("goal"), max_length=500)

    objects = WatchedQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy goal")
        verbose_name_plural = _("policy goals")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text


class InitiativeQuerySet(WatchedQuerySet["Initiative"]):
    def visible_to(self, user: User) -> Self:
        """Initiatives of a department in which the person has a role, at whatever level."""
        if user.is_superuser:
            return self
        return self.filter(
            Exists(
                memberships(user).filter(
                    Q(department=OuterRef("department"))
                    | Q(authority=OuterRef("department__municipality"))
                    | Q(facility__department=OuterRef("department"))
                )
            )
        )

    def editable_by(self, user: User) -> Self:
        """The department's managers; of a facility's own initiative also that facility's."""
        if user.is_superuser:
            return self
        return self.filter(
            Exists(
                memberships(user, MANAGING).filter(
                    Q(department=OuterRef("department"))
                    | Q(authority=OuterRef("department__municipality"))
                    | Q(facility=OuterRef("facility"))
                )
            )
        )

    def read_by(self, user: User) -> Self:
        """The visible ones with what a page of theirs shows; each knows whether ``may_edit``."""
        editable = Initiative.objects.editable_by(user).filter(pk=OuterRef("pk"))
        return (
            self.visible_to(user)
            .select_related("department__municipality", "facility", "policy")
            .annotate(may_edit=Exists(editable))
        )


class Initiative(Versioned):
    """One KRAMS initiative; its fields are the ten sections of the municipal form.

    It belongs to a department, or to one facility of it, and takes part in ``facilities``.
    The texts per factor, the criteria, economy lines and attention points are rows of their own.
    """

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="initiatives")
    facility = models.ForeignKey(
        Facility,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="own_initiatives",
        verbose_name=_("the facility that owns it"),
    )
    facilities = models.ManyToManyField(Facility, related_name="initiatives", blank=True)
    copied_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="copies"
    )
    submission_id = models.UUIDField(null=True, editable=False, unique=True)

    title = NameField(_("title"), max_length=200, db_collation=DANISH)
    policy = models.ForeignKey(
        Policy, null=True, blank=True, on_delete=models.PROTECT, related_name="initiatives"
    )
    goals = models.ManyToManyField(PolicyGoal, related_name="initiatives", blank=True)
    introduction = models.TextField(_("introduction"), max_length=10_000, blank=True)
    purpose = models.TextField(_("purpose"), max_length=10_000, blank=True)
    target_group = models.TextField(_("target group"), max_length=10_000, blank=True)
    actors = models.TextField(_("actors"), max_length=10_000, blank=True)
    starts_on = models.DateField(_("start"), null=True, blank=True, validators=DATE_VALIDATORS)
    ends_on = models.DateField(_("end"), null=True, blank=True, validators=DATE_VALIDATORS)
    timeline = models.TextField(_("timeline"), max_length=10_000, blank=True)
    economy = models.TextField(_("economic consequences"), max_length=10_000, blank=True)
    criteria_note = models.TextField(_("note on the criteria"), max_length=10_000, blank=True)
    follow_up = models.TextField(_("follow-up"), max_length=10_000, blank=True)

    status = models.CharField(
        _("status"), max_length=10, choices=InitiativeStatus, default=InitiativeStatus.DRAFT
    )
    status_reason = models.CharField(_("reason"), max_length=300, blank=True)
    paused_until = models.DateField(
        _("paused until"), null=True, blank=True, validators=DATE_VALIDATORS
    )

    objects = InitiativeQuerySet.as_manager()
    # Of those that ``read_by`` gives.
    may_edit: bool

    class Meta:
        verbose_name = _("initiative")
        verbose_name_plural = _("initiatives")
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="initiative_end_after_start",
                violation_error_message=_("The end lies before the start."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=InitiativeStatus.values), name="initiative_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status=InitiativeStatus.PAUSED) | ~Q(status_reason=""),
                name="initiative_pause_has_a_reason",
                violation_error_message=_("Write why the initiative is paused."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def state(self) -> InitiativeStatus:
        """The status with its word, tone and symbol."""
        return InitiativeStatus(self.status)

    @property
    def pause_has_run_out(self) -> bool:
        """The day has passed, but nobody has decided what comes next; nothing starts by itself."""
        until = self.paused_until
        is_paused = self.status == InitiativeStatus.PAUSED
        return is_paused and until is not None and until < timezone.localdate()

    @property
    def end_has_passed(self) -> bool:
        """In force beyond its last day: it ends only when somebody decides so."""
        goes_on = self.status in (InitiativeStatus.ACTIVE, InitiativeStatus.PAUSED)
        return goes_on and self.ends_on is not None and self.ends_on < timezone.localdate()

    def get_absolute_url(self) -> str:
        return reverse("initiatives:initiative", args=[self.pk])


class FactorText(Versioned):
    """What an initiative does for one factor; with ``facility``, what that facility does."""

    initiative = models.ForeignKey(
        Initiative, on_delete=models.CASCADE, related_name="factor_texts"
    )
    factor = models.CharField(_("factor"), max_length=1, choices=Factor)
    facility = models.ForeignKey(
        Facility, null=True, blank=True, on_delete=models.PROTECT, related_name="factor_texts"
    )
    text = models.TextField(_("text"), max_length=10_000, blank=True)

    objects = WatchedQuerySet.as_manager()

    class Meta:
        verbose_name = _("text on a factor")
        verbose_name_plural = _("texts on a factor")
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "factor"],
                condition=Q(facility=None),
                name="factor_text_once",
            ),
            models.UniqueConstraint(
                fields=["initiative", "factor", "facility"],
                condition=~Q(facility=None),
                name="local_factor_text_once",
            ),
            models.CheckConstraint(
                condition=Q(factor__in=Factor.values), name="factor_text_factor_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_factor_display()}: {self.text[:60]}"


class EconomyLine(Versioned):
    """A separate cost; ``amount_dkk`` in whole kroner a year, if known."""

    initiative = models.ForeignKey(
        Initiative, on_delete=models.CASCADE, related_name="economy_lines"
    )
    position = models.PositiveSmallIntegerField(default=0)
    what = NameField(_("what"), max_length=200)
    facility = models.ForeignKey(
        Facility, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    amount_dkk = models.PositiveIntegerField(
        _("amount in kroner a year"), null=True, blank=True, validators=[MinValueValidator(0)]
    )

    objects = WatchedQuerySet.as_manager()

    class Meta:
        verbose_name = _("cost")
        verbose_name_plural = _("costs")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.what


class AttentionPoint(Versioned):
    """Something to keep an eye on; it returns on the agenda until it is closed."""

    initiative = models.ForeignKey(
        Initiative, on_delete=models.CASCADE, related_name="attention_points"
    )
    position = models.PositiveSmallIntegerField(default=0)
    text = NameField(_("attention point"), max_length=500)
    factor = models.CharField(_("factor"), max_length=1, choices=Factor, blank=True)
    follow_up_on = models.DateField(
        _("follow up on"), null=True, blank=True, validators=DATE_VALIDATORS
    )
    closed_on = models.DateField(_("closed on"), null=True, blank=True, validators=DATE_VALIDATORS)

    objects = WatchedQuerySet.as_manager()

    class Meta:
        verbose_name = _("attention point")
        verbose_name_plural = _("attention points")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text


LONGEST_REASON = 300


class SectionChange(models.Model):
    """What one save did to one section, as text before and after; rows are only ever added.

    A section may hold fields, goals and rows of several tables, each with a history of its own.
    This journal puts the one save together again, so that the page of changes, a comparison of
    two versions, and the question "has this section changed since version 7?" are one query each.
    ``version`` is the initiative's version that the save made.
    """

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="changes")
    version = models.PositiveIntegerField()
    section = models.CharField(max_length=30)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON, blank=True)
    saved_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("change of a section")
        verbose_name_plural = _("changes of sections")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["initiative", "version"], name="one_change_a_version"),
        ]

    def __str__(self) -> str:
        return f"{self.section} {self.version}"
