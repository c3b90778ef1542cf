"""Reads what an agenda is made of: four queries, whatever the number of facilities and plans.

Plans with their pauses; the log by week; news of the initiatives (measurements, assessments,
attention points); points of the meetings (agenda items, decisions). The last two are unions: rows
of one shape that stand in different tables.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce, NullIf, TruncWeek

from krams.danish import Week

from . import rhythm, status
from .agenda_facts import (
    Agreed,
    Assessed,
    Attention,
    Facts,
    Figure,
    Followed,
    Item,
    Measured,
)
from .enums import AssessmentLevel, InitiativeStatus, MeetingKind, Outcome
from .models import (
    Activity,
    AgendaItem,
    Assessment,
    AttentionPoint,
    Decision,
    FollowUpSettings,
    Initiative,
    Measurement,
    Meeting,
    PlannedActivity,
)
from .strip import Log

# A meeting of longer ago is no "last time": nobody remembers it, and the log grows by the year.
LONGEST_LOOK_BACK = dt.timedelta(weeks=52)


def read_facts(meeting: Meeting, today: dt.date) -> Facts:
    """The facts for ``meeting``, which must come from ``Meeting.objects.for_page``."""
    settings = settings_of(meeting)
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
        smallest_shown=settings.smallest_shown_count,
        wishes=meeting.wishes,
    )
    items, decisions = _points(meeting, facts)
    measured, assessed, attention = _news(meeting, facts)
    return replace(
        facts,
        followed=tuple(_followed(meeting, facts)),
        items=tuple(items),
        decisions=tuple(decisions),
        measured=tuple(measured),
        assessed=tuple(assessed),
        attention=tuple(attention),
    )


def settings_of(meeting: Meeting) -> FollowUpSettings:
    """The municipality's, or the defaults where it has chosen nothing."""
    try:
        return meeting.municipality.follow_up_settings
    except FollowUpSettings.DoesNotExist:
        return FollowUpSettings()


def _places(meeting: Meeting, path: str) -> Q:
    """Rows of the meeting's facility, or of all open facilities of its department."""
    if meeting.facility_id:
        return Q(**{path: meeting.facility_id})
    return Q(**{f"{path}__department": meeting.department_id, f"{path}__closed_on__isnull": True})


def _followed(meeting: Meeting, facts: Facts) -> Iterator[Followed]:
    first_day = min(facts.as_of, facts.previous_on or facts.as_of)
    first = (Week.of(first_day) - (facts.thresholds.window - 1)).monday
    plans = _plans(meeting, first, facts.as_of)
    logs = _logs(meeting, first, facts.as_of)
    for row, _plan in plans.values():
        if row.last_held_before:
            # Also where it lies before the window: what was held once has not just begun.
            logs[row.pk].held.setdefault(Week.of(row.last_held_before), 1)
    for row, plan in plans.values():
        if plan.is_current(facts.as_of):
            chain = _chain(row, plans)
            yield Followed(
                pk=row.pk,
                title=str(row),
                factors=row.factors,
                facility=row.facility.name if facts.many_places else "",
                facility_slug=row.facility.slug,
                course=tuple((plan, logs[link.pk]) for link, plan in chain),
            )


def _chain(row: PlannedActivity, plans: dict) -> list:
    """The plan and those it replaces, newest first, as far back as they were read."""
    links = [plans[row.pk]]
    while (older := links[-1][0].replaces_id) in plans and len(links) <= len(plans):
        links.append(plans[older])
    return links


def _plans(
    meeting: Meeting, first: dt.date, last: dt.date
) -> dict[int, tuple[PlannedActivity, rhythm.Plan]]:
    """One row a pause, put together again: a query less than fetching the pauses by themselves."""
    earlier = (
        Activity.objects.standing()
        .held()
        .filter(planned_activity=OuterRef("pk"), held_on__lt=first)
        .order_by("-held_on")
    )
    rows = (
        PlannedActivity.objects.in_force(first, last)
        .filter(_places(meeting, "facility"))
        .select_related("activity_type", "facility")
        .annotate(
            last_held_before=Subquery(earlier.values("held_on")[:1]),
            pause_from=F("pauses__starts_on"),
            pause_until=F("pauses__restarts_on"),
            pause_reason=F("pauses__reason"),
        )
        .order_by("pk", "pauses__starts_on")
    )
    pauses, by_id = defaultdict(list), {}
    for row in rows:
        by_id[row.pk] = row
        if row.pause_from:
            pauses[row.pk].append(rhythm.Pause(row.pause_from, row.pause_until, row.pause_reason))
    return {
        row.pk: (
            row,
            rhythm.Plan(
                starts_on=row.starts_on,
                ends_on=row.ends_on,
                weekdays=row.weekday_list,
                times_per_week=row.times_per_week,
                pauses=tuple(pauses[row.pk]),
            ),
        )
        for row in by_id.values()
    }


