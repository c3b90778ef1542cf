"""The week for the wall as a file: one sheet in letters that are read from afar. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils.formats import date_format, time_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from krams.danish.weeks import Week
from krams.documents.content import (
    Block,
    Cell,
    Document,
    Heading,
    Paragraph,
    Run,
    Table,
    item,
    paragraph,
)
from krams.web.markup import day_month

from ..documents.paper import paper
from .poster import Event, Poster, Resting

if TYPE_CHECKING:
    from krams.models import Facility


def poster_paper(facility: "Facility", poster: Poster, *, is_large: bool) -> Document:
    """On A4, or on A3 where ``is_large``."""
    week = poster.week
    made = paper(
        heading(week),
        facility.name,
        _blocks(poster),
        (f"{facility.name} · {days_of(week)}",),
        named=(facility.name, week, "a3" if is_large else "a4"),
    )
    return replace(made, poster=poster.letters, is_large=is_large)


def heading(week: Week) -> str:
    return _("What happens in week %(number)s?") % {"number": week.number}


def days_of(week: Week) -> str:
    first, last = (date_format(day, "SHORT_DATE_FORMAT") for day in (week.monday, week.sunday))
    return f"{first} – {last}"


def _blocks(poster: Poster) -> Iterator[Block]:
    rows = []
    for day, events in poster.days:
        weekday = Run(capfirst(date_format(day, "l")), bold=True)
        name = Paragraph((weekday, Run(f"\n{day_month(day)}", small=True)))
        said = tuple(map(_event, events)) or (paragraph(_("Nothing planned")),)
        rows.append((Cell((name,), is_head=True), Cell(said)))
    yield Table((5, 13), tuple(rows), summary=heading(poster.week))
    if poster.loose:
        yield Heading(1, _("On no fixed day: ask the staff when"))
        yield from (item(title) for title in poster.loose)
    if poster.resting:
        yield Heading(1, _("On pause this week"))
        yield from map(_resting, poster.resting)


def _event(event: Event) -> Paragraph:
    if event.time is None:
        return paragraph(event.title)
    time = time_format(event.time, "TIME_FORMAT")
    return Paragraph((Run(f"{time} ", bold=True), Run(event.title)))


def _resting(one: Resting) -> Paragraph:
    if one.restarts_on is None:
        return item(one.title)
    return item(f"{one.title} ({_('starts again %(day)s') % {'day': day_month(one.restarts_on)}})")
