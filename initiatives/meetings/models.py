"""Follow-up: meetings of a facility or department, their agenda, and what was decided."""

import datetime as dt
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Exists, F, OrderBy, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from krams.danish.names import NameField
from krams.database.watched import WatchedQuerySet
from krams.history.models import DATE_VALIDATORS
from krams.models import Authority, Department, Facility, User, Versioned
from krams.people.permissions import READING_FACILITIES

from ..enums import MeetingKind, MeetingRhythm

P = TypeVar("P", bound=models.Model, covariant=True)
ONE_PLACE = Q(facility__isnull=False, department=None) | Q(facility=None, department__isnull=False)


def _within(user: User, *, write: bool, through: str = "") -> Q:
    """Meetings of places where the person may read, or write.

    Whoever may register at a facility may write at its meetings: the minutes of a house meeting
    are kept by those on duty. A department's follow-up is its managers' own, and shows figures of
    all facilities, so a role at one of them is not enough to read it.
    """
    if user.is_superuser:
        return Q()
    if write:
        facilities = Facility.objects.loggable_by(user)
        departments = Department.objects.managed_by(user)
    else:
        facilities = Facility.objects.visible_to(user)
        departments = Department.objects.reached_by(user, READING_FACILITIES)
    # Asked of each row: where few are looked at, PostgreSQL need not look through all meetings.
    return Q(
        Exists(facilities.filter(pk=OuterRef(f"{through}facility")))
        | Exists(departments.filter(pk=OuterRef(f"{through}department")))
    )


def still_open(day: dt.date, now: dt.time, through: str = "") -> Q:
    """Meetings that are neither over nor minuted at that time of the day; ``through`` leads to
    them."""
    later = {"held_on__gt": day}
    today = {"held_on": day}
    unwritten = {"minutes": "", "closed_at": None}
    when = Q(**_under(through, later)) | Q(**_under(through, today)) & (
        Q(**_under(through, {"starts_at": None})) | Q(**_under(through, {"starts_at__gte": now}))
    )
    return when & Q(**_under(through, unwritten))


def by_time(through: str = "") -> tuple[str | OrderBy, ...]:
    """The next meeting first; of a day those without a time, in which databases would differ."""
    time = F(f"{through}starts_at").asc(nulls_first=True)
    return f"{through}held_on", time, f"{through}pk"


def _under(through: str, lookups: dict[str, Any]) -> dict[str, Any]:
    return {f"{through}{name}": value for name, value in lookups.items()}