def _logs(meeting: Meeting, first: dt.date, last: dt.date) -> dict[int, Log]:
    logs = defaultdict(lambda: Log(Counter(), defaultdict(Counter)))
    rows = (
        Activity.objects.standing()
        .filter(_places(meeting, "facility"), held_on__range=(first, last))
        .exclude(planned_activity=None)
        .annotate(monday=TruncWeek("held_on"))
        .values_list("planned_activity", "monday", "outcome", "cancellation_reason")
        .annotate(times=Count("pk"))
        .order_by()
    )
    for plan, monday, outcome, reason, times in rows:
        week = Week.of(monday)
        if outcome == Outcome.HELD:
            logs[plan].held[week] += times
        else:
            logs[plan].cancelled[week][reason] += times
    return logs


def _union(columns: tuple[str, ...], *parts):
    """All rows under the columns of the first part; the expressions are named by position."""
    named = [
        queryset.order_by()
        .annotate(**dict(zip(columns, expressions, strict=True)))
        .values_list(*columns, named=True)
        for queryset, expressions in parts
    ]
    return named[0].union(*named[1:], all=True)


# Typed: PostgreSQL takes a bare NULL for text, and a date or number below it for a mistake.
NO_TEXT = Value("", output_field=models.CharField())
NO_DAY = Cast(Value(None), models.DateField())
NO_NUMBER = Cast(Value(None), models.IntegerField())
NO_FIGURE = Cast(Value(None), models.DecimalField(max_digits=14, decimal_places=4))


def _what(name: str) -> Value:
    return Value(name, output_field=models.CharField())


NEWS = (
    *("what", "day", "place_name", "letters", "criterion_name", "indicator_name", "unit_name"),
    *("way", "words", "figure", "upper", "lower", "figure_before", "upper_before", "lower_before"),
    *("sort", "how_often", "begins", "base", "base_on", "goal", "goal_on"),
)


def _news(meeting: Meeting, facts: Facts):
    """Measurements, assessments and attention points, as three lists."""
    span = (facts.since, facts.as_of)
    lists = {"measured": [], "assessed": [], "attention": []}
    for row in _union(
        NEWS,
        _measurements(meeting, span),
        _assessments(meeting, span),
        _attention_points(meeting, facts.horizon),
    ):
        place = row.place_name if facts.many_places else ""
        if row.what == "measured":
            fact = _measured(row, place)
        elif row.what == "assessed":
            level = AssessmentLevel(row.way)
            fact = Assessed(place, row.letters, row.criterion_name, level, row.words, row.day)
        else:
            fact = Attention(row.words, row.letters, row.day)
        lists[row.what].append(fact)
    return lists.values()


def _measured(row, place: str) -> Measured:
    before, points = None, (status.Point(row.day, row.figure),)
    if row.figure_before is not None:
        before = Figure(row.figure_before, row.upper_before, row.lower_before)
        points = (status.Point(row.day, row.figure_before), *points)
    return Measured(
        facility=place,
        factors=row.letters,
        criterion=row.criterion_name,
        indicator=row.indicator_name,
        unit=row.unit_name,
        course=status.Facts(
            kind=row.sort,
            direction=row.way,
            frequency=row.how_often,
            starts_on=row.begins,
            baseline=row.base,
            baseline_on=row.base_on,
            target=row.goal,
            target_on=row.goal_on,
            points=points,
        ),
        figure=Figure(row.figure, row.upper, row.lower),
        before=before,
    )


def _measurements(meeting: Meeting, span):
    earlier = Measurement.objects.filter(
        facility_indicator=OuterRef("facility_indicator"),
        measured_on__lt=OuterRef("measured_on"),
        removed_at=None,
    ).order_by("-measured_on")
    of, indicator = "facility_indicator", "facility_indicator__indicator"
    found = Measurement.objects.filter(
        _places(meeting, f"{of}__facility"), measured_on__range=span, removed_at=None
    )
    return found, (
        *(_what("measured"), F("measured_on"), F(f"{of}__facility__name")),
        *(F(f"{indicator}__criterion__factors"), F(f"{indicator}__criterion__short_title")),
        *(F(f"{indicator}__name"), F(f"{indicator}__unit"), F(f"{indicator}__direction")),
        *(NO_TEXT, F("value"), F("numerator"), F("denominator")),
        *(Subquery(earlier.values(name)[:1]) for name in ("value", "numerator", "denominator")),
        *(F(f"{indicator}__{name}") for name in ("kind", "frequency", "starts_on")),
        *(F(f"{of}__{name}") for name in ("baseline", "baseline_on", "target", "target_on")),
    )


