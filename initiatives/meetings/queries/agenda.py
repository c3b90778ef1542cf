"""Reads what an agenda is made of: four queries, whatever the number of facilities and plans.

Plans with their pauses; the log by week; the figures of the criteria; and, in a union of rows that
stand in different tables, agenda items, decisions, assessments and attention points.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeAlias

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, NullIf, TruncWeek

from krams.danish.weeks import Week
from krams.privacy.small_counts import HIDDEN, Hidden

from ...criteria.few_people import hide_small
from ...criteria.figures import Figure, Tracked
from ...criteria.queries.figures import read_tracked
from ...criteria.status import rounded
from ...enums import AssessmentLevel, IndicatorKind, InitiativeStatus, MeetingKind
from ...models import (
    Activity,
    AgendaItem,
    Assessment,
    AttentionPoint,
    Decision,
    FacilityIndicator,
    FollowUpSettings,
    Initiative,
    Meeting,
    PlanCount,
    PlannedActivity,
    WeekSummary,
)
from ...sustain.expected import chain
from ...sustain.queries import read_logs, read_plans
from ..agenda_facts import Agreed, Assessed, Attention, Facts, Followed, Item, Measured, Wishes

# A meeting of longer ago is no "last time": nobody remembers it, and the log grows by the year.
LONGEST_LOOK_BACK = dt.timedelta(weeks=52)

# Rows, and what stands in the columns of ``POINTS``.
Part: TypeAlias = tuple[QuerySet[Any], tuple[Combinable, ...]]


def read_facts(meeting: Meeting, today: dt.date) -> Facts:
    """The facts for ``meeting``, which must come from ``Meeting.objects.for_page``."""
    settings = FollowUpSettings.of(meeting.municipality)
    previous = meeting.previous_on
    if previous and meeting.held_on - previous > LONGEST_LOOK_BACK:
        previous = None
    facts = Facts(
        today=today,
        held_on=meeting.held_on,
        meeting_id=meeting.pk,
        previous_on=previous,
        next_on=meeting.next_on,
        many_places=meeting.facility_id is None,
        thresholds=settings.thresholds(),
        wishes=meeting.wishes,
    )
    return replace(
        facts,
        followed=tuple(_followed(meeting, facts)),
        measured=tuple(_measured(meeting, facts, settings)),
        **_points(meeting, facts),
    )


def _places(meeting: Meeting, path: str) -> Q:
    """Rows of the meeting's facility, or of all open facilities of its department."""
    if meeting.facility_id:
        return Q(**{path: meeting.facility_id})
    return Q(**{f"{path}__department": meeting.department_id, f"{path}__closed_on__isnull": True})


def _followed(meeting: Meeting, facts: Facts) -> Iterator[Followed]:
    first_day = min(facts.as_of, facts.previous_on or facts.as_of)
    first = (Week.of(first_day) - (facts.thresholds.window - 1)).monday
    rows, plans = read_plans(_plans(meeting, first, facts.as_of), facts.as_of)
    logs = read_logs(_log(meeting, first, facts.as_of), rows.values())
    for row in rows.values():
        if plans[row.pk].is_current(facts.as_of):
            yield Followed(
                pk=row.pk,
                title=str(row),
                factors=row.factors,
                facility=row.facility.name if facts.many_places else "",
                facility_slug=row.facility.slug,
                course=tuple((plans[link.pk], logs[link.pk]) for link in chain(row, rows)),
            )


def _log(meeting: Meeting, first: dt.date, last: dt.date) -> QuerySet[Any, PlanCount]:
    """Until ``last``, on which the agenda stands: of that week only the days that had been."""
    week = Week.of(last)
    here = _places(meeting, "facility")
    whole = WeekSummary.objects.filter(here, monday__range=(first, (week - 1).monday)).order_by()
    begun = (
        Activity.objects.standing()
        .filter(here, planned_activity__isnull=False, held_on__range=(week.monday, last))
        .with_fate()
        .order_by()
        .annotate(monday=TruncWeek("held_on"))
        .values_list("planned_activity_id", "monday", "fate")
        .annotate(times=Count("pk"))
    )
    return whole.counts().union(begun, all=True)


