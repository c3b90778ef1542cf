"""Reads the points of an agenda in one query: a union of rows that stand in different tables.

Agenda items, decisions, assessments, attention points, and wishes of meetings that were cancelled.
"""

import datetime as dt
from collections import defaultdict
from typing import Any, NamedTuple, TypeAlias

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, NullIf

from krams.database.prepared import prepared

from ...enums import AssessmentLevel, InitiativeStatus, MeetingKind
from ...models import AgendaItem, Assessment, AttentionPoint, Decision, Initiative, Meeting
from ..agenda_facts import Agreed, Assessed, Attention, Facts, Item, Wishes

# A meeting of longer ago is no "last time": nobody remembers it, and the log grows by the year.
LONGEST_LOOK_BACK = dt.timedelta(weeks=52)

# Rows, and what stands in the columns of ``POINTS``.
Part: TypeAlias = tuple[QuerySet[Any], tuple[Combinable, ...]]


def places(facility: int | None, department: int | None, path: str) -> Q:
    """Rows of the meeting's facility, or of all open facilities of its department."""
    if facility is not None:
        return Q(**{path: facility})
    return Q(**{f"{path}__department": department, f"{path}__closed_on__isnull": True})


# Typed: PostgreSQL takes a bare NULL for text, and a date or number below it for a mistake.
NO_TEXT = Value("", output_field=models.CharField())
NO_DAY = Cast(Value(None), models.DateField())
NO_NUMBER = Cast(Value(None), models.IntegerField())
# In the column ``letters`` of a decision.
DROPPED = "dropped"

POINTS = (
    *("what", "point", "wording", "plan", "heading", "at_meeting", "way", "on_day", "place_name"),
    *("role", "due", "done", "came_of_it", "edition", "letters"),
)


def _what(name: str) -> Value:
    return Value(name, output_field=models.CharField())


def _union(columns: tuple[str, ...], *parts: Part) -> QuerySet[Any, Any]:
    """All rows under the columns of the first part; the expressions are named by position."""
    named = [
        queryset.order_by()
        .annotate(**dict(zip(columns, expressions, strict=True)))
        .values_list(*columns, named=True)
        for queryset, expressions in parts
    ]
    rows: QuerySet[Any, Any] = named[0].union(*named[1:], all=True)
    return rows


class _Asked(NamedTuple):
    """The meeting that points are read for, and the days that decide which."""

    meeting: int
    kind: MeetingKind
    facility: int | None
    department: int | None
    held_on: dt.date
    oldest: dt.date
    since: dt.date
    as_of: dt.date
    horizon: dt.date
    today: dt.date


@prepared
def _read_points(
    meeting: int,
    kind: MeetingKind,
    facility: int | None,
    department: int | None,
    held_on: dt.date,
    oldest: dt.date,
    since: dt.date,
    as_of: dt.date,
    horizon: dt.date,
    today: dt.date,
) -> QuerySet[Any, Any]:
    asked = _Asked(
        *(meeting, kind, facility, department),
        *(held_on, oldest, since, as_of, horizon, today),
    )
    parts = (_agenda_items, _decisions, _assessments, _attention_points, _earlier_wishes)
    return _union(POINTS, *(part(asked) for part in parts))


def read_points(meeting: Meeting, facts: Facts) -> dict[str, Any]:
    """Agenda items, decisions, assessments and attention points, by the names that facts have."""
    found = defaultdict(list)
    asked = _Asked(
        meeting=meeting.pk,
        kind=MeetingKind(meeting.kind),
        facility=meeting.facility_id,
        department=meeting.department_id,
        held_on=meeting.held_on,
        oldest=meeting.held_on - LONGEST_LOOK_BACK,
        since=facts.since,
        as_of=facts.as_of,
        horizon=facts.horizon,
        today=facts.today,
    )
    for row in sorted(_read_points(*asked), key=lambda row: row.point):
        found[row.what].append(_point(row, facts))
    return {what: tuple(points) for what, points in found.items()}


def _point(row: Any, facts: Facts) -> Item | Agreed | Assessed | Attention | Wishes:
    match row.what:
        case "items":
            return Item(
                pk=row.point,
                text=row.wording,
                plan_id=row.plan,
                plan_title=row.heading or "",
                version=row.edition,
                handled_on=row.done,
                meeting_id=row.at_meeting,
                put_on=row.on_day,
            )
        case "earlier_wishes":
            return Wishes(row.wording, row.on_day)
        case "assessed":
            place = row.place_name if facts.many_places else ""
            level = AssessmentLevel(row.way)
            return Assessed(place, row.letters, row.heading, level, row.wording, row.on_day)
        case "attention":
            return Attention(row.wording, row.letters, row.on_day)
    return Agreed(
        pk=row.point,
        text=row.wording,
        responsible_role=row.role,
        due_on=row.due,
        closed_on=row.done,
        closing_note=row.came_of_it,
        plan_id=row.plan,
        plan_title=row.heading or "",
        meeting_id=row.at_meeting,
        kind=row.way,
        made_on=row.on_day,
        place=row.place_name or "",
        version=row.edition,
        dropped=row.letters == DROPPED,
    )


