"""On which days a plan is planned, how often it is expected, and which plans are one activity.

Pauses are taken out, and public holidays unless the plan says that it runs on them too.

Pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias, TypeVar

from krams.danish.holidays import holidays_between, is_holiday
from krams.danish.weeks import Week

from ..cycle import MONTHLY, has_turn
from ..enums import Repeats
from .rows import Replacing

R = TypeVar("R", bound=Replacing)


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which a plan does not run; ``restarts_on`` is the first day it runs again.

    Without a restart date the pause is open. ``of_house``: the whole facility rests. Raises
    ValueError for a restart before the start.
    """

    starts_on: date
    restarts_on: date | None
    reason: str = ""
    of_house: bool = False

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
    """An activity that repeats, on fixed weekdays or a number of times a week.

    ``weekdays`` are ISO weekdays (1 is Monday), which have their turn as ``repeats`` says, every
    other week counted from the week of ``anchor``; an activity counts once a day. Both
    ``starts_on`` and ``ends_on`` are days on which it runs. It rests on public holidays unless
    it runs ``on_holidays``. Raises ValueError unless exactly one of ``weekdays`` and
    ``times_per_week`` is given, for an unknown weekday, fewer than one time a week, an end before
    the start, another rhythm than every week without weekdays, or every other week without
    ``anchor``.
    """

    starts_on: date
    ends_on: date | None
    weekdays: tuple[int, ...]
    times_per_week: int | None
    pauses: tuple[Pause, ...] = ()
    repeats: str = Repeats.WEEKLY
    anchor: date | None = None
    on_holidays: bool = False
    is_weekly: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if bool(self.weekdays) == (self.times_per_week is not None):
            raise ValueError("a plan has either weekdays or a number of times a week")
        if not set(self.weekdays) <= set(range(1, 8)):
            raise ValueError("weekdays are 1 (Monday) to 7 (Sunday)")
        if self.times_per_week is not None and self.times_per_week < 1:
            raise ValueError("a plan runs at least once a week")
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise ValueError("a plan cannot end before it starts")
        object.__setattr__(self, "is_weekly", self.repeats == Repeats.WEEKLY)
        if not self.is_weekly:
            if not self.weekdays:
                raise ValueError("another rhythm than every week needs weekdays")
            if Repeats(self.repeats) == Repeats.FORTNIGHTLY and self.anchor is None:
                raise ValueError("every other week is counted from some week")

    @property
    def is_monthly(self) -> bool:
        return not self.is_weekly and self.repeats in MONTHLY

    def is_current(self, day: date) -> bool:
        """Whether the plan has started and not ended, paused or not."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def pause_on(self, day: date) -> Pause | None:
        """The pause that the day lies in; where several do, the one that lasts longest."""
        covering = [pause for pause in self.pauses if pause.covers(day)]
        return max(covering, key=lambda pause: pause.restarts_on or date.max, default=None)

    def rest_on(self, day: date) -> Pause | None:
        """The pause that the day lies in, until the plan really runs: where another one follows on
        it, such as that of the whole facility, nothing starts again in between."""
        rest = self.pause_on(day)
        while rest and rest.restarts_on and (more := self.pause_on(rest.restarts_on)):
            rest = replace(rest, restarts_on=more.restarts_on)
        return rest

    def runs_on(self, day: date) -> bool:
        """Whether it could be planned: within its days, not paused, and no holiday for it."""
        return (
            self.is_current(day)
            and not any(pause.covers(day) for pause in self.pauses)
            and not self.rests_on(day)
        )

    def rests_on(self, day: date) -> bool:
        """Whether the day is a public holiday that does not count."""
        return not self.on_holidays and is_holiday(day)

    def falls_on(self, day: date) -> bool:
        """Whether the day is one of its weekdays and has its turn, whatever pauses and holidays."""
        return day.isoweekday() in self.weekdays and (
            self.is_weekly or has_turn(self.repeats, self.anchor, day)
        )

    def is_planned_on(self, day: date) -> bool:
        """Whether somebody who looks at the plan would expect it on that very day.

        Never of "n times a week", which are on no fixed day.
        """
        return self.falls_on(day) and self.runs_on(day)

    def leaves_out(self, day: date) -> bool:
        """Whether it would be planned, or could be, if the day were no public holiday."""
        return (
            self.rests_on(day)
            and (bool(self.times_per_week) or self.falls_on(day))
            and self.is_current(day)
            and self.pause_on(day) is None
        )


# Key, the columns of a plan (``PLAN_COLUMNS``), and the days of a pause or None.
JoinedRow: TypeAlias = tuple[
    int, date, date | None, str, int | None, str, date | None, bool, date | None, date | None
]
PLAN_COLUMNS = (
    *("starts_on", "ends_on", "weekdays", "times_per_week"),
    *("repeats", "anchor", "on_holidays"),
)


def plans_with_pauses(rows: Iterable[JoinedRow]) -> dict[int, Plan]:
    """The plans by key; where one has several pauses, there is a row for each."""
    found: dict[int, JoinedRow] = {}
    pauses = defaultdict(list)
    for row in rows:
        key, *_plan, rest_from, rest_until = row
        found.setdefault(key, row)
        if rest_from:
            pauses[key].append(Pause(rest_from, rest_until))
    return {row[0]: _plan_of(row, tuple(pauses.get(row[0], ()))) for row in found.values()}


def _plan_of(row: JoinedRow, pauses: tuple[Pause, ...]) -> Plan:
    _key, first, last, weekdays, times, repeats, anchor, on_holidays, _from, _until = row
    days = tuple(map(int, weekdays))
    return Plan(first, last, days, times, pauses, repeats, anchor, on_holidays)


def house_pause(plans: Iterable[Plan], first: date, last: date) -> Pause | None:
    """The pause of the whole facility on one of the days; where there are several, the longest."""
    found = (
        pause
        for plan in plans
        for pause in plan.pauses
        if pause.of_house
        and pause.starts_on <= last
        and (pause.restarts_on is None or first < pause.restarts_on)
    )
    return max(found, key=lambda pause: pause.restarts_on or date.max, default=None)


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

    Days outside the plan, in pauses and on holidays are taken out. Of "n times a week" the share
    of running days remains, n x days / 7 with halves rounded up, and so never more than n.
    """
    return expected_between(plan, week.monday, week.sunday if today is None else today)


