"""A facility's planned activities and meetings as an iCalendar feed (RFC 5545). Pure.

Whoever has the address reads what hangs on the wall: names of activities, days and times. No
count, note, minutes or registration is in it, only that a day is left out.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from icalendar import (
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vDuration,
    vText,
)

from ..cycle import NTH_OF_MONTH
from ..enums import Repeats
from ..sustain.expected import Plan

ZONE = ZoneInfo("Europe/Copenhagen")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
ONE_DAY = dt.timedelta(days=1)
# How often a program should ask again.
REFRESH = dt.timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Window:
    """The days that a feed tells of; it moves once a year, so that most days it stays the same."""

    first: dt.date
    last: dt.date

    @classmethod
    def of(cls, today: dt.date) -> "Window":
        """From the start of last year to the end of next year."""
        return cls(dt.date(today.year - 1, 1, 1), dt.date(today.year + 1, 12, 31))


@dataclass(frozen=True, slots=True)
class Planned:
    """An activity on fixed weekdays; ``cancelled`` are days on which it was called off."""

    pk: int
    title: str
    plan: Plan
    starts_at: dt.time | None
    minutes: int | None
    saved_at: dt.datetime
    cancelled: Collection[dt.date] = ()


@dataclass(frozen=True, slots=True)
class Met:
    """A meeting; ``kind`` is what it is called."""

    pk: int
    kind: str
    on: dt.date
    starts_at: dt.time | None
    place: str
    saved_at: dt.datetime


def feed(place: str, planned: Iterable[Planned], meetings: Iterable[Met], today: dt.date) -> bytes:
    """The whole feed of a facility called ``place``; the same facts give the same bytes."""
    window = Window.of(today)
    calendar = Calendar()
    calendar.add("prodid", "-//KRAMS//Ugeplan//DA")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    # The package knows neither as text, and would not escape it.
    name = vText(_("Weekly plan of %(facility)s") % {"facility": place})
    calendar.add("x-wr-calname", name)
    calendar.add("name", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    calendar.add_component(_time_zone())
    for one in planned:
        if event := _activity(one, place, window):
            calendar.add_component(event)
    for meeting in meetings:
        calendar.add_component(_meeting(meeting, place))
    return bytes(calendar.to_ical())


def rule_of(plan: Plan) -> dict[str, object]:
    """The RRULE of a plan with weekdays, without its end."""
    days = [DAYS[day - 1] for day in plan.weekdays]
    if plan.is_weekly or plan.repeats == Repeats.FORTNIGHTLY:
        # Weeks begin on Monday: with two weekdays it matters which week a Sunday belongs to.
        return {
            "freq": "weekly",
            "interval": 1 if plan.is_weekly else 2,
            "wkst": "MO",
            "byday": days,
        }
    nth = -1 if plan.repeats == Repeats.LAST else NTH_OF_MONTH[Repeats(plan.repeats)]
    return {"freq": "monthly", "byday": [f"{nth}{day}" for day in days]}


def _activity(one: Planned, place: str, window: Window) -> Event | None:
    turns = list(_turns(one.plan, window))
    held = [day for day in turns if one.plan.is_planned_on(day) and day not in one.cancelled]
    if not held:
        return None
    event = Event()
    event.add("uid", f"plan-{one.pk}@krams")
    event.add("dtstamp", one.saved_at)
    event.add("summary", one.title)
    event.add("location", place)
    event.add("dtstart", _moment(turns[0], one.starts_at))
    if one.starts_at and one.minutes:
        event.add("duration", dt.timedelta(minutes=one.minutes))
    rule = rule_of(one.plan)
    # In UTC where the start has a time, as RFC 5545 wants it.
    last = _moment(turns[-1], one.starts_at)
    rule["until"] = last.astimezone(dt.UTC) if isinstance(last, dt.datetime) else last
    event.add("rrule", rule)
    if left_out := sorted(set(turns) - set(held)):
        moments = [_moment(day, one.starts_at) for day in left_out]
        parameters = {} if one.starts_at else {"VALUE": "DATE"}
        event.add("exdate", moments, parameters=parameters)
    return event


def _turns(plan: Plan, window: Window) -> Iterator[dt.date]:
    """The days that the rule alone gives: pauses and holidays are taken out of them."""
    day = max(plan.starts_on, window.first)
    last = min(plan.ends_on or window.last, window.last)
    while day <= last:
        if plan.falls_on(day):
            yield day
        day += ONE_DAY


def _meeting(meeting: Met, place: str) -> Event:
    event = Event()
    event.add("uid", f"meeting-{meeting.pk}@krams")
    event.add("dtstamp", meeting.saved_at)
    event.add("summary", meeting.kind)
    event.add("location", meeting.place or place)
    event.add("dtstart", _moment(meeting.on, meeting.starts_at))
    return event


def _moment(day: dt.date, at: dt.time | None) -> dt.date | dt.datetime:
    return dt.datetime.combine(day, at, ZONE) if at else day


def _time_zone() -> Timezone:
    """Danish time as directive 2000/84/EC has it: last Sunday in March to last in October."""
    zone = Timezone()
    zone.add("tzid", ZONE.key)
    winter, summer = dt.timedelta(hours=1), dt.timedelta(hours=2)
    parts = (
        (TimezoneDaylight(), "CEST", dt.datetime(1996, 3, 31, 2), winter, summer, 3),
        (TimezoneStandard(), "CET", dt.datetime(1996, 10, 27, 3), summer, winter, 10),
    )
    for part, name, first, before, after, month in parts:
        part.add("dtstart", first)
        part.add("tzname", name)
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1SU"})
        zone.add_component(part)
    return zone