class MeetingQuerySet(WatchedQuerySet["Meeting"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(_within(user, write=False))

    def editable_by(self, user: User) -> Self:
        return self.filter(_within(user, write=True))

    def standing(self) -> Self:
        """Without those that were cancelled."""
        return self.filter(removed_at=None)

    def of_place(
        self, *, facility: Facility | int | None = None, department: Department | int | None = None
    ) -> Self:
        return self.filter(facility=facility, department=department)

    def below(self, department: Department) -> Self:
        """Those of the department and of its facilities."""
        return self.filter(Q(department=department) | Q(facility__department=department))

    def still_to_come(self, now: dt.datetime) -> Self:
        """Those on which something can be taken up, the next one first.

        Not one of earlier today, nor one that is minuted already: a point put there would be lost.
        """
        found = self.standing().filter(still_open(now.date(), now.time()))
        return found.order_by(*by_time())

    def for_page(self, user: User) -> Self:
        """With the place and its settings, ``may_write``, and the neighbours of the same kind.

        ``previous_on`` and ``next_on`` are days, ``next_at`` a time of day; None where there is no
        such meeting.
        """
        own = Meeting.objects.editable_by(user).filter(pk=OuterRef("pk"))
        same = Meeting.objects.standing().filter(
            Q(facility=OuterRef("facility")) | Q(department=OuterRef("department")),
            kind=OuterRef("kind"),
        )
        before = same.filter(held_on__lt=OuterRef("held_on")).order_by("-held_on", "-pk")
        after = same.filter(held_on__gt=OuterRef("held_on")).order_by("held_on", "pk")
        return self.select_related(
            "facility__department__municipality__follow_up_settings",
            "department__municipality__follow_up_settings",
        ).annotate(
            may_write=Exists(own),
            previous_on=Subquery(before.values("held_on")[:1]),
            next_on=Subquery(after.values("held_on")[:1]),
            next_at=Subquery(after.values("starts_at")[:1]),
        )


class PointQuerySet(WatchedQuerySet[P]):
    """Agenda items and decisions: what hangs on a meeting."""

    def visible_to(self, user: User) -> Self:
        return self.filter(_within(user, write=False, through="meeting__"))

    def editable_by(self, user: User) -> Self:
        return self.filter(_within(user, write=True, through="meeting__"))

    def standing(self) -> Self:
        """Without those that were removed."""
        return self.filter(removed_at=None)


class DecisionQuerySet(PointQuerySet["Decision"]):
    def open(self) -> Self:
        """Neither closed nor removed."""
        return self.standing().filter(closed_on=None)

    def overdue(self, day: dt.date) -> Self:
        """Open, and due before ``day``."""
        return self.open().filter(due_on__lt=day)


class Meeting(Versioned):
    """A house meeting, user council meeting or management follow-up; wishes name nobody.

    A cancelled meeting keeps its row (``removed_at``), so that cancelling can be undone.
    """

    kind = models.CharField(_("kind"), max_length=15, choices=MeetingKind)
    facility = models.ForeignKey(
        Facility, null=True, blank=True, on_delete=models.PROTECT, related_name="meetings"
    )
    department = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.PROTECT, related_name="meetings"
    )
    held_on = models.DateField(_("date"), validators=DATE_VALIDATORS)
    starts_at = models.TimeField(_("time"), null=True, blank=True)
    place = NameField(_("place"), max_length=120, blank=True)
    # The next one is planned when the minutes of this one are written.
    repeats = models.CharField(_("repeats"), max_length=12, choices=MeetingRhythm, blank=True)
    wishes = models.TextField(_("residents' wishes"), max_length=5000, blank=True)
    minutes = models.TextField(_("minutes of the meeting"), max_length=10_000, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    submission_id = models.UUIDField(null=True, editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)

    objects = MeetingQuerySet.as_manager()
    # Of those that ``for_page`` gives.
    may_write: bool
    previous_on: dt.date | None
    next_on: dt.date | None
    next_at: dt.time | None

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-held_on", "-starts_at", "-pk"]
        indexes = [
            models.Index(fields=["facility", "-held_on", "-id"], name="meeting_list_order"),
        ]
        constraints = [
            models.CheckConstraint(condition=ONE_PLACE, name="meeting_of_one_place"),
            models.CheckConstraint(
                condition=Q(repeats__in=["", *MeetingRhythm.values]), name="meeting_rhythm_known"
            ),
            models.UniqueConstraint(
                fields=["facility", "submission_id"], name="facility_meeting_once_a_submission"
            ),
            models.UniqueConstraint(
                fields=["department", "submission_id"], name="department_meeting_once_a_submission"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {date_format(self.held_on, 'SHORT_DATE_FORMAT')}"

    def get_absolute_url(self) -> str:
        return reverse("initiatives:meeting", args=[self.pk])

    @property
    def place_of(self) -> Facility | Department:
        """The facility or the department."""
        if self.facility:
            return self.facility
        # ONE_PLACE: it has one or the other.
        assert self.department is not None
        return self.department

    @property
    def municipality(self) -> Authority:
        place = self.place_of
        return (place.department if isinstance(place, Facility) else place).municipality


class AgendaItem(Versioned):
    """Something put on the next agenda by a person, such as a plan that fades."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda_items")
    planned_activity = models.ForeignKey(
        "PlannedActivity", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    position = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(_("item"), max_length=300, blank=True)
    # Until somebody says so, it comes up again at the next meeting.
    handled_on = models.DateField(_("dealt with on"), null=True, blank=True)
    submission_id = models.UUIDField(null=True, editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)

    objects = PointQuerySet.as_manager()

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "planned_activity"],
                condition=Q(planned_activity__isnull=False),
                name="plan_once_an_agenda",
            ),
            models.CheckConstraint(
                condition=Q(planned_activity__isnull=False) | ~Q(text=""),
                name="agenda_item_says_something",
            ),
            models.UniqueConstraint(
                fields=["meeting", "submission_id"], name="agenda_item_once_a_submission"
            ),
        ]

    def __str__(self) -> str:
        return self.text or str(self.planned_activity)

    def get_absolute_url(self) -> str:
        return f"{reverse('initiatives:meeting', args=[self.meeting_id])}#item-{self.pk}"


class Decision(Versioned):
    """What was agreed, by which role, until when; it stays open until somebody closes it."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="decisions")
    planned_activity = models.ForeignKey(
        "PlannedActivity",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="decisions",
    )
    text = models.CharField(_("decision"), max_length=500)
    responsible_role = NameField(_("responsible (a role)"), max_length=80)
    due_on = models.DateField(_("due"), validators=DATE_VALIDATORS)
    closed_on = models.DateField(_("closed on"), null=True, blank=True, validators=DATE_VALIDATORS)
    closing_note = models.CharField(_("what came of it"), max_length=500, blank=True)
    # Closed without having been carried out: ``closing_note`` says why.
    dropped = models.BooleanField(_("dropped"), default=False)
    submission_id = models.UUIDField(null=True, editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "submission_id"], name="decision_once_a_submission"
            ),
            models.CheckConstraint(
                condition=Q(dropped=False) | Q(closed_on__isnull=False) & ~Q(closing_note=""),
                name="decision_dropped_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return f"{reverse('initiatives:meeting', args=[self.meeting_id])}#decision-{self.pk}"


class LaterPointQuerySet(WatchedQuerySet["LaterPoint"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(_within(user, write=False))

    def editable_by(self, user: User) -> Self:
        return self.filter(_within(user, write=True))

    def waiting(self) -> Self:
        """Neither put on an agenda nor removed."""
        return self.filter(item=None, removed_at=None)


class LaterPoint(Versioned):
    """Something to take up at a later meeting of a place, which nobody has chosen yet."""

    facility = models.ForeignKey(
        Facility, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    department = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    text = models.CharField(_("item"), max_length=300)
    # What became of it, once it is on an agenda.
    item = models.OneToOneField(
        AgendaItem,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
        verbose_name=_("put on an agenda"),
    )
    submission_id = models.UUIDField(null=True, editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)

    objects = LaterPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("point for a later meeting")
        verbose_name_plural = _("points for later meetings")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=ONE_PLACE, name="later_point_of_one_place"),
            models.CheckConstraint(condition=~Q(text=""), name="later_point_says_something"),
            models.UniqueConstraint(
                fields=["facility", "submission_id"], name="facility_later_point_once"
            ),
            models.UniqueConstraint(
                fields=["department", "submission_id"], name="department_later_point_once"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        if self.facility:
            address = reverse("initiatives:meetings", args=[self.facility.slug])
        else:
            assert self.department is not None, "a point is of one or the other"
            address = reverse("initiatives:department-meetings", args=[self.department.slug])
        return f"{address}#later"
