"""The weekly plan of a facility with what became of it: four queries, whatever its length.

A plan whose rhythm was changed is several rows, each replacing the one before. They are judged as
one activity: the strip shows what was expected at the time, and a new rhythm is no new beginning.
"""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import OuterRef, Subquery

from krams.danish.collation import sort_key
from krams.danish.weeks import Week
from krams.models import Facility

from ..meetings.queries.next_agenda import with_agenda
from ..models import Activity, PlannedActivity, PlanPause
from ..sustain.expected import Plan, chain
from ..sustain.queries import read_logs
from ..sustain.thresholds import DEFAULT_THRESHOLDS, Thresholds
from ..sustain.week_strip import Strip, strip_of


@dataclass(slots=True)
class Standing:
    """A planned activity as the weekly plan shows it.

    ``pauses`` are those that run or are still to come, ``before`` the row that it replaces.
    """

    planned: PlannedActivity
    plan: Plan
    strip: Strip
    pause: PlanPause | None
    coming_pauses: list[PlanPause]
    before: PlannedActivity | None
    replacement: PlannedActivity | None = None


@dataclass(slots=True)
class WeekPlan:
    """All the plans of a facility, in the order of the day."""

    today: dt.date
    standings: list[Standing] = field(default_factory=list)

    @property
    def current(self) -> list[Standing]:
        """What runs, is paused, or is still to begin."""
        return [s for s in self.standings if not self._has_ended(s.planned)]

    @property
    def ended(self) -> list[Standing]:
        """What has ended for good, latest first; a changed rhythm is no end."""
        ended = [s for s in self.standings if self._has_ended(s.planned) and s.replacement is None]
        return sorted(ended, key=lambda s: s.planned.ends_on, reverse=True)

    @property
    def weekly(self) -> list[Standing]:
        """So many times a week, on no fixed day."""
        return [s for s in self.current if s.planned.times_per_week and self._is_now(s.plan)]

    def days(self) -> list[tuple[dt.date, list[Standing]]]:
        """The running week, Monday first, with what the plan has on each day, paused or not."""
        return [(day, self._on(day)) for day in Week.of(self.today).days]

    def _on(self, day: dt.date) -> list[Standing]:
        """A plan that begins or ends within the week stands on the days that it has."""
        return [
            s
            for s in self.standings
            if day.isoweekday() in s.planned.weekday_list and s.plan.is_current(day)
        ]

    def _has_ended(self, planned: PlannedActivity) -> bool:
        return planned.ends_on is not None and planned.ends_on < self.today

    def _is_now(self, plan: Plan) -> bool:
        return any(plan.is_current(day) for day in Week.of(self.today).days)


def read_week_plan(
    facility: Facility, today: dt.date, thresholds: Thresholds = DEFAULT_THRESHOLDS
) -> WeekPlan:
    """Read and judge every plan that the facility has or had."""
    held = Activity.objects.standing().held().filter(planned_activity=OuterRef("pk"))
    rows = list(
        with_agenda(facility.planned_activities, today)
        .select_related("activity_type", "initiative")
        .prefetch_related("pauses")
        .annotate(last_held_on=Subquery(held.order_by("-held_on").values("held_on")[:1]))
    )
    by_id = {row.pk: row for row in rows}
    plans = {row.pk: row.as_plan() for row in rows}
    window = (Week.of(today) - (thresholds.window - 1)).monday
    logs = read_logs(facility.activities.filter(held_on__gte=window), rows)
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
                before=by_id.get(row.replaces_id),
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
