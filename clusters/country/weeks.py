"""The activity log of one facility in one week: what became of each time that was planned.

Written so that ten million rows take minutes: what does not change from week to week is put
together once, and a row is a tuple in the order of ``COLUMNS``.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from initiatives.enums import ActivitySource, Outcome

from .draws import stream
from .plan_kinds import CLOSED, OTHER, UNPLANNED
from .plans import FADES, FORGETS, STOPS, Line, Stretch
from .words import remark, why_not

# The key comes first, by whoever writes the rows.
COLUMNS = (
    *("version", "updated_at", "facility_id", "activity_type_id", "planned_activity_id"),
    *("initiative_id", "title", "factors", "held_on", "started_at", "outcome"),
    *("participant_count", "duration_minutes", "cancellation_reason", "cancellation_text"),
    *("note", "source", "registered_by_id", "registered_at", "submission_id", "removed_at"),
)
Row: TypeAlias = tuple[Any, ...]
FADING_SINCE, FADED_SINCE, STOPPED_SINCE = 9, 5, 5
# Of today only what lies before this time has been registered.
NOT_YET = dt.time(9, 30)
# The portal's own time: a registration is made after what it tells of.
DENMARK = ZoneInfo("Europe/Copenhagen")
_MINUTE, _DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
HELD, CANCELLED = Outcome.HELD.value, Outcome.CANCELLED.value
PORTAL, IMPORT = ActivitySource.PORTAL.value, ActivitySource.IMPORT.value


@dataclass(frozen=True, slots=True)
class Planned:
    """A row of the weekly plan as it is stored, as far as its registrations copy it."""

    plan_id: int
    type_id: int
    initiative_id: int | None
    title: str
    factors: str


@dataclass(frozen=True, slots=True)
class Type:
    type_id: int
    name: str
    factors: str


@dataclass(slots=True)
class Place:
    """A facility that keeps a log. ``planned`` goes with the stretches of ``lines``."""

    number: int
    facility_id: int
    lines: list[Line]
    planned: dict[tuple[int, int], Planned]
    types: dict[str, Type]
    people: tuple[int, ...]

    _edges: list[int] = field(default_factory=list)
    _by_edge: "dict[int, list[Slot]]" = field(default_factory=dict)

    def slots(self, weeks_ago: int) -> "list[Slot]":
        """The times that the plans in force promise; none of one that rests."""
        self._edges = self._edges or self._weeks_of_change()
        since = bisect_right(self._edges, weeks_ago)
        if since not in self._by_edge:
            self._by_edge[since] = list(self._slots(weeks_ago))
        return self._by_edge[since]

    def _weeks_of_change(self) -> list[int]:
        """Between two of them all weeks promise the same."""
        found = set()
        for line in self.lines:
            for one in (*line.stretches, *line.rests):
                found |= {one.newest or 0, one.oldest + 1}
        return sorted(found)

    def _slots(self, weeks_ago: int) -> "Iterator[Slot]":
        for index, line in enumerate(self.lines):
            if any(rest.covers(weeks_ago) for rest in line.rests):
                continue
            for place, stretch in enumerate(line.stretches):
                if stretch.newest <= weeks_ago <= stretch.oldest:
                    planned = self.planned.get((index, place))
                    for weekday in stretch.weekdays:
                        yield Slot(weekday, stretch, planned, line.course)


@dataclass(frozen=True, slots=True)
class Slot:
    """One time of the week that a plan promises."""

    weekday: int
    stretch: Stretch
    planned: Planned | None
    course: str


def fates(
    place: Place, weeks_ago: int, last_weekday: int, chance: Random
) -> tuple[list[tuple[Slot, bool]], int]:
    """What somebody wrote down in a week, and how much was held beside the plan.

    The same draws come first whether the rows are made or only counted. ``last_weekday``: today's
    in the current week, 7 in all others.
    """
    found = []
    for slot in place.slots(weeks_ago):
        drawn = chance.random()
        held = _fate(slot.course, weeks_ago, drawn)
        if held is None or slot.weekday > last_weekday:
            continue
        if weeks_ago == 0 and slot.weekday == last_weekday and slot.stretch.time >= NOT_YET:
            continue
        found.append((slot, held))
    drawn = chance.random()
    beside = 0 if drawn < 0.45 else 1 if drawn < 0.85 else 2
    return found, beside if last_weekday > 1 else 0


def _fate(course: str, weeks_ago: int, drawn: float) -> bool | None:
    """Held, cancelled, or (None) not registered by anybody."""
    if course == FADES and weeks_ago <= FADING_SINCE:
        least = 0.35 if weeks_ago <= FADED_SINCE else 0.65
        return True if drawn < least else None if drawn > 0.92 else False
    if course == STOPS and weeks_ago <= STOPPED_SINCE:
        return None if drawn > 0.5 else False
    if course == FORGETS and weeks_ago <= STOPPED_SINCE:
        return None if drawn > 0.45 else drawn < 0.4
    return None if drawn > 0.965 else drawn < 0.88


def count(place: Place, seed: int, weeks_ago: int, last_weekday: int) -> int:
    """How many rows :func:`rows` makes."""
    written, beside = fates(place, weeks_ago, last_weekday, _stream(seed, place, weeks_ago))
    return len(written) + beside


def rows(place: Place, seed: int, weeks_ago: int, today: dt.date) -> list[Row]:
    """The registrations of a week, in the order of their days."""
    chance = _stream(seed, place, weeks_ago)
    last_weekday = 7 if weeks_ago else today.isoweekday()
    monday = today - (today.isoweekday() - 1 + 7 * weeks_ago) * _DAY
    written, beside = fates(place, weeks_ago, last_weekday, chance)
    found = []
    for slot, held in written:
        day = monday + (slot.weekday - 1) * _DAY
        found.append(_planned(place, slot, day, held, chance, today))
    for _number in range(beside):
        # Not today: what was not planned is written down in the evening.
        latest = last_weekday if weeks_ago else last_weekday - 1
        day = monday + chance.randrange(latest) * _DAY
        found.append(_unplanned(place, day, chance, today))
    found.sort(key=_day_and_time)
    return found


def _stream(seed: int, place: Place, weeks_ago: int) -> Random:
    return stream(seed, "week", place.number, weeks_ago)


def _day_and_time(row: Row) -> tuple[dt.date, dt.time]:
    return row[8], row[9] or dt.time.max


def _planned(
    place: Place, slot: Slot, day: dt.date, held: bool, chance: Random, today: dt.date
) -> Row:
    stretch, planned = slot.stretch, slot.planned
    assert planned is not None, "the plans are stored before their registrations"
    reason = text = note = ""
    people = minutes = None
    if held:
        least, most = stretch.kind.people
        people, minutes = chance.randint(least, most), stretch.minutes
        if chance.random() < 0.08:
            note = remark(chance)
    else:
        reason = _reason(stretch, day, chance)
        if reason == OTHER:
            text = why_not(chance)
    written = _written(day, stretch.time, stretch.minutes, chance, today)
    version, updated, removed = _later(written, chance, today)
    return (
        *(version, updated, place.facility_id, planned.type_id, planned.plan_id),
        *(planned.initiative_id, planned.title, planned.factors, day, stretch.time),
        *(HELD if held else CANCELLED, people, minutes, reason, text, note, PORTAL),
        *(chance.choice(place.people), written, f"{chance.getrandbits(128):032x}", removed),
    )


def _reason(stretch: Stretch, day: dt.date, chance: Random) -> str:
    _year, week, _weekday = day.isocalendar()
    if week in (29, 30, 52, 1):
        return CLOSED
    return chance.choice(stretch.kind.reasons)


def _unplanned(place: Place, day: dt.date, chance: Random, today: dt.date) -> Row:
    name, own_titles = chance.choice(UNPLANNED)
    kind = place.types[name]
    is_import = chance.random() < 0.2
    title = chance.choice(own_titles) if is_import else kind.name
    people, minutes = chance.randint(1, 12), 15 * chance.randint(1, 8)
    note = remark(chance) if chance.random() < 0.3 else ""
    written = _written(day, dt.time(15), minutes, chance, today)
    version, updated, removed = _later(written, chance, today)
    return (
        *(version, updated, place.facility_id, kind.type_id, None, None, title, kind.factors),
        *(day, None, HELD, people, minutes, "", "", note, IMPORT if is_import else PORTAL),
        *(chance.choice(place.people), written, f"{chance.getrandbits(128):032x}", removed),
    )


def _written(
    day: dt.date, time: dt.time, minutes: int, chance: Random, today: dt.date
) -> dt.datetime:
    """When it was over, or a while later; now and then on the next day."""
    later = minutes + int(chance.random() * 90)
    if chance.random() < 0.15:
        later += 900
    written = _midnight(day) + (time.hour * 60 + time.minute + later) * _MINUTE
    return min(written, _latest(today))


def _later(
    written: dt.datetime, chance: Random, today: dt.date
) -> tuple[int, dt.datetime, dt.datetime | None]:
    """Its version, when that was saved, and when it was removed: one in a hundred was.

    Two in a hundred were corrected.
    """
    drawn = chance.random()
    if drawn >= 0.03:
        return 1, written, None
    saved = min(written + (1 + int(chance.random() * 2000)) * _MINUTE, _latest(today))
    return 2, saved, saved if drawn < 0.01 else None


@cache
def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), DENMARK).astimezone(dt.UTC)


def _latest(today: dt.date) -> dt.datetime:
    """Nothing is written down later than in the middle of the last morning."""
    return _midnight(today) + 600 * _MINUTE
