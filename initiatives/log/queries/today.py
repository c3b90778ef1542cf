"""A day at a facility as its page shows it: what is missing, what is registered, what holds."""

import datetime as dt
import uuid
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from django import forms
from django.db.models import Count, F, FilteredRelation, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from krams.danish.weeks import Week
from krams.database.prepared import prepared
from krams.models import Facility, User
from krams.people.access import one_of

from ...access import FacilityRights, OwnFacility, facilities_of
from ...meetings.models import by_time, still_open
from ...models import Activity, ActivityType, PlannedActivity
from ...plans.activity_types import OfferedType, own_or_common
from ...plans.queries.activity_types import OFFERED
from ...sustain.expected import Pause, house_pause
from ...sustain.queries import thresholds_of
from ..registration import Registration
from .plans_with_log import Record, read_records
from .registrations import as_rows
from .rhythm import Rhythm

if TYPE_CHECKING:
    # Known to mypy alone: an installation has no stubs.
    from django_stubs_ext import WithAnnotations


class NextMeeting(FacilityRights):
    """A facility's rights, and its next meeting; all None where none is planned."""

    meeting_id: int | None
    meeting_kind: str | None
    meeting_on: dt.date | None
    meeting_at: dt.time | None
    meeting_place: str | None


FacilityOfToday: TypeAlias = "WithAnnotations[Facility, NextMeeting]"
LATEST = 5
LOOK_BACK_DAYS = 7


class SentForm(Protocol):
    """A ``PlannedForm``: forms stand above what reads."""

    cleaned_data: dict[str, Any]

    def __getitem__(self, name: str) -> forms.BoundField: ...
    @property
    def page_day(self) -> dt.date: ...
    @property
    def kept_day(self) -> str: ...


@dataclass
class Tap:
    """A planned activity that waits to be registered: one form, one tap.

    ``week_held`` is set for "n times a week". ``form`` is the ``PlannedForm`` that was sent and
    refused; ``removed`` is the registration that stood here until a moment ago.
    """

    planned: PlannedActivity
    day: dt.date
    last_count: int | None
    is_due: bool
    week_held: int | None = None
    form: SentForm | None = None
    removed: Registration | None = None
    focus: bool = False

    @property
    def submission_id(self) -> uuid.UUID:
        sent = self.form.cleaned_data.get("submission_id") if self.form else None
        return sent or uuid.uuid4()

    @property
    def participant_count(self) -> Any:
        """As typed, right or wrong; else as many as the last time."""
        typed = self.form["participant_count"].value() if self.form else None
        return self.last_count if typed is None else typed

    @property
    def reason(self) -> str:
        return (self.form["cancellation_reason"].value() or "") if self.form else ""

    @property
    def reason_text(self) -> str:
        return (self.form["cancellation_text"].value() or "") if self.form else ""

    @property
    def page_day(self) -> dt.date:
        return self.form.page_day if self.form else timezone.localdate()

    @property
    def held_on(self) -> str:
        """As sent: a page from yesterday goes on meaning yesterday until the day is chosen."""
        sent = self.form.kept_day if self.form else ""
        return sent or date_format(self.day, "SHORT_DATE_FORMAT")


@dataclass(kw_only=True)
class Day(Rhythm):
    """Everything on the page; the lists are in the order of the day."""

    day: dt.date
    taps: list[Tap] = field(default_factory=list)
    weekly: list[Tap] = field(default_factory=list)
    paused: list[tuple[PlannedActivity, Pause]] = field(default_factory=list)
    # Not planned, because the day is a public holiday.
    resting: list[PlannedActivity] = field(default_factory=list)
    registered: list[Registration] = field(default_factory=list)
    latest: list[Registration] = field(default_factory=list)
    removed: Registration | None = None
    planned_count: int = 0
    missing: Counter[dt.date] = field(default_factory=Counter)

    @property
    def overdue_count(self) -> int:
        """Of the day's plan what has been and is not registered; without a time it has all day."""
        return sum(tap.is_due and not self._can_come(tap) for tap in self.taps)

    @property
    def coming_count(self) -> int:
        return len(self.taps) - self.overdue_count

    def _can_come(self, tap: Tap) -> bool:
        return self.is_today and not tap.planned.start_time

    @property
    def house_pause(self) -> Pause | None:
        """The pause of the whole facility, on the day."""
        return house_pause((one.plan for one in self.records.plans), self.day, self.day)

    @property
    def is_today(self) -> bool:
        return self.day == self.today

    @property
    def day_before(self) -> dt.date:
        return self.day - dt.timedelta(days=1)

    @property
    def days_before(self) -> list[dt.date]:
        """The days looked back on, newest first."""
        return [self.day - dt.timedelta(days=back) for back in range(1, LOOK_BACK_DAYS + 1)]

    @property
    def newest_missing(self) -> dt.date | None:
        """The newest of them on which something planned is neither held nor cancelled."""
        return max(self.missing, default=None)

    @property
    def newest_missing_count(self) -> int:
        newest = self.newest_missing
        return self.missing[newest] if newest else 0

    @property
    def missing_count(self) -> int:
        return self.missing.total()

    @property
    def newest_missing_week(self) -> Week:
        assert self.newest_missing is not None, "where nothing is missing no week has it"
        return Week.of(self.newest_missing)

    @property
    def day_after(self) -> dt.date | None:
        return None if self.is_today else self.day + dt.timedelta(days=1)

    @property
    def week(self) -> Week:
        return Week.of(self.day)

    @cached_property
    def types(self) -> list[OfferedType]:
        since, municipality_id = (
            self.strip_weeks[0].monday,
            self.facility.department.municipality_id,
        )
        return own_or_common(
            OfferedType(*row) for row in _types(self.facility, municipality_id, since)
        )

    def tap_of(self, plan_id: int) -> Tap | None:
        return next((t for t in self.taps + self.weekly if t.planned.pk == plan_id), None)


