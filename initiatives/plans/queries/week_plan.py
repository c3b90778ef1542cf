"""The weekly plan of a facility with what became of it: three queries, whatever its length.

A plan whose rhythm was changed is several rows, each replacing the one before. They are judged as
one activity: the strip shows what was expected at the time, and a new rhythm is no new beginning.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import OuterRef, Q, QuerySet, Subquery

from krams.danish.collation import sort_key
from krams.danish.weeks import Week
from krams.database.prepared import prepared
from krams.models import Facility

from ...meetings.queries.next_agenda import with_agenda
from ...models import Activity, PlannedActivity, PlanPause, WeekSummary
from ...sustain.expected import chain
from ...sustain.queries import read_logs
from ...sustain.thresholds import DEFAULT_THRESHOLDS, Thresholds
from ...sustain.week_strip import strip_of
from ..week_plan import Standing, WeekPlan


class PauseRow(NamedTuple):
    """A pause as it is read with the plans."""

    pk: int
    version: int
    starts_on: dt.date
    restarts_on: dt.date | None
    reason: str
    facility_pause_id: int | None


@prepared
def _plans(facility: Facility, today: dt.date) -> QuerySet[PlannedActivity]:
    held = Activity.objects.standing().held().filter(planned_activity=OuterRef("pk"))
    return (
        with_agenda(PlannedActivity.objects.filter(facility=facility), today)
        .select_related("activity_type", "initiative")
        .knowing(last_held_on=Subquery(held.order_by("-held_on").values("held_on")[:1]))
        .order_by()
    )


@prepared
def _pauses(
    facility: Facility, first: dt.date | None, last: dt.date | None
) -> QuerySet[PlanPause, tuple[Any, ...]]:
    mine = PlanPause.objects.filter(planned_activity__facility=facility)
    if first is not None:
        mine = mine.filter(Q(restarts_on=None) | Q(restarts_on__gt=first))
    if last is not None:
        mine = mine.filter(starts_on__lte=last)
    return mine.values_list("planned_activity_id", *PauseRow._fields)


def read_pauses(
    facility: Facility, first: dt.date | None = None, last: dt.date | None = None
) -> dict[int, list[PauseRow]]:
    """The pauses of each plan of the facility, in their order; of the days if they are given."""
    pauses: defaultdict[int, list[PauseRow]] = defaultdict(list)
    for plan, *row in _pauses(facility, first, last):
        pauses[plan].append(PauseRow(*row))
    return pauses


def read_week_plan(
    facility: Facility, today: dt.date, thresholds: Thresholds = DEFAULT_THRESHOLDS
) -> WeekPlan:
    """Read and judge every plan that the facility has or had."""
    rows, pauses = _plans(facility, today), read_pauses(facility)
    by_id = {row.pk: row for row in rows}
    plans = {row.pk: row.as_plan(pauses.get(row.pk, ())) for row in rows}
    window = (Week.of(today) - (thresholds.window - 1)).monday
    weeks = WeekSummary.objects.filter(facility=facility, monday__gte=window)
    logs = read_logs(weeks.counts(), rows)
    replacements = {row.replaces_id: row for row in rows if row.replaces_id}
    page = WeekPlan(today)
    for row in sorted(
        rows, key=lambda row: (row.start_time or dt.time.max, sort_key(str(row)), row.pk)
    ):
        row.facility = facility
        resting = pauses.get(row.pk, ())
        links = [(plans[link.pk], logs[link.pk]) for link in chain(row, by_id)]
        page.standings.append(
            Standing(
                planned=row,
                plan=plans[row.pk],
                strip=strip_of(links, today, thresholds),
                pause=_pause_on(resting, today),
                coming_pauses=[p for p in resting if p.starts_on > today],
                before=by_id.get(row.replaces_id) if row.replaces_id else None,
                replacement=replacements.get(row.pk),
            )
        )
    return page


def _pause_on(pauses: Iterable[PauseRow], day: dt.date) -> PauseRow | None:
    return next(
        (
            pause
            for pause in pauses
            if pause.starts_on <= day and (pause.restarts_on is None or day < pause.restarts_on)
        ),
        None,
    )
