"""What others may know of an initiative that they cite: its state, and whether its activities hold.

Two queries, whatever the number of initiatives and plans; none where nothing is cited.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from krams.danish.weeks import Week
from krams.models import User

from ...enums import InitiativeStatus, Verdict
from ...models import Activity, Initiative, PlannedActivity, WeekSummary
from ...sustain.expected import Pause, Plan, plans_of_activities
from ...sustain.thresholds import DEFAULT_THRESHOLDS, LONGEST_WINDOW, Thresholds
from ...sustain.verdict import combined_verdict, observe_line
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


def read_cited(keys: Collection[int], user: User, today: dt.date) -> dict[int, Cited]:
    """The initiatives by key, judged by the thresholds of their municipalities."""
    if not keys:
        return {}
    rows = list(_rows(keys, user))
    plans = _plans(rows)
    logs = _logs(plans, today)
    for row in rows:
        if row["last_held_on"]:
            # Also where it lies before the window: what was held once has not just begun.
            logs[row["plan"]].held.setdefault(Week.of(row["last_held_on"]), 1)
    found = {}
    for row in rows:
        if row["pk"] in found:
            continue
        thresholds = _thresholds(row)
        mine = {
            one["plan"]: one["replaces"] for one in rows if one["pk"] == row["pk"] and one["plan"]
        }
        courses = [
            observe_line([(plans[key][1], logs[key]) for key in line], today, thresholds)
            for line in plans_of_activities(mine)
        ]
        running = any(course.current for course in courses)
        verdict = combined_verdict(courses, thresholds).verdict if running else None
        state = InitiativeStatus(row["status"])
        found[row["pk"]] = Cited(row["pk"], row["title"], state, verdict, row["may_see"])
    return found


def _rows(keys: Collection[int], user: User) -> QuerySet[Any, dict[str, Any]]:
    """One row a pause, a plan or an initiative, whichever there is."""
    latest = Activity.objects.standing().held().filter(planned_activity=OuterRef("plan"))
    rows: QuerySet[Any, dict[str, Any]] = (
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
            rest_from=F("planned_activities__pauses__starts_on"),
            rest_until=F("planned_activities__pauses__restarts_on"),
            last_held_on=Subquery(latest.order_by("-held_on").values("held_on")[:1]),
        )
        .order_by("pk", "plan")
        .values(
            "pk", "title", "status", "may_see", *LIMITS, "plan", "replaces", "first", "last",
            "weekdays", "times", "rest_from", "rest_until", "last_held_on",
        )
    )  # fmt: skip
    return rows


def _plans(rows: list[dict[str, Any]]) -> dict[int, tuple[int, Plan]]:
    pauses = defaultdict(list)
    for row in rows:
        if row["rest_from"]:
            pauses[row["plan"]].append(Pause(row["rest_from"], row["rest_until"]))
    return {
        row["plan"]: (
            row["pk"],
            Plan(
                row["first"],
                row["last"],
                tuple(map(int, row["weekdays"])),
                row["times"],
                tuple(pauses[row["plan"]]),
            ),
        )
        for row in rows
        if row["plan"]
    }


def _logs(plans: dict[int, tuple[int, Plan]], today: dt.date) -> dict[int, Log]:
    window = (Week.of(today) - (LONGEST_WINDOW - 1)).monday
    logs: defaultdict[int, Log] = defaultdict(Log)
    if plans:
        # By facility, for that is how summaries stand.
        places = PlannedActivity.objects.filter(pk__in=plans).values("facility")
        weeks = WeekSummary.objects.filter(facility__in=places, plan__in=plans, monday__gte=window)
        for key, monday, fate, times in weeks.counts():
            logs[key].add(Week.of(monday), fate, times)
    return logs


def _thresholds(row: dict[str, Any]) -> Thresholds:
    if row[LIMITS[0]] is None:
        return DEFAULT_THRESHOLDS
    return Thresholds(**{name: row[name] for name in LIMITS})
