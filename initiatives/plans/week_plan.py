"""What stands in the weekly plan on which day, and what has ended. Pure."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from krams.danish.weeks import Week

from ..sustain.expected import Plan
from ..sustain.rows import PlanRow
from ..sustain.week_strip import Strip


@dataclass(slots=True)
class Standing:
    """A planned activity (``planned``, its row) as the weekly plan shows it.

    ``pauses`` are those that run or are still to come, ``before`` the row that it replaces.
    """

    planned: PlanRow
    plan: Plan
    strip: Strip
    pause: object | None
    coming_pauses: list[Any]
    before: object | None
    replacement: object | None = None


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
        return sorted(ended, key=lambda s: s.planned.ends_on or dt.date.max, reverse=True)

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
            if s.plan.falls_on(day) and s.plan.is_current(day) and not s.plan.rests_on(day)
        ]

    def _has_ended(self, planned: PlanRow) -> bool:
        return planned.ends_on is not None and planned.ends_on < self.today

    def _is_now(self, plan: Plan) -> bool:
        return any(plan.is_current(day) for day in Week.of(self.today).days)
