"""What the first page and the weekly e-mail say of a department. Pure, but for addresses."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.urls import reverse
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krams.danish.weeks import Week
from krams.worklist.sections import Kind, Line, Section

from ..enums import ConcernKind, MeetingKind, Verdict
from .completeness import planned_on, this_week
from .concern import Ahead, Concern, Facts

# Of each kind on the first page; the overview has all of them.
MOST_SHOWN = 5
MOST_PLACES = 60


class Named(Protocol):
    """A department."""

    slug: str
    name: str


class Authority(Protocol):
    """A municipality."""

    slug: str
    official_name: str


@dataclass(frozen=True, slots=True)
class Door:
    """An open facility that the person may enter."""

    pk: int
    slug: str
    name: str
    kind: str
    may_log: bool
    may_manage: bool


def sections_of_department(
    department: Named,
    doors: Sequence[Door],
    facts: Facts,
    concerns: Sequence[Concern],
    verdicts: Counter[Verdict],
    today: dt.date,
) -> Iterator[Section]:
    """For who works there; ``concerns`` are those that the person may act on."""
    yield from _needs(department, facts, concerns)
    yield _week(department, doors, facts, today)
    yield _meetings(department, facts)
    yield _holding(department, verdicts)
    yield _ways(department, doors)


def sections_to_read(department: Named, doors: Sequence[Door]) -> Iterator[Section]:
    """For who may read there and do nothing."""
    slug = department.slug
    yield Section(
        _("To read"),
        (
            Line(
                _("How the success criteria stand, facility by facility"),
                _("Open the overview"),
                reverse("initiatives:overview", args=[slug]),
            ),
            Line(
                _("How much of what was planned is registered, week by week"),
                _("See the weeks"),
                reverse("initiatives:completeness", args=[slug]),
            ),
            Line(
                _("How the facilities compare, factor by factor"),
                _("Compare them"),
                reverse("initiatives:compare", args=[slug]),
            ),
        ),
        reverse("initiatives:overview", args=[slug]),
        place=department.name,
        kind=Kind.NEWS,
    )
    yield _ways(department, doors)


def section_to_set_up(municipality: Authority) -> Section:
    """For who administers a municipality that has no facility yet."""
    path = reverse("initiatives:getting-started", args=[municipality.slug])
    text = _("The municipality has no facility here yet.")
    line = Line(text, _("Set the municipality up"), path)
    return Section(_("Getting started"), (line,), path, place=municipality.official_name)


def _needs(department: Named, facts: Facts, concerns: Sequence[Concern]) -> Iterator[Section]:
    """By kind, the oldest first."""
    path = reverse("initiatives:overview", args=[department.slug])
    found: dict[ConcernKind, list[Line]] = defaultdict(list)
    for concern in concerns:
        found[concern.about].append(_line(concern))
    for kind in ConcernKind:
        lines = tuple(found[kind])
        yield Section(str(kind.label), lines, path, place=department.name, most=MOST_SHOWN)
    if not concerns:
        nothing = _("Nothing here needs you right now.")
        yield Section(
            _("Requires attention"),
            (),
            path,
            place=department.name,
            otherwise=f"{nothing} {_next_meeting(facts)}",
        )


def _line(concern: Concern) -> Line:
    return Line(
        str(concern.text),
        str(concern.action),
        concern.url,
        head=str(concern.title),
        status=concern.kind,
        word=str(concern.word),
    )


def _next_meeting(facts: Facts) -> str:
    if not facts.meetings:
        return _("No meeting is planned.")
    first = _by_day(facts)[0]
    return _("Next comes: %(meeting)s, %(when)s.") % {
        "meeting": _name(first),
        "when": _when(first),
    }


def _by_day(facts: Facts) -> list[Ahead]:
    return sorted(facts.meetings, key=lambda one: (one.day, one.starts_at or dt.time.min, one.pk))


def _name(meeting: Ahead) -> str:
    kind = str(MeetingKind(meeting.kind).label)
    return f"{kind}, {meeting.place}" if meeting.place else kind


def _when(meeting: Ahead) -> str:
    day = f"{date_format(meeting.day, 'l')} {date_format(meeting.day, 'MONTH_DAY_FORMAT')}"
    if meeting.starts_at is None:
        return day
    return _("%(day)s at %(time)s") % {
        "day": day,
        "time": time_format(meeting.starts_at, "TIME_FORMAT"),
    }


def _meetings(department: Named, facts: Facts) -> Section:
    lines = tuple(
        Line(
            _when(meeting),
            _("See the agenda"),
            reverse("initiatives:meeting", args=[meeting.pk]),
            head=_name(meeting),
        )
        for meeting in _by_day(facts)
    )
    path = reverse("initiatives:department-meetings", args=[department.slug])
    return Section(
        _("Next meetings"),
        lines,
        path,
        place=department.name,
        kind=Kind.COMING,
        most=MOST_SHOWN,
    )


def _week(department: Named, doors: Sequence[Door], facts: Facts, today: dt.date) -> Section:
    """The facilities with something planned this week, and how much of it is registered."""
    week, filled, planned = Week.of(today), this_week(facts, today), planned_on(facts, today)
    lines = []
    for door in doors:
        if door.may_log and door.pk in filled:
            text = ngettext(
                "%(registered)s of %(expected)s planned time is registered so far.",
                "%(registered)s of %(expected)s planned times are registered so far.",
                filled[door.pk].expected,
            ) % {"registered": filled[door.pk].registered, "expected": filled[door.pk].expected}
            if number := planned[door.pk]:
                today_has = ngettext(
                    "%(number)s activity is planned today.",
                    "%(number)s activities are planned today.",
                    number,
                ) % {"number": number}
                text = f"{text} {today_has}"
            path = reverse("initiatives:today", args=[door.slug])
            lines.append(Line(text, _("Open today"), path, head=door.name))
    return Section(
        _("This week: %(week)s") % {"week": week.label},
        tuple(lines),
        reverse("initiatives:completeness", args=[department.slug]),
        place=department.name,
        kind=Kind.NOW,
        most=30,
    )


def _holding(department: Named, verdicts: Counter[Verdict]) -> Section:
    """Good news, where there is any."""
    path = reverse("initiatives:overview", args=[department.slug])
    lines: tuple[Line, ...] = ()
    if held := verdicts[Verdict.HOLDING]:
        number = verdicts.total()
        text = ngettext(
            "%(held)s of %(number)s activity holds.",
            "%(held)s of %(number)s activities hold.",
            number,
        ) % {"held": held, "number": number}
        lines = (Line(text, _("Open the overview"), path, status=Verdict.HOLDING),)
    return Section(_("What holds"), lines, path, place=department.name, kind=Kind.NEWS)


def _ways(department: Named, doors: Sequence[Door]) -> Section:
    """To each facility, and to the overview of them all."""
    overview = reverse("initiatives:overview", args=[department.slug])
    ways = [Line(_("All facilities together"), _("Open"), overview, head=_("Overview"))]
    for door in doors:
        path = reverse("initiatives:today", args=[door.slug])
        ways.append(Line(door.kind, _("Open"), path, head=door.name))
    return Section(
        _("Your facilities"),
        tuple(ways),
        reverse("initiatives:facilities"),
        place=department.name,
        kind=Kind.WAYS,
        most=MOST_PLACES,
    )
