"""A week on the wall for residents: what is planned on which day. Pure.

It holds no figure of anybody and no reason of a pause. What rests is named apart, so that nobody
waits for it.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from krams.danish.collation import sort_key
from krams.danish.weeks import Week
from krams.documents.content import Letters

from ..sustain.expected import Pause, Plan

# How many lines of a sheet of A4 have room in these letters.
ROOM: tuple[tuple[int, Letters], ...] = ((22, "large"), (30, "middle"))


@dataclass(frozen=True, slots=True)
class Event:
    """``time`` is None where the plan has none."""

    title: str
    time: dt.time | None


@dataclass(frozen=True, slots=True)
class Resting:
    """``restarts_on`` is None where nobody has said when."""

    title: str
    restarts_on: dt.date | None


@dataclass(frozen=True)
class Poster:
    """``loose`` are on no fixed day; ``resting`` would be there this week but for a pause."""

    week: Week
    days: tuple[tuple[dt.date, tuple[Event, ...]], ...]
    loose: tuple[str, ...]
    resting: tuple[Resting, ...]

    @property
    def is_empty(self) -> bool:
        return not self.loose and not any(events for _day, events in self.days)

    @property
    def letters(self) -> Letters:
        """As large as all of it has room on one sheet."""
        lines = sum(max(1, len(events)) for _day, events in self.days)
        lines += sum(len(some) + 1 for some in (self.loose, self.resting) if some)
        return next((letters for room, letters in ROOM if lines <= room), "small")


# What is shown of a plan, and the plan as it is judged.
Planned = tuple[Event, Plan]


def weekly_poster(planned: Iterable[Planned], week: Week) -> Poster:
    """The poster of ``week``, from all plans that run in it."""
    ordered = sorted(planned, key=lambda one: (one[0].time or dt.time.max, sort_key(one[0].title)))
    days = [
        (day, tuple(event for event, plan in ordered if plan.is_planned_on(day)))
        for day in week.days
    ]
    loose = [
        event.title
        for event, plan in ordered
        if plan.times_per_week and any(plan.runs_on(day) for day in week.days)
    ]
    shown = {event.title for _day, events in days for event in events} | set(loose)
    resting = {}
    for event, plan in ordered:
        pauses = [pause for day in week.days if (pause := _rests_on(plan, day))]
        if pauses and event.title not in shown:
            resting[event.title] = pauses[-1].restarts_on
    return Poster(
        week,
        tuple(days),
        tuple(dict.fromkeys(loose)),
        tuple(Resting(title, day) for title, day in resting.items()),
    )


def _rests_on(plan: Plan, day: dt.date) -> Pause | None:
    """The pause, on a day on which the plan would else be there."""
    wanted = plan.times_per_week or plan.falls_on(day)
    is_there = wanted and plan.is_current(day) and not plan.rests_on(day)
    return plan.rest_on(day) if is_there else None
