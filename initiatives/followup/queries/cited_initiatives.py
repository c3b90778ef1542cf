"""What others may know of an initiative that they cite: its state, and whether its activities hold.

Two queries, whatever the number of initiatives and plans; none where nothing is cited.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, fields
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from krams.danish.weeks import Week
from krams.database.prepared import prepared
from krams.models import User

from ...enums import InitiativeStatus, Verdict
from ...models import Activity, Initiative, PlanCount, PlannedActivity, WeekSummary
from ...sustain.expected import plans_of_activities, plans_with_pauses
from ...sustain.thresholds import DEFAULT_THRESHOLDS, LONGEST_WINDOW, Thresholds
from ...sustain.verdict import assess, observe_lines
from ...sustain.weeks import Log

LIMITS = tuple(limit.name for limit in fields(Thresholds))


@dataclass(frozen=True, slots=True)
class Cited:
    """``verdict`` is None where no plan runs; ``may_see``: whether the reader may open it."""

    pk: int
    title: str
    state: InitiativeStatus
    verdict: Verdict | None
    may_see: bool


class _Row(NamedTuple):
    """A pause, a plan or an initiative, whichever there is; the limits of ``Thresholds`` follow."""

    pk: int
    title: str
    status: str
    may_see: bool
    plan: int | None
    replaces: int | None
    first: dt.date
    last: dt.date | None
    weekdays: str
    times: int | None
    repeats: str
    anchor: dt.date | None
    on_holidays: bool
    rest_from: dt.date | None
    rest_until: dt.date | None
    last_held_on: dt.date | None
    limits: tuple[int | None, ...]


COLUMNS = _Row._fields[:-1]


def read_cited(keys: Collection[int], user: User, today: dt.date) -> dict[int, Cited]:
    """The initiatives by key, judged by the thresholds of their municipalities."""
    if not keys:
        return {}
    number = len(COLUMNS)
    rows = [_Row._make((*row[:number], row[number:])) for row in _rows(keys, user)]
    plans = plans_with_pauses(
        (
            *(one.plan, one.first, one.last, one.weekdays, one.times),
            *(one.repeats, one.anchor, one.on_holidays, one.rest_from, one.rest_until),
        )
        for one in rows
        if one.plan
    )
    logs = _logs(keys, today)
    for row in rows:
        if row.plan and row.last_held_on:
            # Also where it lies before the window: what was held once has not just begun.
            logs[row.plan].held.setdefault(Week.of(row.last_held_on), 1)
    found = {}
    for pk, of_one in groupby(rows, attrgetter("pk")):
        mine = list(of_one)
        row, thresholds = mine[0], _thresholds(mine[0].limits)
        replaces = {one.plan: one.replaces for one in mine if one.plan}
        lines = [
            [(plans[key], logs[key]) for key in line] for line in plans_of_activities(replaces)
        ]
        course = observe_lines(lines, today, thresholds)
        verdict = assess(course, thresholds).verdict if course.current else None
        found[pk] = Cited(pk, row.title, InitiativeStatus(row.status), verdict, row.may_see)
    return found


@prepared
def _rows(keys: Collection[int], user: User) -> QuerySet[Any, tuple[Any, ...]]:
    latest = Activity.objects.standing().held().filter(planned_activity=OuterRef("plan"))
    return (
        Initiative.objects.filter(pk__in=keys)
        .annotate(
            may_see=Exists(Initiative.objects.visible_to(user).filter(pk=OuterRef("pk"))),
            **{name: F(f"department__municipality__follow_up_settings__{name}") for name in LIMITS},
            plan=F("planned_activities__pk"),
            replaces=F("planned_activities__replaces"),
            first=F("planned_activities__starts_on"),
            last=F("planned_activities__ends_on"),
            weekdays=F("planned_activities__weekdays"),
            times=F("planned_activities__times_per_week"),
            repeats=F("planned_activities__repeats"),
            anchor=F("planned_activities__anchor"),
            on_holidays=F("planned_activities__on_holidays"),
            rest_from=F("planned_activities__pauses__starts_on"),
            rest_until=F("planned_activities__pauses__restarts_on"),
            last_held_on=Subquery(latest.order_by("-held_on").values("held_on")[:1]),
        )
        .order_by("pk", "plan")
        .values_list(*COLUMNS, *LIMITS)
    )


def _logs(keys: Collection[int], today: dt.date) -> dict[int, Log]:
    logs: defaultdict[int, Log] = defaultdict(Log)
    for plan, monday, fate, times in _weeks(keys, (Week.of(today) - (LONGEST_WINDOW - 1)).monday):
        logs[plan].add(Week.of(monday), fate, times)
    return logs


@prepared
def _weeks(keys: Collection[int], since: dt.date) -> QuerySet[WeekSummary, PlanCount]:
    plans = PlannedActivity.objects.filter(initiative__in=keys).order_by()
    # By facility, for that is how summaries stand.
    return WeekSummary.objects.filter(
        facility__in=plans.values("facility"), plan__in=plans.values("pk"), monday__gte=since
    ).counts()


def _thresholds(limits: tuple[int | None, ...]) -> Thresholds:
    given = [limit for limit in limits if limit is not None]
    return Thresholds(*given) if given else DEFAULT_THRESHOLDS