def expected_between(plan: Plan, first: date, last: date) -> int:
    """The same of the days from ``first`` to ``last``, of which those of its week count."""
    week = Week.of(first)
    first, last = max(first, plan.starts_on), min(last, plan.ends_on or last)
    days = [day for day in week.days if first <= day <= last]
    if not days:
        return 0
    if pauses := [p for p in plan.pauses if p.starts_on <= days[-1]]:
        days = [day for day in days if not any(pause.covers(day) for pause in pauses)]
    if not plan.on_holidays and (off := holidays_between(first, last)):
        days = [day for day in days if day not in off]
    if plan.times_per_week is None:
        return sum([plan.falls_on(day) for day in days])
    return (2 * plan.times_per_week * len(days) + 7) // 14


def expected_in_weeks(plan: Plan, weeks: Sequence[Week]) -> list[int]:
    """The same for each of the weeks, which follow each other."""
    if not weeks:
        return []
    first, last, pauses = plan.starts_on, plan.ends_on or date.max, plan.pauses
    usual = plan.times_per_week or len(set(plan.weekdays))
    is_weekly = plan.is_weekly
    off: Sequence[date] = ()
    if not plan.on_holidays:
        off = holidays_between(weeks[0].monday, weeks[-1].sunday)
    return [
        0
        if week.sunday < first or last < week.monday
        else expected_in_week(plan, week)
        if week.monday < first
        or last < week.sunday
        or (pauses and any(pause.touches(week) for pause in pauses))
        # The usual week, told without looking at its days.
        else usual
        if is_weekly and not (off and any(week.monday <= day <= week.sunday for day in off))
        else _expected_in_whole_week(plan, week, off)
        for week in weeks
    ]


def _expected_in_whole_week(plan: Plan, week: Week, off: Sequence[date]) -> int:
    """Of a week that the plan has all of, but for the holidays that are ``off``."""
    if plan.times_per_week is not None:
        return expected_in_week(plan, week)
    repeats, anchor = plan.repeats, plan.anchor
    days = [day for number, day in enumerate(week.days, start=1) if number in plan.weekdays]
    return sum([day not in off and has_turn(repeats, anchor, day) for day in days])


def left_out_between(plans: Iterable[Plan], first: date, last: date) -> list[date]:
    """The public holidays on which one of the plans would else have been planned."""
    off = holidays_between(first, last)
    if not off:
        return []
    plans = list(plans)
    return [day for day in off if any(plan.leaves_out(day) for plan in plans)]


def chain(row: R, rows: Mapping[int, R]) -> list[R]:
    """A row and those that it replaces, newest first, as far back as they are among ``rows``."""
    links = [row]
    key = row.replaces_id
    while key is not None and key in rows and len(links) <= len(rows):
        links.append(rows[key])
        key = rows[key].replaces_id
    return links
