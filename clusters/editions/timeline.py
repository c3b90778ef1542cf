"""A proposal's way: when each authority answered, changed and confirmed. Pure.

A band along time says how an answer stood; below it are the days on which it was confirmed.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from krams.pictures.scale import coordinate

from ..enums import Happening, PositionState
from ..matrix.cell_status import WITH_EFFORT, is_answered

WIDTH, TODAY_WIDTH = 100, 1


class Save(NamedTuple):
    """One version of an answer, as the history keeps it."""

    authority: int
    at: dt.datetime
    day: dt.date
    state: str
    state_from: dt.date | None
    confirmed_on: dt.date | None


class Event(NamedTuple):
    """``before`` and ``after`` are states; the same where the state did not change."""

    authority: int
    day: dt.date
    what: Happening
    before: PositionState
    after: PositionState


@dataclass
class Course:
    """One authority's answer over time: paths by how it stood, and the ticks of confirmations."""

    authority: int
    events: list[Event] = field(default_factory=list)
    full: str = ""
    half: str = ""
    ticks: str = ""

    @property
    def state(self) -> PositionState:
        return self.events[-1].after if self.events else PositionState.NOT_FILLED


@dataclass(frozen=True, slots=True)
class Timeline:
    """``lines`` are the editions as a path; ``events`` of all authorities, newest first."""

    first: dt.date
    last: dt.date
    courses: list[Course]
    lines: str
    events: list[Event]


def timeline(
    authorities: Sequence[int],
    saves: Iterable[Save],
    effort_saves: Collection[tuple[int, dt.datetime]],
    editions: Sequence[dt.date],
    today: dt.date,
) -> Timeline:
    """``saves`` in the order of time, of ``authorities`` alone; ``effort_saves`` say of which
    authority an effort in the cell was saved when; ``editions`` are days of freezing."""
    courses = {key: Course(key) for key in authorities}
    before: dict[int, Save] = {}
    for save in saves:
        event = event_of(before.get(save.authority), save, effort_saves)
        before[save.authority] = save
        if event:
            courses[save.authority].events.append(event)
    events = [event for course in courses.values() for event in course.events]
    first = min([*(event.day for event in events), *editions], default=today)
    scale = _Scale(first, today)
    for course in courses.values():
        _draw(course, scale)
    return Timeline(
        first,
        today,
        list(courses.values()),
        "".join(f"M{scale.x(day)} 0v12" for day in editions),
        sorted(events, key=lambda event: event.day, reverse=True),
    )


def event_of(
    before: Save | None, save: Save, effort_saves: Collection[tuple[int, dt.datetime]]
) -> Event | None:
    """What the save did; None where it said nothing that had not been said."""
    old = PositionState(before.state) if before else PositionState.NOT_FILLED
    new = PositionState(save.state)

    def event(what: Happening) -> Event:
        return Event(save.authority, save.day, what, old, new)

    if not is_answered(new):
        return event(Happening.EMPTIED) if is_answered(old) else None
    if not is_answered(old):
        return event(Happening.ANSWERED)
    if before and (old, before.state_from) != (new, save.state_from):
        return event(Happening.CHANGED)
    if (save.authority, save.at) in effort_saves:
        return event(Happening.EFFORTS)
    if before and save.confirmed_on and save.confirmed_on != before.confirmed_on:
        return event(Happening.CONFIRMED)
    return None


class _Scale:
    """Days to places from 0 to just before ``WIDTH``: what was answered today is seen as well."""

    def __init__(self, first: dt.date, last: dt.date):
        self.first, self.days = first, max((last - first).days, 1)

    def x(self, day: dt.date) -> str:
        return coordinate((WIDTH - TODAY_WIDTH) * min((day - self.first).days / self.days, 1))


def _draw(course: Course, scale: _Scale) -> None:
    """Full height where something is done, half where it is answered all the same."""
    starts = [(event.day, event.after) for event in course.events]
    for number, (day, state) in enumerate(starts):
        is_last = number == len(starts) - 1
        until = f"{WIDTH}" if is_last else scale.x(starts[number + 1][0])
        if state in (*WITH_EFFORT, PositionState.ANSWERED):
            course.full += f"M{scale.x(day)} 0H{until}V8H{scale.x(day)}z"
        elif is_answered(state):
            course.half += f"M{scale.x(day)} 4H{until}V8H{scale.x(day)}z"
    course.ticks = "".join(
        f"M{scale.x(event.day)} 9v3" for event in course.events if event.what == Happening.CONFIRMED
    )