def _of_meeting() -> tuple[Combinable, ...]:
    title = NullIf(F("planned_activity__title"), Value(""))
    return (
        *(F("pk"), F("text"), F("planned_activity")),
        Coalesce(title, F("planned_activity__activity_type__name")),
        *(F("meeting"), F("meeting__kind"), F("meeting__held_on"), F("meeting__facility__name")),
    )


def _same_company(asked: _Asked) -> Q:
    """The meetings of the place; what managers discuss does not come up among residents."""
    here = Q(meeting__facility=asked.facility, meeting__department=asked.department)
    if asked.kind != MeetingKind.MANAGEMENT:
        here &= ~Q(meeting__kind=MeetingKind.MANAGEMENT)
    return here


def _agenda_items(asked: _Asked) -> Part:
    """Its own, and those of earlier meetings, also cancelled ones, that were not dealt with.

    An activity about which something was decided then has been dealt with.
    """
    decided = Decision.objects.standing().filter(
        meeting=OuterRef("meeting"), planned_activity=OuterRef("planned_activity")
    )
    is_over = Q(meeting__removed_at__isnull=False) | Q(meeting__held_on__lt=asked.today)
    earlier = (
        _same_company(asked)
        & is_over
        & Q(handled_on=None, meeting__held_on__range=(asked.oldest, asked.held_on))
        & ~Exists(decided)
    )
    found = AgendaItem.objects.standing().filter(Q(meeting=asked.meeting) | earlier)
    return found, (
        *(_what("items"), *_of_meeting()),
        *(NO_TEXT, NO_DAY, F("handled_on"), NO_TEXT, F("version"), NO_TEXT),
    )


def _earlier_wishes(asked: _Asked) -> Part:
    """What residents had wished for meetings that were cancelled since the last one."""
    found = Meeting.objects.filter(
        removed_at__isnull=False,
        kind=asked.kind,
        facility=asked.facility,
        department=asked.department,
        held_on__range=(asked.since, asked.held_on),
    )
    return found.exclude(wishes="").exclude(pk=asked.meeting), (
        *(_what("earlier_wishes"), F("pk"), F("wishes"), NO_NUMBER, NO_TEXT),
        *(NO_NUMBER, NO_TEXT, F("held_on"), NO_TEXT),
        *(NO_TEXT, NO_DAY, NO_DAY, NO_TEXT, F("version"), NO_TEXT),
    )


def _decisions(asked: _Asked) -> Part:
    """Its own, and of earlier meetings what is open or was closed since the last one.

    What managers agreed among themselves does not come up at the residents' meetings. A
    department's follow-up asks its facilities only for what is past its date.
    """
    earlier = _same_company(asked) & (Q(closed_on=None) | Q(closed_on__gte=asked.since))
    earlier &= Q(meeting__held_on__lte=asked.held_on)
    if asked.department is not None:
        earlier |= Q(
            meeting__facility__department=asked.department,
            closed_on=None,
            due_on__lt=asked.as_of,
        )
    found = Decision.objects.standing().filter(Q(meeting=asked.meeting) | earlier)
    return found, (
        *(_what("decisions"), *_of_meeting()),
        *(F("responsible_role"), F("due_on"), F("closed_on"), F("closing_note"), F("version")),
        Case(When(dropped=True, then=Value(DROPPED)), default=NO_TEXT),
    )


def _assessments(asked: _Asked) -> Part:
    found = Assessment.objects.filter(
        places(asked.facility, asked.department, "facility"),
        assessed_on__range=(asked.since, asked.as_of),
    )
    return found, (
        *(_what("assessed"), F("pk"), F("reason"), NO_NUMBER, F("criterion__short_title")),
        *(NO_NUMBER, F("level"), F("assessed_on"), F("facility__name")),
        *(NO_TEXT, NO_DAY, NO_DAY, NO_TEXT, F("version"), F("criterion__factors")),
    )


def _attention_points(asked: _Asked) -> Part:
    concerned = Initiative.objects.exclude(
        status__in=(InitiativeStatus.DRAFT, InitiativeStatus.ENDED)
    )
    if asked.facility is not None:
        here = Q(facilities=asked.facility) | Q(facility=asked.facility)
        concerned = concerned.filter(here)
    else:
        concerned = concerned.filter(department=asked.department)
    found = AttentionPoint.objects.filter(
        initiative__in=concerned.values("pk"), closed_on=None, follow_up_on__lte=asked.horizon
    )
    return found, (
        *(_what("attention"), F("pk"), F("text"), NO_NUMBER, NO_TEXT),
        *(NO_NUMBER, NO_TEXT, F("follow_up_on"), NO_TEXT),
        *(NO_TEXT, NO_DAY, NO_DAY, NO_TEXT, NO_NUMBER, F("factor")),
    )
