"""The agenda and the minutes of a meeting, for Word and paper. Pure.

Sections stand in the order of the page and are numbered; those that say nothing are left out.
"""

from collections.abc import Iterable, Iterator
from itertools import count
from typing import TYPE_CHECKING, TypeAlias

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from krams.documents.content import (
    Block,
    Cell,
    Document,
    Heading,
    Paragraph,
    Run,
    Table,
    item,
    marked,
    paragraph,
    paragraphs,
    row,
)
from krams.web.markup import weekday

from ..criteria.paper_words import short_date
from ..documents.paper import owner_of, paper
from .agenda import Agenda, Restart, Row, Standing
from .agenda_facts import Followed, Item
from .agenda_words import news_in_words

if TYPE_CHECKING:
    from ..models import Meeting

Section: TypeAlias = tuple[str, tuple[Block, ...]]
# Two lines high: room for a hand.
ROOM = "\N{NO-BREAK SPACE}\n\N{NO-BREAK SPACE}"
# Decisions and room for them, so that an ordinary agenda is one page.
MOST_LINES = 5


def agenda_paper(meeting: "Meeting", agenda: Agenda) -> Document:
    """What is to be talked about, with lines for handwriting."""
    title = _("Agenda %(weekday)s %(date)s") % _when(meeting)
    wishes = tuple(_wishes(agenda, meeting))
    if not wishes and meeting.facility:
        wishes = (paragraph(ROOM),)
    sections = [
        (_("Added by hand"), tuple(map(_added, agenda.items))),
        (_("Since last time"), tuple(_since(agenda, meeting))),
        (_("Decisions from earlier"), tuple(map(_decision, agenda.open))),
        (_("News of the criteria"), tuple(map(news_in_words, agenda.news))),
        (_("To keep an eye on"), tuple(_attention(agenda))),
        (_("Residents' wishes"), wishes),
        (
            _("New decisions"),
            (_decisions(agenda.decided, max(0, MOST_LINES - len(agenda.decided))),),
        ),
        (_("Any other business"), (paragraph(_next_meeting(meeting)),)),
    ]
    return _paper(title, _("Agenda"), meeting, sections)


def minutes_paper(meeting: "Meeting", agenda: Agenda) -> Document:
    """What was said and decided, and what became of earlier decisions."""
    title = _("Minutes %(weekday)s %(date)s") % _when(meeting)
    closed = [row for row in agenda.open if row.decision.closed_on]
    handled = [one for one in agenda.items if _is_handled(one)]
    said = paragraphs(meeting.minutes) or (paragraph(_("Nothing written yet."), small=True),)
    decided: Block = paragraph(_("No decisions."))
    if agenda.decided:
        decided = _decisions(agenda.decided)
    sections = [
        (pgettext("of a meeting", "Minutes"), said),
        (_("Decisions"), (decided,)),
        (_("Dealt with"), tuple(map(_added, handled))),
        (_("Done or dropped since last time"), tuple(map(_decision, closed))),
        (_("Residents' wishes"), tuple(_wishes(agenda, meeting))),
        (_("Next meeting"), (paragraph(_next_meeting(meeting)),)),
    ]
    return _paper(title, pgettext("of a meeting", "Minutes"), meeting, sections)


def _is_handled(one: Row | Item) -> bool:
    found = one.item if isinstance(one, Row) else one
    return found is not None and found.handled_on is not None


def _paper(title: str, kind: str, meeting: "Meeting", sections: Iterable[Section]) -> Document:
    facility = meeting.facility
    department = facility.department if facility else meeting.department
    assert department is not None, "a meeting has one or the other"
    at = ""
    if meeting.starts_at:
        at = _("At %(time)s") % {"time": time_format(meeting.starts_at, "TIME_FORMAT")}
    where = (meeting.get_kind_display(), str(meeting.place_of), at, meeting.place)
    lead = [
        " · ".join(filter(None, where)),
        _("This meeting is cancelled") if meeting.removed_at else "",
    ]
    named = (kind, facility or department, meeting.held_on)
    return paper(title, owner_of(department, facility), _numbered(sections), lead, named=named)


