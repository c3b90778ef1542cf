"""How often a plan is expected in a week, pauses taken out, and which plans are one activity.

Pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias, TypeVar

from krams.danish.weeks import Week

from .rows import Replacing

R = TypeVar("R", bound=Replacing)


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which a plan does not run; ``restarts_on`` is the first day it runs again.

    Without a restart date the pause is open. Raises ValueError for a restart before the start.
    """

    starts_on: date
    restarts_on: date | None
    reason: str = ""

    def __post_init__(self) -> None:
        if self.restarts_on is not None and self.restarts_on < self.starts_on:
            raise ValueError("a pause cannot end before it starts")

    def covers(self, day: date) -> bool:
        return self.starts_on <= day and (self.restarts_on is None or day < self.restarts_on)

    def touches(self, week: Week) -> bool:
        """Whether it covers a day of the week."""
        return self.starts_on <= week.sunday and (
            self.restarts_on is None or week.monday < self.restarts_on
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """An activity that repeats every week, on fixed weekdays or a number of times.

    ``weekdays`` are ISO weekdays (1 is Monday); an activity counts once a day. Both ``starts_on``
    and ``ends_on`` are days on which it runs. Raises ValueError unless exactly one of
    ``weekdays`` and ``times_per_week`` is given, for an unknown weekday, fewer than one time a
    week, or an end before the start.
    """

    starts_on: date
    ends_on: date | None
    weekdays: tuple[int, ...]
    times_per_week: int | None
    pauses: tuple[Pause, ...] = ()

    def __post_init__(self) -> None:
        if bool(self.weekdays) == (self.times_per_week is not None):
            raise ValueError("a plan has either weekdays or a number of times a week")
        if not set(self.weekdays) <= set(range(1, 8)):
            raise ValueError("weekdays are 1 (Monday) to 7 (Sunday)")
        if self.times_per_week is not None and self.times_per_week < 1:
            raise ValueError("a plan runs at least once a week")
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise ValueError("a plan cannot end before it starts")

    def is_current(self, day: date) -> bool:
        """Whether the plan has started and not ended, paused or not."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def pause_on(self, day: date) -> Pause | None:
        """The pause that the day lies in; where several do, the one that lasts longest."""
        covering = [pause for pause in self.pauses if pause.covers(day)]
        return max(covering, key=lambda pause: pause.restarts_on or date.max, default=None)

    def is_planned_on(self, day: date) -> bool:
        """Whether somebody who looks at the plan would expect it on that very day.

        Never of "n times a week", which are on no fixed day.
        """
        return day.isoweekday() in self.weekdays and self.runs_on(day)

    def runs_on(self, day: date) -> bool:
        return self.is_current(day) and not any(pause.covers(day) for pause in self.pauses)


# Key, first and last day, weekdays as digits, times a week, and the days of a pause or None.
JoinedRow: TypeAlias = tuple[int, date, date | None, str, int | None, date | None, date | None]


def plans_with_pauses(rows: Iterable[JoinedRow]) -> dict[int, Plan]:
    """The plans by key; where one has several pauses, there is a row for each."""
    found: dict[int, JoinedRow] = {}
    pauses = defaultdict(list)
    for row in rows:
        key, *_plan, rest_from, rest_until = row
        found.setdefault(key, row)
        if rest_from:
            pauses[key].append(Pause(rest_from, rest_until))
    return {
        key: Plan(first, last, tuple(map(int, weekdays)), times, tuple(pauses.get(key, ())))
        for key, first, last, weekdays, times, _from, _until in found.values()
    }


def plans_of_activities(replaces: Mapping[int, int | None]) -> list[list[int]]:
    """Which plans are one activity, the newest first; ``replaces`` says which each took over from.

    A rhythm that was changed is a new plan that replaces the old one.
    """
    replaced = set(replaces.values())
    found = []
    for newest in replaces.keys() - replaced:
        line: list[int] = []
        key: int | None = newest
        while key is not None and key in replaces:
            line.append(key)
            key = replaces[key]
        found.append(line)
    return sorted(found)


def expected_in_week(plan: Plan, week: Week, today: date | None = None) -> int:
    """Return how many activities the plan promises in the week, by ``today`` if it is given.

    Days outside the plan and in pauses are taken out. Of "n times a week" the share of running
    days remains, n x days / 7 with halves rounded up, and so never more than n.
    """
    first, last = max(week.monday, plan.starts_on), min(week.sunday, plan.ends_on or week.sunday)
    if today is not None and today < last:
        last = today
    if last < first:
        return 0
    days: Sequence[int] = range(first.isoweekday(), last.isoweekday() + 1)
    pauses = [pause for pause in plan.pauses if pause.touches(week)]
    if pauses:
        dates = week.days
        days = [day for day in days if not any(pause.covers(dates[day - 1]) for pause in pauses)]
    if plan.times_per_week is None:
        return sum(weekday in plan.weekdays for weekday in days)
    return (2 * plan.times_per_week * len(days) + 7) // 14


def expected_in_weeks(plan: Plan, weeks: Sequence[Week]) -> list[int]:
    """The same for each of the weeks, which follow each other."""
    first, last, pauses = plan.starts_on, plan.ends_on or date.max, plan.pauses
    usual = plan.times_per_week or len(set(plan.weekdays))
    return [
        0
        if week.sunday < first or last < week.monday
        # The usual week, told without looking at its days.
        else usual
        if first <= week.monday
        and week.sunday <= last
        and not (pauses and any(pause.touches(week) for pause in pauses))
        else expected_in_week(plan, week)
        for week in weeks
    ]


def chain(row: R, rows: Mapping[int, R]) -> list[R]:
    """A row and those that it replaces, newest first, as far back as they are among ``rows``."""
    links = [row]
    key = row.replaces_id
    while key is not None and key in rows and len(links) <= len(rows):
        links.append(rows[key])
        key = rows[key].replaces_id
    return links