@prepared
def _types(facility: Facility, municipality_id: int, since: dt.date) -> QuerySet[ActivityType, Any]:
    """What is offered there, with how often each was registered since that day."""
    lately = Q(activities__facility=facility, activities__held_on__gte=since)
    return (
        ActivityType.objects.choosable_in(municipality_id)
        .annotate(
            lately=FilteredRelation("activities", condition=lately & Q(activities__removed_at=None))
        )
        .values_list(*OFFERED)
        .annotate(uses=Count("lately"))
        # Django leaves the order of the model out where rows are counted.
        .order_by("position", "name", "pk")
    )


@prepared
def _facility(user: User, slug: str, today: dt.date, now: dt.time) -> QuerySet[FacilityOfToday]:
    upcoming = still_open(today, now, "meetings__") & Q(meetings__removed_at=None)
    return (
        facilities_of(user)
        .filter(slug=slug)
        .annotate(
            upcoming=FilteredRelation("meetings", condition=upcoming),
            meeting_id=F("upcoming__id"),
            meeting_kind=F("upcoming__kind"),
            meeting_on=F("upcoming__held_on"),
            meeting_at=F("upcoming__starts_at"),
            meeting_place=F("upcoming__place"),
        )
        # A row for each coming meeting.
        .order_by(*by_time("upcoming__"))[:1]
    )


def facility_of_today(user: User, slug: str) -> FacilityOfToday:
    """The facility with its next meeting. Raises ``Http404``."""
    now = timezone.localtime()
    return one_of(_facility(user, slug, now.date(), now.time()))


def read_day(facility: OwnFacility, day: dt.date | None = None, removed: int | None = None) -> Day:
    """Read the page of ``day`` (today unless told); ``removed`` was just taken out of the log."""
    now = timezone.localtime()
    today = now.date()
    day = day or today
    thresholds = thresholds_of(facility)
    records = read_records(facility, today, thresholds, day)
    page = Day(facility=facility, day=day, today=today, records=records, thresholds=thresholds)
    done_before = _sort_activities(page, removed)
    done = {activity.planned_activity_id for activity in page.registered}
    for record in records.plans:
        _place(page, record, done, now)
        for before in page.days_before:
            is_due = record.plan.is_planned_on(before)
            rows = {one.planned.pk for one in records.line_of(record)} if is_due else set()
            if is_due and not any((pk, before) in done_before for pk in rows):
                page.missing[before] += 1
    return page


@prepared
def _registrations(
    facility: Facility, first: dt.date, last: dt.date, removed: int | None
) -> QuerySet[Activity, tuple[Any, ...]]:
    """Those of the days from the first to the last, the latest, and one that was removed."""
    log = Activity.objects.for_facility(facility)
    latest = log.standing().order_by("-registered_at", "-pk").values("pk")[:LATEST]
    # Each of them is found by an index of its own: with OR the whole log would be read.
    wanted = [
        log.standing().filter(held_on__range=(first, last)),
        Activity.objects.filter(pk__in=latest),
    ]
    if removed is not None:
        wanted.append(log.filter(pk=removed, removed_at__isnull=False))
    one, *others = (rows.order_by().values("pk") for rows in wanted)
    found = Activity.objects.filter(pk__in=one.union(*others))
    return as_rows(found).order_by("-registered_at", "-pk")


def _sort_activities(page: Day, removed: int | None) -> set[tuple[int | None, dt.date]]:
    """Fill in the registrations; returns which plans have one, and on which day."""
    rows = _registrations(page.facility, page.days_before[-1], page.day, removed or None)
    done = set()
    for activity in (Registration(*row) for row in rows):
        if not page.facility.may_register:
            activity = activity.without_people()
        if activity.removed_at:
            page.removed = activity
        else:
            page.latest.append(activity)
            done.add((activity.planned_activity_id, activity.held_on))
    page.registered = [activity for activity in page.latest if activity.held_on == page.day]
    page.latest = page.latest[:LATEST]
    return done


def _place(page: Day, record: Record, done: set[int | None], now: dt.datetime) -> None:
    """Put the plan where it belongs on the page: to be registered, on pause, or nowhere."""
    planned, plan = record.planned, record.plan
    is_weekly = bool(planned.times_per_week)
    if not plan.is_current(page.day) or not (is_weekly or plan.falls_on(page.day)):
        return
    if not is_weekly and planned.pk in done:
        page.planned_count += 1
        return
    if pause := plan.rest_on(page.day):
        page.paused.append((planned, pause))
        return
    if not is_weekly and plan.rests_on(page.day):
        page.resting.append(planned)
        return
    has_come = not page.is_today or not planned.start_time or planned.start_time <= now.time()
    counts = (one.last_count for one in page.records.line_of(record))
    last_count = next((count for count in counts if count is not None), None)
    if not page.facility.may_register:
        last_count = None
    tap = Tap(planned, page.day, last_count, is_due=has_come and not is_weekly)
    if page.removed and page.removed.planned_activity_id == planned.pk:
        tap.removed, page.removed = page.removed, None
    if planned.times_per_week:
        tap.week_held = record.log.held.get(page.week, 0)
        if tap.week_held < planned.times_per_week:
            page.weekly.append(tap)
    else:
        page.planned_count += 1
        page.taps.append(tap)