NO_FIGURES = (
    *(NO_FIGURE, NO_NUMBER, NO_NUMBER, NO_FIGURE, NO_NUMBER, NO_NUMBER),
    *(NO_TEXT, NO_TEXT, NO_DAY, NO_FIGURE, NO_DAY, NO_FIGURE, NO_DAY),
)


def _assessments(meeting: Meeting, span):
    found = Assessment.objects.filter(_places(meeting, "facility"), assessed_on__range=span)
    return found, (
        *(_what("assessed"), F("assessed_on"), F("facility__name"), F("criterion__factors")),
        *(F("criterion__short_title"), NO_TEXT, NO_TEXT, F("level"), F("reason")),
        *NO_FIGURES,
    )


def _attention_points(meeting: Meeting, horizon: dt.date):
    concerned = Initiative.objects.exclude(
        status__in=(InitiativeStatus.DRAFT, InitiativeStatus.ENDED)
    )
    if meeting.facility_id:
        here = Q(facilities=meeting.facility_id) | Q(facility=meeting.facility_id)
        concerned = concerned.filter(here)
    else:
        concerned = concerned.filter(department=meeting.department_id)
    found = AttentionPoint.objects.filter(
        initiative__in=concerned.values("pk"), closed_on=None, follow_up_on__lte=horizon
    )
    return found, (
        *(_what("attention"), F("follow_up_on"), NO_TEXT, F("factor")),
        *(NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, F("text")),
        *NO_FIGURES,
    )


POINTS = (
    *("what", "point", "wording", "plan", "plan_name", "at_meeting", "at_kind", "on_day"),
    *("place_name", "role", "due", "done", "came_of_it", "edition"),
)


def _points(meeting: Meeting, facts: Facts):
    """Agenda items and decisions, as two lists."""
    items, decisions = [], []
    rows = _union(POINTS, _agenda_items(meeting, facts), _decisions(meeting, facts))
    for row in sorted(rows, key=lambda row: row.point):
        if row.what == "item":
            items.append(Item(row.point, row.wording, row.plan, row.plan_name or "", row.edition))
            continue
        decisions.append(
            Agreed(
                pk=row.point,
                text=row.wording,
                responsible_role=row.role,
                due_on=row.due,
                closed_on=row.done,
                closing_note=row.came_of_it,
                plan_id=row.plan,
                plan_title=row.plan_name or "",
                meeting_id=row.at_meeting,
                kind=row.at_kind,
                made_on=row.on_day,
                place=row.place_name or "",
                version=row.edition,
            )
        )
    return items, decisions


def _of_meeting():
    title = NullIf(F("planned_activity__title"), Value(""))
    return (
        *(F("pk"), F("text"), F("planned_activity")),
        Coalesce(title, F("planned_activity__activity_type__name")),
        *(F("meeting"), F("meeting__kind"), F("meeting__held_on"), F("meeting__facility__name")),
    )


def _agenda_items(meeting: Meeting, facts: Facts):
    """Its own, and those of meetings of its kind that were cancelled since the last one."""
    cancelled = Q(
        meeting__removed_at__isnull=False,
        meeting__kind=meeting.kind,
        meeting__facility=meeting.facility_id,
        meeting__department=meeting.department_id,
        meeting__held_on__range=(facts.since, meeting.held_on),
    )
    found = AgendaItem.objects.standing().filter(Q(meeting=meeting.pk) | cancelled)
    return found, (
        *(_what("item"), *_of_meeting()),
        *(NO_TEXT, NO_DAY, NO_DAY, NO_TEXT, F("version")),
    )


def _decisions(meeting: Meeting, facts: Facts):
    """Its own, and of earlier meetings what is open or was closed since the last one.

    What managers agreed among themselves does not come up at the residents' meetings. A
    department's follow-up asks its facilities only for what is past its date.
    """
    here = Q(meeting__facility=meeting.facility_id, meeting__department=meeting.department_id)
    if meeting.kind != MeetingKind.MANAGEMENT:
        here &= ~Q(meeting__kind=MeetingKind.MANAGEMENT)
    earlier = here & (Q(closed_on=None) | Q(closed_on__gte=facts.since))
    if meeting.department_id:
        earlier |= Q(
            meeting__facility__department=meeting.department_id,
            closed_on=None,
            due_on__lt=facts.as_of,
        )
    found = Decision.objects.standing().filter(
        Q(meeting=meeting.pk) | earlier & Q(meeting__held_on__lte=meeting.held_on)
    )
    return found, (
        *(_what("decision"), *_of_meeting()),
        *(F("responsible_role"), F("due_on"), F("closed_on"), F("closing_note"), F("version")),
    )