def _plans(meeting: Meeting, first: dt.date, last: dt.date) -> QuerySet[PlannedActivity]:
    """What runs between two days; ``last_held_on`` is the last time before that."""
    earlier = (
        Activity.objects.standing()
        .held()
        .filter(planned_activity=OuterRef("pk"), held_on__lt=first)
        .order_by("-held_on")
    )
    return (
        PlannedActivity.objects.in_force(first, last)
        .filter(_places(meeting, "facility"))
        .select_related("activity_type", "facility")
        .knowing(last_held_on=Subquery(earlier.values("held_on")[:1]))
    )


PLACE = ("facility__name", "facility__department_id", "facility__closed_on")
CRITERION = ("indicator__criterion__short_title", "indicator__criterion__factors")


def _measured(meeting: Meeting, facts: Facts, settings: FollowUpSettings) -> Iterator[Measured]:
    """Of each indicator the latest figure, where it came since last time.

    The other facilities of the initiatives are read too: an agenda must not show what the overview
    hides, with whose totals it could be compared.
    """
    concerned = Initiative.objects.filter(_places(meeting, "facilities"))
    followed = FacilityIndicator.objects.filter(
        indicator__criterion__initiative__in=concerned.values("pk"),
        indicator__criterion__initiative__facilities=F("facility"),
        indicator__criterion__retired=False,
        indicator__retired=False,
    ).exclude(indicator__kind=IndicatorKind.LOG)
    tracked = read_tracked(
        followed,
        facts.as_of,
        settings.smallest_shown_count,
        (*PLACE, *CRITERION),
        least_change=settings.least_change(),
    )
    in_overview = defaultdict(list)
    for one in tracked:
        if not one.more["facility__closed_on"]:
            in_overview[one.indicator_id].append(one)
    for same in in_overview.values():
        hide_small(same, total_shown=True)
    for one in tracked:
        if one.latest and one.latest.day >= facts.since and _is_here(meeting, one):
            yield _news_of(one, facts)


def _is_here(meeting: Meeting, one: Tracked) -> bool:
    if meeting.facility_id:
        return one.facility_id == meeting.facility_id
    is_closed = one.more["facility__closed_on"]
    return one.more["facility__department_id"] == meeting.department_id and not is_closed


def _news_of(one: Tracked, facts: Facts) -> Measured:
    def shown(figure: Figure) -> Decimal | Hidden:
        if one.hides(figure):
            return HIDDEN
        return rounded(figure.value, one.kind)

    latest, before = one.latest, one.before
    assert latest is not None, "without a figure there is no news"
    title, factors = (one.more[name] for name in CRITERION)
    return Measured(
        facility=one.more["facility__name"] if facts.many_places else "",
        factors=factors,
        criterion=title,
        indicator=one.name,
        unit=one.unit,
        day=latest.day,
        value=shown(latest),
        before=None if before is None else shown(before),
        target=None if one.facts.target is None else rounded(one.facts.target, one.kind),
        counts=_counts(one),
        judgement=one.judged_on(latest.day),
    )


def _counts(one: Tracked) -> tuple[int, ...]:
    """Part and whole of the latest share, and of the one before where that may be shown."""
    if one.is_hidden or not one.n:
        return ()
    shown = [figure for figure in (one.latest, one.shown_before) if figure]
    counts = (count for figure in shown for count in (figure.numerator, figure.denominator))
    return tuple(count for count in counts if count is not None)


# Typed: PostgreSQL takes a bare NULL for text, and a date or number below it for a mistake.
NO_TEXT = Value("", output_field=models.CharField())
NO_DAY = Cast(Value(None), models.DateField())
NO_NUMBER = Cast(Value(None), models.IntegerField())

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


def _points(meeting: Meeting, facts: Facts) -> dict[str, Any]:
    """Agenda items, decisions, assessments and attention points, by the names that facts have."""
    found = defaultdict(list)
    parts = (_agenda_items, _decisions, _assessments, _attention_points, _earlier_wishes)
    rows = _union(POINTS, *(part(meeting, facts) for part in parts))
    for row in sorted(rows, key=lambda row: row.point):
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
    )


def _of_meeting() -> tuple[Combinable, ...]:
    title = NullIf(F("planned_activity__title"), Value(""))
    return (
        *(F("pk"), F("text"), F("planned_activity")),
        Coalesce(title, F("planned_activity__activity_type__name")),
        *(F("meeting"), F("meeting__kind"), F("meeting__held_on"), F("meeting__facility__name")),
    )