def _numbered(sections: Iterable[Section]) -> Iterator[Block]:
    numbers = count(1)
    for title, blocks in sections:
        if blocks:
            yield Heading(1, f"{next(numbers)}. {title}")
            yield from blocks


def _when(meeting: "Meeting") -> dict[str, str]:
    return {"weekday": weekday(meeting.held_on), "date": short_date(meeting.held_on)}


def _added(one: Row | Item) -> Paragraph:
    if isinstance(one, Item):
        title = (Run(f"{one.plan_title} ", bold=True),) if one.plan_title else ()
        return item(*title, one.text)
    said = [one.figures, one.cancelled, one.missing if one.missing != one.figures else ""]
    asked = one.item.text if one.item and one.item.text else str(one.question)
    return item(
        Run(_named(one.followed), bold=True),
        f" – {one.verdict.label}. ",
        Run(" ".join(f"{part}." for part in said if part) + " ", small=True),
        asked,
    )


def _named(followed: Followed) -> str:
    return f"{followed.title}, {followed.facility}" if followed.facility else followed.title


def _since(agenda: Agenda, meeting: "Meeting") -> Iterator[Block]:
    if agenda.facts.previous_on:
        yield paragraph(
            f"{short_date(agenda.facts.previous_on)}–{short_date(meeting.held_on)}", small=True
        )
    else:
        yield paragraph(_("The first meeting of its kind: the last twelve weeks"), small=True)
    if agenda.slipped:
        yield _slipped(agenda)
    elif agenda.unknown:
        yield paragraph(_("Nothing has slipped of what is known."))
    elif agenda.facts.followed:
        yield paragraph(_("Nothing has slipped."))
    else:
        yield paragraph(_("Nothing is planned in the week, so nothing can slip."))
    if agenda.slipped_left_out:
        words = ngettext(
            "and %(number)s more that slips",
            "and %(number)s more that slip",
            agenda.slipped_left_out,
        )
        yield paragraph(words % {"number": agenda.slipped_left_out}, small=True)
    yield from map(_restart, agenda.restarts)
    yield from _summed_up(agenda)


def _slipped(agenda: Agenda) -> Table:
    heads = (_("What has slipped?"), _("Planned"), _("Held"), _("For discussion"))
    rows = [row(*heads, is_head=True)]
    for one in agenda.slipped:
        verdict = f"{one.verdict.label} · {_('New since last time')}"
        named = (
            paragraph(_named(one.followed), bold=True),
            paragraph(verdict if one.is_new else str(one.verdict.label), small=True),
        )
        why = [f"{part}." for part in (one.cancelled, one.missing) if part]
        rows.append(
            (
                Cell(named, is_head=True),
                Cell((paragraph(one.planned),)),
                Cell((paragraph(_of(one)),)),
                Cell((paragraph(" ".join([*why, str(one.question)])),)),
            )
        )
    return Table((6, 3, 3, 8), tuple(rows), heads=1, summary=_("What has slipped?"))


def _of(one: Row) -> str:
    found = one.assessment
    return _("%(held)s of %(expected)s") % {"held": found.held, "expected": found.expected}


def _restart(one: Restart) -> Paragraph:
    state = _("Should run again") if one.has_passed else _("Starts again")
    held = ""
    if one.has_passed:
        words = ngettext(
            "held %(number)s time since then", "held %(number)s times since then", one.held
        )
        held = ", " + words % {"number": one.held}
    paused = _("paused: %(reason)s") % {"reason": one.reason}
    return item(
        Run(f"{state}: ", bold=True),
        f"{_named(one.followed)}, {short_date(one.restarts_on)}{held} · {paused}",
    )


