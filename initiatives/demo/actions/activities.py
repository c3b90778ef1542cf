"""Makes the demo's weekly plans and half a year of registrations, up to today.

Run again on another day it goes on from where it stopped: a day that has something registered for
a plan is never written twice.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from krams.danish.weeks import Week
from krams.models import Department, Facility, User
from krams.seeding.actions import Seeder
from krams.seeding.facts_files import FIXTURES, Entry, read_facts

from ...enums import ActivitySource, Outcome, Repeats
from ...fields import factor_set
from ...models import Activity, ActivityType, Initiative, PlannedActivity, PlanPause
from ..how_plans_go import COURSES, HOLDS, PAUSES, Day, Habit, is_reason, number

WEEKS = 26
PAUSED_SINCE_WEEKS, RESTARTS_IN_WEEKS = 3, 2
# How many of today's plans at a facility are registered already.
REGISTERED_TODAY = 2
REASON = "Demo"
MANAGER, STAFF = "leder@demo.example", "medarbejder@demo.example"


@transaction.atomic
def make_demo_activities(now: dt.datetime | None = None) -> tuple[Seeder, int]:
    """Make plans and registrations; returns what was kept and how many registrations are new.

    Raises ``FactsError`` where the organisation or the initiative is missing.
    """
    return _Demo(now or timezone.localtime()).make()


class _Demo:
    def __init__(self, now: dt.datetime) -> None:
        self.now, self.today = now, now.date()
        self.first_day = (Week.of(self.today) - (WEEKS - 1)).monday
        self.facts = read_facts(FIXTURES / "demo_plans.toml")
        self.facts.only("department", "plans", "unplanned")
        department = demo_department(self.facts)
        self.facilities = {one.name: one for one in department.facilities.all()}
        self.initiative = Initiative.objects.filter(department=department).first()
        self.types = {one.name: one for one in ActivityType.objects.filter(municipality=None)}
        people = {one.email: one for one in User.objects.filter(email__in=[MANAGER, STAFF])}
        self.manager, self.staff = people.get(MANAGER), people.get(STAFF)
        self.seeder = Seeder(REASON, by=self.manager)

    def make(self) -> tuple[Seeder, int]:
        plans = [self._plan(entry) for entry in self.facts.tables("plans")]
        new = []
        # By facility, since each begins where its own log ends.
        by_facility = defaultdict(list)
        for planned, habit in plans:
            if planned:
                by_facility[planned.facility].append((planned, habit))
        for facility, its_plans in by_facility.items():
            new += self._registrations(facility, its_plans)
        for entry in self.facts.tables("unplanned"):
            new += self._unplanned(entry)
        new.sort(key=lambda one: (one.held_on, one.started_at or dt.time.min))
        create_with_history(new)
        return self.seeder, len(new)

    # --- Plans ------------------------------------------------------------------------------------

    def _plan(self, entry: Entry) -> tuple[PlannedActivity | None, Habit]:
        entry.only(
            *("facility", "type", "title", "factors", "days", "times_per_week", "time", "minutes"),
            *("role", "participants", "course", "reasons", "pause_reason"),
            *("repeats", "on_holidays"),
        )
        habit = self._habit(entry)
        kind = self._type(entry)
        repeats = Repeats(entry.get("repeats", Repeats.WEEKLY))
        planned = self.seeder.keep_once(
            entry,
            PlannedActivity,
            {
                "facility": self._facility(entry),
                "activity_type": kind,
                "title": entry.get("title"),
            },
            factors=factor_set(entry["factors"]),
            initiative=self.initiative,
            weekdays="" if "times_per_week" in entry else entry["days"],
            times_per_week=entry.get("times_per_week", None),
            start_time=entry.get("time", None),
            duration_minutes=entry["minutes"],
            responsible_role=entry["role"],
            starts_on=self.first_day,
            repeats=repeats,
            anchor=self.first_day if repeats == Repeats.FORTNIGHTLY else None,
            on_holidays=entry.get("on_holidays", False),
        )
        if planned and habit.course == PAUSES:
            self._pause(entry, planned)
        return planned, habit

    def _habit(self, entry: Entry) -> Habit:
        course = entry.get("course", HOLDS)
        if course not in COURSES or not all(is_reason(reason) for reason in entry["reasons"]):
            raise entry.refuse(_("unknown course or reason"))
        return Habit(
            key=f"{entry['facility']}/{entry['type']}",
            weekdays=tuple(int(day) for day in entry["days"]),
            course=course,
            participants=tuple(entry["participants"]),
            reasons=tuple(entry["reasons"]),
            is_rare="repeats" in entry,
        )

    def _facility(self, entry: Entry) -> Facility:
        if entry["facility"] not in self.facilities:
            raise entry.refuse(_("unknown facility: %(name)s") % {"name": entry["facility"]})
        return self.facilities[entry["facility"]]

    def _type(self, entry: Entry) -> ActivityType:
        if entry["type"] not in self.types:
            raise entry.refuse(_("unknown activity type: %(name)s") % {"name": entry["type"]})
        return self.types[entry["type"]]

    def _pause(self, entry: Entry, planned: PlannedActivity) -> None:
        """One pause; once its end has come, the demo goes on by putting the end off."""
        week = Week.of(self.today)
        restarts_on = (week + RESTARTS_IN_WEEKS).monday
        pause = self.seeder.keep_once(
            entry,
            PlanPause,
            {"planned_activity": planned, "reason": entry["pause_reason"]},
            starts_on=(week - PAUSED_SINCE_WEEKS).monday,
            restarts_on=restarts_on,
        )
        if pause and pause.restarts_on and pause.restarts_on <= self.today:
            key = {"pk": pause.pk}
            self.seeder.keep(entry, PlanPause, key, restarts_on=restarts_on)

    # --- Registrations ----------------------------------------------------------------------------

    def _registrations(
        self, facility: Facility, plans: list[tuple[PlannedActivity, Habit]]
    ) -> list[Activity]:
        first = self._first_open_day(facility)
        taken = set(
            Activity.objects.filter(facility=facility, held_on__gte=first).values_list(
                "planned_activity", "held_on"
            )
        )
        due = self._due_today(plans)
        new = []
        for planned, habit in plans:
            plan = planned.as_plan()
            for day in _days(first, self.today):
                has_day = plan.falls_on(day) or (
                    not plan.weekdays and day.isoweekday() in habit.weekdays
                )
                if not has_day or not plan.runs_on(day):
                    continue
                if (planned.pk, day) in taken or self._is_still_open(planned, day, due, facility):
                    continue
                became = habit.on(day, self.today)
                if became:
                    new.append(self._activity(planned, day, became))
        return new

    def _first_open_day(self, facility: Facility) -> dt.date:
        """The day before the latest registration of the demo, where gaps were left on purpose."""
        latest = Activity.objects.filter(
            facility=facility, source=ActivitySource.DEMO, planned_activity__isnull=False
        ).aggregate(day=Max("held_on"))["day"]
        return max(self.first_day, latest - dt.timedelta(days=1)) if latest else self.first_day

    def _due_today(self, plans: list[tuple[PlannedActivity, Habit]]) -> set[int]:
        """The first plans of today that are over; one at least is left to register."""
        times = sorted(
            (planned.start_time, planned.pk, planned.duration_minutes or 0)
            for planned, habit in plans
            if planned.start_time and planned.as_plan(()).is_planned_on(self.today)
        )
        now = self.now.replace(tzinfo=None)
        return {
            pk
            for start, pk, minutes in times[:-1][:REGISTERED_TODAY]
            if dt.datetime.combine(self.today, start) + dt.timedelta(minutes=minutes) < now
        }

    def _is_still_open(
        self, planned: PlannedActivity, day: dt.date, due: set[int], facility: Facility
    ) -> bool:
        """Most of today, and one thing of yesterday that nobody has written up yet."""
        if day == self.today:
            return planned.pk not in due
        yesterday = self.today - dt.timedelta(days=1)
        # Not across Monday: a whole week is judged, and one gap would change its verdict.
        return (
            day == yesterday
            and Week.of(day) == Week.of(self.today)
            and planned.title == "Fælles gåtur"
        )

    def _activity(self, planned: PlannedActivity, day: dt.date, became: Day) -> Activity:
        return Activity(
            facility=planned.facility,
            activity_type=planned.activity_type,
            planned_activity=planned,
            initiative=planned.initiative,
            title=str(planned),
            factors=planned.factors,
            held_on=day,
            started_at=planned.start_time,
            duration_minutes=None if became.reason else planned.duration_minutes,
            **_outcome(became.participant_count, became.reason),
            **self._registered(planned.facility),
        )

    def _unplanned(self, entry: Entry) -> list[Activity]:
        entry.only(
            *("facility", "type", "title", "day", "every_weeks", "time", "minutes", "participants")
        )
        facility, kind = self._facility(entry), self._type(entry)
        mine = Activity.objects.filter(
            facility=facility, planned_activity=None, title=entry["title"]
        )
        taken = set(mine.values_list("held_on", flat=True))
        new = []
        least, most = entry["participants"]
        # Whole weeks back from a fixed day, so that every run finds the same days.
        for day in _days(self.first_day, self.today - dt.timedelta(days=1)):
            weeks = day.toordinal() // 7
            if day.isoweekday() != entry["day"] or weeks % entry["every_weeks"] or day in taken:
                continue
            count = least + number(entry["title"], day) % (most - least + 1)
            new.append(
                Activity(
                    facility=facility,
                    activity_type=kind,
                    title=entry["title"],
                    factors=kind.factors,
                    held_on=day,
                    started_at=entry["time"],
                    duration_minutes=entry["minutes"],
                    **_outcome(count, ""),
                    **self._registered(facility),
                )
            )
        return new

    def _registered(self, facility: Facility) -> dict[str, Any]:
        by = self.staff if facility.name == "Mosbjerghus" else self.manager
        return {"source": ActivitySource.DEMO, "registered_by": by}


def demo_department(facts: Entry) -> Department:
    department = Department.objects.filter(name=facts["department"]).first()
    if department is None:
        raise facts.refuse(
            _("the department is not there; first run load_organisations --file %(file)s")
            % {"file": "fixtures/hjoerring.csv"}
        )
    return department


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    return (first + dt.timedelta(days=ahead) for ahead in range((last - first).days + 1))


def _outcome(participant_count: int | None, reason: str) -> dict[str, Any]:
    return {
        "outcome": Outcome.CANCELLED if reason else Outcome.HELD,
        "participant_count": None if reason else participant_count,
        "cancellation_reason": reason,
    }


def create_with_history(activities: list[Activity]) -> None:
    """Store them in bulk, each as if it had been registered when it was over."""
    Activity.objects.bulk_create(activities, batch_size=500)
    for activity in activities:
        over = dt.datetime.combine(activity.held_on, activity.started_at or dt.time(12))
        over += dt.timedelta(minutes=activity.duration_minutes or 0)
        activity.registered_at = timezone.make_aware(over)
        activity.updated_at = activity.registered_at
        activity._history_date = activity.registered_at
        activity._history_user = activity.registered_by
    # bulk_create sets the time of registration to now; this is before there is any history.
    Activity.objects.bulk_update(activities, ["registered_at", "updated_at"], batch_size=100)
    Activity.history.bulk_history_create(activities, batch_size=500, default_change_reason=REASON)
