"""The weekly plan of a facility with what became of it: four queries, whatever its length.

A plan whose rhythm was changed is several rows, each replacing the one before. They are judged as
one activity: the strip shows what was expected at the time, and a new rhythm is no new beginning.
"""

import datetime as dt

from django.db.models import OuterRef, Q, QuerySet, Subquery

from krams.danish.collation import sort_key
from krams.danish.weeks import Week
from krams.models import Facility

from ...meetings.queries.next_agenda import with_agenda
from ...models import Activity, Initiative, PlannedActivity, PlanPause, WeekSummary
from ...sustain.expected import chain
from ...sustain.queries import read_logs
from ...sustain.thresholds import DEFAULT_THRESHOLDS, Thresholds
from ...sustain.week_strip import strip_of
from ..week_plan import Standing, WeekPlan


def read_week_plan(
    facility: Facility, today: dt.date, thresholds: Thresholds = DEFAULT_THRESHOLDS
) -> WeekPlan:
    """Read and judge every plan that the facility has or had."""
    held = Activity.objects.standing().held().filter(planned_activity=OuterRef("pk"))
    rows = list(
        with_agenda(facility.planned_activities.all(), today)
        .select_related("activity_type", "initiative")
        .prefetch_related("pauses")
        .knowing(last_held_on=Subquery(held.order_by("-held_on").values("held_on")[:1]))
    )
    by_id = {row.pk: row for row in rows}
    plans = {row.pk: row.as_plan() for row in rows}
    window = (Week.of(today) - (thresholds.window - 1)).monday
    weeks = WeekSummary.objects.filter(facility=facility, monday__gte=window)
    logs = read_logs(weeks.counts(), rows)
    replacements = {row.replaces_id: row for row in rows if row.replaces_id}
    page = WeekPlan(today)
    for row in sorted(
        rows, key=lambda row: (row.start_time or dt.time.max, sort_key(str(row)), row.pk)
    ):
        links = [(plans[link.pk], logs[link.pk]) for link in chain(row, by_id)]
        page.standings.append(
            Standing(
                planned=row,
                plan=plans[row.pk],
                strip=strip_of(links, today, thresholds),
                pause=_pause_on(row, today),
                coming_pauses=[p for p in row.pauses.all() if p.starts_on > today],
                before=by_id.get(row.replaces_id) if row.replaces_id else None,
                replacement=replacements.get(row.pk),
            )
        )
    return page


def _pause_on(row: PlannedActivity, day: dt.date) -> PlanPause | None:
    return next(
        (
            pause
            for pause in row.pauses.all()
            if pause.starts_on <= day and (pause.restarts_on is None or day < pause.restarts_on)
        ),
        None,
    )


def offered_initiatives(facility: Facility) -> QuerySet[Initiative]:
    """What a plan of the facility can serve: its department's, or those it takes part in."""
    return (
        Initiative.objects.filter(department=facility.department_id)
        .filter(Q(facility=None) | Q(facility=facility) | Q(facilities=facility))
        .distinct()
    )