def _same_company(meeting: Meeting) -> Q:
    """The meetings of the place; what managers discuss does not come up among residents."""
    here = Q(meeting__facility=meeting.facility_id, meeting__department=meeting.department_id)
    if meeting.kind != MeetingKind.MANAGEMENT:
        here &= ~Q(meeting__kind=MeetingKind.MANAGEMENT)
    return here


def _agenda_items(meeting: Meeting, facts: Facts) -> Part:
    """Its own, and those of earlier meetings, also cancelled ones, that were not dealt with.

    An activity about which something was decided then has been dealt with.
    """
    first = meeting.held_on - LONGEST_LOOK_BACK
    decided = Decision.objects.standing().filter(
        meeting=OuterRef("meeting"), planned_activity=OuterRef("planned_activity")
    )
    is_over = Q(meeting__removed_at__isnull=False) | Q(meeting__held_on__lt=facts.today)
    earlier = (
        _same_company(meeting)
        & is_over
        & Q(handled_on=None, meeting__held_on__range=(first, meeting.held_on))
        & ~Exists(decided)
    )
    found = AgendaItem.objects.standing().filter(Q(meeting=meeting.pk) | earlier)
    return found, (
        *(_what("items"), *_of_meeting()),
        *(NO_TEXT, NO_DAY, F("handled_on"), NO_TEXT, F("version"), NO_TEXT),
    )


def _earlier_wishes(meeting: Meeting, facts: Facts) -> Part:
    """What residents had wished for meetings that were cancelled since the last one."""
    found = Meeting.objects.filter(
        removed_at__isnull=False,
        kind=meeting.kind,
        facility=meeting.facility_id,
        department=meeting.department_id,
        held_on__range=(facts.since, meeting.held_on),
    )
    return found.exclude(wishes="").exclude(pk=meeting.pk), (
        *(_what("earlier_wishes"), F("pk"), F("wishes"), NO_NUMBER, NO_TEXT),
        *(NO_NUMBER, NO_TEXT, F("held_on"), NO_TEXT),
        *(NO_TEXT, NO_DAY, NO_DAY, NO_TEXT, F("version"), NO_TEXT),
    )


def _decisions(meeting: Meeting, facts: Facts) -> Part:
    """Its own, and of earlier meetings what is open or was closed since the last one.

    What managers agreed among themselves does not come up at the residents' meetings. A
    department's follow-up asks its facilities only for what is past its date.
    """
    earlier = _same_company(meeting) & (Q(closed_on=None) | Q(closed_on__gte=facts.since))
    earlier &= Q(meeting__held_on__lte=meeting.held_on)
    if meeting.department_id:
        earlier |= Q(
            meeting__facility__department=meeting.department_id,
            closed_on=None,
            due_on__lt=facts.as_of,
        )
    found = Decision.objects.standing().filter(Q(meeting=meeting.pk) | earlier)
    return found, (
        *(_what("decisions"), *_of_meeting()),
        *(F("responsible_role"), F("due_on"), F("closed_on"), F("closing_note"), F("version")),
        NO_TEXT,
    )


def _assessments(meeting: Meeting, facts: Facts) -> Part:
    found = Assessment.objects.filter(
        _places(meeting, "facility"), assessed_on__range=(facts.since, facts.as_of)
    )
    return found, (
        *(_what("assessed"), F("pk"), F("reason"), NO_NUMBER, F("criterion__short_title")),
        *(NO_NUMBER, F("level"), F("assessed_on"), F("facility__name")),
        *(NO_TEXT, NO_DAY, NO_DAY, NO_TEXT, F("version"), F("criterion__factors")),
    )


def _attention_points(meeting: Meeting, facts: Facts) -> Part:
    concerned = Initiative.objects.exclude(
        status__in=(InitiativeStatus.DRAFT, InitiativeStatus.ENDED)
    )
    if meeting.facility_id:
        here = Q(facilities=meeting.facility_id) | Q(facility=meeting.facility_id)
        concerned = concerned.filter(here)
    else:
        concerned = concerned.filter(department=meeting.department_id)
    found = AttentionPoint.objects.filter(
        initiative__in=concerned.values("pk"), closed_on=None, follow_up_on__lte=facts.horizon
    )
    return found, (
        *(_what("attention"), F("pk"), F("text"), NO_NUMBER, NO_TEXT),
        *(NO_NUMBER, NO_TEXT, F("follow_up_on"), NO_TEXT),
        *(NO_TEXT, NO_DAY, NO_DAY, NO_TEXT, NO_NUMBER, F("factor")),
    )