def _summed_up(agenda: Agenda) -> Iterator[Paragraph]:
    """What is not known, got better, holds and rests: a line each."""
    named = agenda.MOST_NAMED
    unknown = [f"{_named(one.followed)} ({one.missing})" for one in agenda.unknown[:named]]
    better = [f"{_named(one.followed)} ({_of(one)})" for one in agenda.better[:named]]
    paused = [_named(one) for one in agenda.paused[:named]]
    times = _("%(held)s of %(expected)s times")
    holding = [
        f"{one.factor.label}: {times % {'held': one.held, 'expected': one.expected}}"
        for one in agenda.holding
    ]
    for mark, texts, left_out in (
        (_("Not known:"), unknown, agenda.unknown_left_out),
        (_("Better again:"), better, agenda.better_left_out),
        (_("Holding:"), holding, 0),
        (_("On pause:"), paused, agenda.paused_left_out),
    ):
        if left_out:
            texts.append(_("and %(number)s more") % {"number": left_out})
        if texts:
            yield Paragraph((Run(f"{mark} ", bold=True), Run("; ".join(texts) + ".")))


def _decision(one: Standing) -> Paragraph:
    decision = one.decision
    due = _("due %(date)s") % {"date": short_date(decision.due_on)}
    about = ""
    if decision.plan_title:
        about = " · " + _("about %(plan)s") % {"plan": decision.plan_title}
    place = f" · {decision.place}" if one.is_elsewhere else ""
    return item(
        Run(f"{one.state.label}: ", bold=True),
        f"{decision.text} ",
        Run(f"({decision.responsible_role}, {due}{about}{place})", small=True),
        f" {decision.closing_note}" if decision.closing_note else "",
    )


def _attention(agenda: Agenda) -> Iterator[Paragraph]:
    for point in agenda.attention:
        day = _("Follow up %(date)s") % {"date": short_date(point.follow_up_on)}
        factor = f"{point.factor}: " if point.factor else ""
        yield item(f"{factor}{point.text} ", Run(day, small=True))


def _wishes(agenda: Agenda, meeting: "Meeting") -> Iterator[Paragraph]:
    yield from paragraphs(meeting.wishes)
    for earlier in agenda.facts.earlier_wishes:
        words = _("From the meeting on %(date)s that was cancelled:")
        yield paragraph(words % {"date": short_date(earlier.day)}, bold=True)
        yield from paragraphs(earlier.text)


def _decisions(decided: Iterable[Standing], ruled_lines: int = 0) -> Table:
    """Those that are written, and empty lines for others."""
    rows = [row(_("What do we do?"), _("Who (a role)"), _("When"), is_head=True)]
    for one in decided:
        decision = one.decision
        said = [paragraph(decision.text)]
        if decision.plan_title:
            said.append(marked(_("Activity"), decision.plan_title))
        if decision.closed_on:
            said.append(marked(str(one.state.label), decision.closing_note or "–"))
        rows.append(
            (
                Cell(tuple(said)),
                Cell((paragraph(decision.responsible_role),)),
                Cell((paragraph(short_date(decision.due_on)),)),
            )
        )
    rows += [(Cell((paragraph(ROOM, small=True),)), Cell(()), Cell(()))] * ruled_lines
    return Table((10, 5, 3), tuple(rows), heads=1, summary=_("New decisions"))


def _next_meeting(meeting: "Meeting") -> str:
    if not meeting.next_on:
        return _("The next meeting has not been planned yet.")
    said = _("Next meeting: %(weekday)s %(date)s") % {
        "weekday": weekday(meeting.next_on),
        "date": date_format(meeting.next_on, "SHORT_DATE_FORMAT"),
    }
    if meeting.next_at:
        at = _("at %(time)s") % {"time": time_format(meeting.next_at, "TIME_FORMAT")}
        said = f"{said} {at}"
    return f"{said}."
