"""Reads a facility's plans with what became of them week by week: two queries."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import OuterRef, Q, QuerySet, Subquery

from krams.danish.weeks import Week
from krams.database.prepared import prepared
from krams.models import Facility

from ...enums import Factor
from ...meetings.queries.next_agenda import with_agenda
from ...models import NO_PLAN, Activity, PlannedActivity, WeekSummary
from ...sustain.expected import Plan, plans_of_activities
from ...sustain.queries import PlanWithPause, put_together, recall, with_pauses
from ...sustain.thresholds import Thresholds
from ...sustain.week_strip import Strip, common_strip, strip_of, unplanned_strip
from ...sustain.weeks import HELD, Log


@dataclass(slots=True)
class Record:
    """A planned activity, its rhythm, and its log of the weeks that were asked for.

    ``last_count`` is how many took part the last time it was held.
    """

    planned: PlannedActivity
    plan: Plan
    log: Log
    last_count: int | None


@dataclass(slots=True)
class Records:
    """The plans of a facility, by time of day, and what was held without a plan, by factors."""

    plans: list[Record] = field(default_factory=list)
    unplanned: dict[str, Counter[Week]] = field(default_factory=lambda: defaultdict(Counter))

    def lines_of(self, factor: Factor) -> list[list[tuple[Plan, Log]]]:
        """Its activities, also those that have ended."""
        return list(_lines([one for one in self.plans if factor in one.planned.factors]))

    def by_factor(self, today: dt.date, thresholds: Thresholds) -> Iterator[tuple[Factor, Strip]]:
        """A strip for each factor; one without a plan shows what is held all the same.

        Plans that have ended count in the weeks in which they ran.
        """
        for factor in Factor:
            mine = [record for record in self.plans if factor in record.planned.factors]
            if any(record.plan.is_current(today) for record in mine):
                yield factor, common_strip(_lines(mine), today, thresholds)
                continue
            yield factor, unplanned_strip(self.unplanned_of(factor), today, thresholds)

    def unplanned_of(self, factor: Factor) -> Counter[Week]:
        """How often it was held without a plan, by week."""
        held: Counter[Week] = Counter()
        for factors, by_week in self.unplanned.items():
            if factor in factors:
                held.update(by_week)
        return held

    def by_plan(self, today: dt.date, thresholds: Thresholds) -> Iterator[tuple[Record, Strip]]:
        """A strip for each plan that runs or rests today, with the plans that it replaced."""
        for record in self.plans:
            if record.plan.is_current(today):
                line = [(one.plan, one.log) for one in self.line_of(record)]
                yield record, strip_of(line, today, thresholds)

    def line_of(self, record: Record) -> Iterator[Record]:
        """The plan, the one that it replaced, and so on back."""
        by_pk = {one.planned.pk: one for one in self.plans}
        one: Record | None = record
        while one is not None:
            yield one
            replaced = one.planned.replaces_id
            one = by_pk.pop(replaced, None) if replaced else None


def _lines(records: list[Record]) -> Iterator[list[tuple[Plan, Log]]]:
    """The records of each activity together."""
    by_pk = {one.planned.pk: one for one in records}
    for line in plans_of_activities({pk: one.planned.replaces_id for pk, one in by_pk.items()}):
        yield [(by_pk[pk].plan, by_pk[pk].log) for pk in line]


def read_records(
    facility: Facility,
    today: dt.date,
    thresholds: Thresholds,
    day: dt.date | None = None,
    weeks: int = 0,
) -> Records:
    """The plans that ran in the window of the thresholds or around ``day``, and their logs.

    The logs cover the window, or ``weeks`` where that is more, and the week of ``day``.
    """
    day = day or today
    window = (Week.of(today) - (max(thresholds.window, weeks) - 1)).monday
    week = Week.of(day)
    records = Records()
    logs: defaultdict[int, Log] = defaultdict(Log)
    for plan, factors, day_one, fate, times in _summaries(facility, window, week.monday):
        if plan != NO_PLAN:
            logs[plan].add(Week.of(day_one), fate, times)
        elif fate == HELD:
            records.unplanned[factors][Week.of(day_one)] += times
    first = min(window, day - dt.timedelta(weeks=1))
    rows, plans = put_together(_plans(facility, first, today), today)
    for one in sorted(rows.values(), key=lambda one: (one.start_time or dt.time.max, one.pk)):
        one.facility = facility
        recall(logs[one.pk].held, one)
        records.plans.append(Record(one, plans[one.pk], logs[one.pk], one.last_count))
    return records


@prepared
def _summaries(
    facility: Facility, window: dt.date, monday: dt.date
) -> QuerySet[WeekSummary, tuple[int, str, dt.date, str, int]]:
    wanted = Q(monday__gte=window) | Q(monday=monday)
    found = WeekSummary.objects.filter(wanted, facility=facility)
    return found.values_list("plan", "factors", "monday", "fate", "times")


@prepared
def _plans(facility: Facility, first: dt.date, last: dt.date) -> QuerySet[PlanWithPause]:
    latest = (
        Activity.objects.standing()
        .held()
        .filter(planned_activity=OuterRef("pk"))
        .order_by("-held_on", "-pk")
    )
    here = PlannedActivity.objects.filter(facility=facility).in_force(first, last)
    return with_pauses(
        with_agenda(here, last)
        .select_related("activity_type")
        .knowing(
            last_held_on=Subquery(latest.values("held_on")[:1]),
            last_count=Subquery(latest.values("participant_count")[:1]),
        )
    )
