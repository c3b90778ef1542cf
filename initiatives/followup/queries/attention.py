"""Reads what may require attention: two queries, whatever the number of facilities and plans.

Plans with their pauses; and in a union the log by week, decisions and attention points: rows of one
shape that stand in different tables.
"""

import datetime as dt
from collections import Counter
from typing import Any

from django.db.models import (
    CharField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast

from krams.danish.weeks import Week
from krams.database.prepared import prepared
from krams.models import Department, Facility, User

from ...enums import Verdict
from ...meetings.queries.next_agenda import with_agenda
from ...models import (
    Activity,
    AttentionPoint,
    Decision,
    Initiative,
    PlannedActivity,
    WeekSummary,
)
from ...sustain.queries import PlanWithPause, put_together, recall, with_pauses
from ...sustain.thresholds import Thresholds
from ..attention import concerns_from
from ..concern import Concern, Facts, Point
from ..factor_matrix import Courses
from ..overview import FOLLOWED, Table

COLUMNS = ("what", "point", "day", "word", "times", "wording", "place", "parent", "may_act")


def read_concerns(
    department: Department, user: User, tables: list[Table], today: dt.date, thresholds: Thresholds
) -> tuple[list[Concern], Counter[Verdict], Courses]:
    """What ``concerns_from`` gives, of the facilities that ``user`` may see."""
    facts = _read_facts(department, user, today, thresholds)
    return concerns_from(facts, department, tables, today, thresholds)


def _read_facts(
    department: Department, user: User, today: dt.date, thresholds: Thresholds
) -> Facts:
    """What there is to judge at the facilities of ``department`` that ``user`` may see."""
    first = (Week.of(today) - (thresholds.window - 1)).monday
    rows, plans = put_together(_plans(department, user, first, today), today)
    facts = Facts(rows, plans)
    for row in _lines(department, user, first, today):
        what, key, day, word, times, wording, place, parent, may_act = row
        if what == "log":
            facts.logs[key].add(Week.of(day), word, times)
            continue
        found = facts.decisions if what == "decision" else facts.points
        found.append(Point(key, day, wording, place or "", parent, word, bool(may_act)))
    for planned in rows.values():
        recall(facts.logs[planned.pk].held, planned)
    return facts


def _visible(department: Department, user: User) -> QuerySet[Facility]:
    return Facility.objects.visible_to(user).open().filter(department=department)


@prepared
def _plans(
    department: Department, user: User, first: dt.date, today: dt.date
) -> QuerySet[PlanWithPause]:
    held = Activity.objects.standing().held().filter(planned_activity=OuterRef("pk"))
    here = {"pk": OuterRef("facility")}
    return with_pauses(
        with_agenda(PlannedActivity.objects.in_force(first, today), today)
        .filter(facility__in=_visible(department, user))
        .select_related("activity_type", "facility")
        .knowing(
            last_held_on=Subquery(held.order_by("-held_on").values("held_on")[:1]),
            may_log=Exists(Facility.objects.loggable_by(user).filter(**here)),
            may_manage=Exists(Facility.objects.managed_by(user).filter(**here)),
        )
    )


@prepared
def _lines(
    department: Department, user: User, first: dt.date, today: dt.date
) -> QuerySet[Any, tuple[Any, ...]]:
    """The log by week, decisions and attention points: ``COLUMNS``."""
    log = _log(_visible(department, user), first)
    return log.union(
        _decisions(department, user, today), _points(department, user, today), all=True
    )


def _text(value: str = "") -> Value:
    return Value(value, output_field=CharField())


def _log(facilities: QuerySet[Facility], first: dt.date) -> QuerySet[Any, tuple[Any, ...]]:
    return (
        WeekSummary.objects.planned()
        .filter(facility__in=facilities, monday__gte=first)
        .order_by()
        .annotate(
            what=_text("log"),
            point=F("plan"),
            day=F("monday"),
            word=F("fate"),
            wording=_text(),
            place=_text(),
            parent=Cast(Value(None), IntegerField()),
            may_act=Value(False),
        )
        .values_list(*COLUMNS)
    )


def _decisions(
    department: Department, user: User, today: dt.date
) -> QuerySet[Any, tuple[Any, ...]]:
    mine = Decision.objects.editable_by(user).filter(pk=OuterRef("pk"))
    return (
        Decision.objects.visible_to(user)
        .overdue(today)
        .filter(
            Q(meeting__department=department)
            | Q(meeting__facility__department=department, meeting__facility__closed_on=None)
        )
        .order_by()
        .annotate(
            what=_text("decision"),
            point=F("pk"),
            day=F("due_on"),
            word=_text(),
            times=Value(0),
            wording=F("text"),
            place=F("meeting__facility__name"),
            parent=F("meeting_id"),
            may_act=Exists(mine),
        )
        .values_list(*COLUMNS)
    )


def _points(department: Department, user: User, today: dt.date) -> QuerySet[Any, tuple[Any, ...]]:
    mine = Initiative.objects.editable_by(user).filter(pk=OuterRef("initiative"))
    return (
        AttentionPoint.objects.filter(
            initiative__in=Initiative.objects.visible_to(user)
            .filter(department=department, status__in=FOLLOWED)
            .values("pk"),
            closed_on=None,
            follow_up_on__lt=today,
        )
        .order_by()
        .annotate(
            what=_text("point"),
            point=F("pk"),
            day=F("follow_up_on"),
            word=F("factor"),
            times=Value(0),
            wording=F("text"),
            place=_text(),
            parent=F("initiative_id"),
            may_act=Exists(mine),
        )
        .values_list(*COLUMNS)
    )
