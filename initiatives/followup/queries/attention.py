"""Reads what may require attention: two queries, whatever the number of facilities and plans.

Plans with their pauses; and in a union the log by week, decisions, attention points and the next
meetings: rows of one shape that stand in different tables. Any number of departments at once, for
the first page and the weekly e-mail.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
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
    TimeField,
    Value,
)
from django.db.models.functions import Cast, Coalesce

from krams.danish.weeks import Week
from krams.database.prepared import prepared
from krams.models import Department, Facility, User

from ...enums import Verdict
from ...meetings.models import by_time
from ...meetings.queries.next_agenda import with_agenda
from ...models import (
    Activity,
    AttentionPoint,
    Decision,
    Initiative,
    Meeting,
    PlannedActivity,
    WeekSummary,
)
from ...sustain.queries import PlanWithPause, put_together, recall, with_pauses
from ...sustain.thresholds import Thresholds
from ..attention import concerns_from
from ..concern import Ahead, Concern, Facts, Point
from ..factor_matrix import Courses
from ..overview import FOLLOWED, Table

COLUMNS = (
    *("what", "point", "day", "word", "times", "wording", "place", "parent", "may_act"),
    *("department", "at"),
)


def read_concerns(
    department: Department, user: User, tables: list[Table], today: dt.date, thresholds: Thresholds
) -> tuple[list[Concern], Counter[Verdict], Courses]:
    """What ``concerns_from`` gives, of the facilities that ``user`` may see."""
    facts = read_facts({department.pk: thresholds}, user, today)[department.pk]
    return concerns_from(facts, department, tables, today, thresholds)


def read_facts(
    thresholds: Mapping[int, Thresholds], user: User, today: dt.date
) -> dict[int, Facts]:
    """What there is to judge at the facilities that ``user`` may see, by department.

    ``thresholds`` are by the key of the department; the days before the window of each are left
    out. Two queries, whatever the number of departments.
    """
    if not thresholds:
        return {}
    first = {key: (Week.of(today) - (one.window - 1)).monday for key, one in thresholds.items()}
    asked = list(thresholds), user, min(first.values()), today
    rows, plans = put_together(_plans(*asked), today)
    found = {key: Facts({}, {}) for key in thresholds}
    for pk, planned in rows.items():
        key = planned.facility.department_id
        if not planned.ends_on or planned.ends_on >= first[key]:
            facts = found[key]
            facts.rows[pk], facts.plans[pk] = planned, plans[pk]
    for row in _lines(*asked):
        what, point, day, word, times, wording, place, parent, may_act, key, at = row
        if what == "log":
            if day >= first[key]:
                found[key].logs[point].add(Week.of(day), word, times)
        elif what == "meeting":
            found[key].meetings.append(Ahead(point, day, at, word, place or ""))
        else:
            points = found[key].decisions if what == "decision" else found[key].points
            points.append(Point(point, day, wording, place or "", parent, word, bool(may_act)))
    for pk, planned in rows.items():
        facts = found[planned.facility.department_id]
        if pk in facts.rows:
            recall(facts.logs[pk].held, planned)
    return found


def _visible(departments: list[int], user: User) -> QuerySet[Facility]:
    return Facility.objects.visible_to(user).open().filter(department__in=departments)


@prepared
def _plans(
    departments: list[int], user: User, first: dt.date, today: dt.date
) -> QuerySet[PlanWithPause]:
    held = Activity.objects.standing().held().filter(planned_activity=OuterRef("pk"))
    here = {"pk": OuterRef("facility")}
    return with_pauses(
        with_agenda(PlannedActivity.objects.in_force(first, today), today)
        .filter(facility__in=_visible(departments, user))
        .select_related("activity_type", "facility")
        .knowing(
            last_held_on=Subquery(held.order_by("-held_on").values("held_on")[:1]),
            may_log=Exists(Facility.objects.loggable_by(user).filter(**here)),
            may_manage=Exists(Facility.objects.managed_by(user).filter(**here)),
        )
    )


@prepared
def _lines(
    departments: list[int], user: User, first: dt.date, today: dt.date
) -> QuerySet[Any, tuple[Any, ...]]:
    """The log by week, decisions, attention points and the next meetings: ``COLUMNS``."""
    log = _log(_visible(departments, user), first)
    return log.union(
        _decisions(departments, user, today),
        _points(departments, user, today),
        _meetings(departments, user, today),
        all=True,
    )


# Typed, for PostgreSQL: a bare NULL is a text.
NO_TIME = Cast(Value(None), TimeField())


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
            department=F("facility__department"),
            at=NO_TIME,
        )
        .values_list(*COLUMNS)
    )


def _decisions(
    departments: list[int], user: User, today: dt.date
) -> QuerySet[Any, tuple[Any, ...]]:
    mine = Decision.objects.editable_by(user).filter(pk=OuterRef("pk"))
    return (
        Decision.objects.visible_to(user)
        .overdue(today)
        .filter(
            Q(meeting__department__in=departments)
            | Q(meeting__facility__department__in=departments, meeting__facility__closed_on=None)
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
            department=Coalesce("meeting__department", "meeting__facility__department"),
            at=NO_TIME,
        )
        .values_list(*COLUMNS)
    )


def _points(departments: list[int], user: User, today: dt.date) -> QuerySet[Any, tuple[Any, ...]]:
    mine = Initiative.objects.editable_by(user).filter(pk=OuterRef("initiative"))
    return (
        AttentionPoint.objects.filter(
            initiative__in=Initiative.objects.visible_to(user)
            .filter(department__in=departments, status__in=FOLLOWED)
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
            department=F("initiative__department"),
            at=NO_TIME,
        )
        .values_list(*COLUMNS)
    )


def _meetings(departments: list[int], user: User, today: dt.date) -> QuerySet[Any, tuple[Any, ...]]:
    """The next meeting of each facility and department: none that is over, none that is minuted."""
    # The hour is no part of a prepared query: one of earlier today is told of until midnight.
    ahead = Meeting.objects.standing().filter(held_on__gte=today, minutes="", closed_at=None)
    sooner = ahead.filter(
        Q(facility=OuterRef("facility")) | Q(department=OuterRef("department")),
    ).order_by(*by_time())
    return (
        ahead.visible_to(user)
        .filter(
            Q(department__in=departments)
            | Q(facility__department__in=departments, facility__closed_on=None)
        )
        .filter(pk=Subquery(sooner.values("pk")[:1]))
        .order_by()
        .annotate(
            what=_text("meeting"),
            point=F("pk"),
            day=F("held_on"),
            word=F("kind"),
            times=Value(0),
            wording=_text(),
            at_place=F("facility__name"),
            parent=Cast(Value(None), IntegerField()),
            may_act=Value(False),
            of_department=Coalesce("department", "facility__department"),
            at=F("starts_at"),
        )
        .values_list(
            *("what", "point", "day", "word", "times", "wording", "at_place", "parent"),
            *("may_act", "of_department", "at"),
        )
    )
