"""Reads what an agenda is made of: four queries, whatever the number of facilities and plans.

Plans with their pauses; the log by week; the figures of the criteria; and, in a union of rows that
stand in different tables, agenda items, decisions, assessments and attention points.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncWeek

from krams.danish.weeks import Week
from krams.database.prepared import prepared
from krams.models import User
from krams.people.access import one_of
from krams.privacy.small_counts import HIDDEN, Hidden

from ...criteria.figures import Figure, Tracked
from ...criteria.queries.figures import tracked_of, tracked_rows
from ...criteria.status import rounded
from ...enums import IndicatorKind
from ...models import (
    Activity,
    FacilityIndicator,
    FollowUpSettings,
    Meeting,
    PlanCount,
    PlannedActivity,
    WeekSummary,
)
from ...sustain.expected import chain
from ...sustain.queries import read_logs, read_plans
from ..agenda_facts import Facts, Followed, Measured
from .agenda_points import LONGEST_LOOK_BACK, places, read_points


@prepared
def _meeting(user: User, pk: int) -> QuerySet[Meeting]:
    return Meeting.objects.visible_to(user).for_page(user).filter(pk=pk).order_by()


def meeting_of(user: User, pk: int) -> Meeting:
    """The meeting with what its page asks of it (``for_page``). Raises ``Http404``."""
    return one_of(_meeting(user, pk))


def read_facts(meeting: Meeting, user: User, today: dt.date) -> Facts:
    """What ``user`` may know for ``meeting``, which must come from ``Meeting.objects.for_page``."""
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
        **read_points(meeting, facts),
    )


def _places_of(meeting: Meeting, path: str) -> Q:
    return places(meeting.facility_id, meeting.department_id, path)


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
    here = _places_of(meeting, "facility")
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
        .filter(_places_of(meeting, "facility"))
        .select_related("activity_type", "facility")
        .knowing(last_held_on=Subquery(earlier.values("held_on")[:1]))
    )


PLACE = ("facility__name",)
CRITERION = ("indicator__criterion__short_title", "indicator__criterion__factors")
MORE = (*PLACE, *CRITERION)


@prepared
def _figures(facility: int | None, department: int | None) -> QuerySet[Any, dict[str, Any]]:
    followed = FacilityIndicator.objects.filter(
        places(facility, department, "facility"),
        indicator__criterion__initiative__facilities=F("facility"),
        indicator__criterion__retired=False,
        indicator__retired=False,
    ).exclude(indicator__kind=IndicatorKind.LOG)
    return tracked_rows(followed, MORE)


def _measured(meeting: Meeting, facts: Facts, settings: FollowUpSettings) -> Iterator[Measured]:
    """Of each indicator the latest figure, where it came since last time."""
    tracked = tracked_of(
        _figures(meeting.facility_id, meeting.department_id),
        facts.as_of,
        settings.smallest_shown,
        MORE,
        least_change=settings.least_change(),
    )
    for one in tracked:
        if one.latest and one.latest.day >= facts.since:
            yield _news_of(one, facts)


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
        people=None if one.is_hidden else latest.people,
        judgement=one.judged_on(latest.day),
    )


def _counts(one: Tracked) -> tuple[int, ...]:
    """Part and whole of the latest share, and of the one before where that may be shown."""
    if one.is_hidden:
        return ()
    shown = [figure for figure in (one.latest, one.shown_before) if figure]
    counts = (count for figure in shown for count in (figure.numerator, figure.denominator))
    return tuple(count for count in counts if count is not None)
