"""Makes the meetings of facilities and departments: agenda, minutes, and what was decided."""

import datetime as dt
from random import Random

from initiatives.enums import MeetingKind
from initiatives.models import AgendaItem, Decision, Meeting
from krams.models import User

from .. import words
from ..draws import id_from, moment_on, stream
from .country import Branch, Country, Site
from .store import CHANGED, CREATED

WEEKS_BETWEEN, WEEKS_BETWEEN_FOLLOW_UPS = 6, 13


def make_meetings(country: Country, site: Site) -> None:
    """A house meeting every sixth week, and now and then one of the user council."""
    chance = stream(country.order.seed, "meetings", site.number)
    offset = chance.randint(0, WEEKS_BETWEEN - 1)
    for weeks_ago in range(-WEEKS_BETWEEN + offset, country.weeks, WEEKS_BETWEEN):
        own = stream(country.order.seed, "meeting", site.number, weeks_ago)
        kind = MeetingKind.USER_COUNCIL if own.random() < 0.15 else MeetingKind.HOUSE
        meeting = Meeting(facility=site.facility, kind=kind, place="Fællesstuen")
        _make(country, meeting, weeks_ago, site.staff[0], own)


def make_follow_ups(country: Country, branch: Branch) -> None:
    """The department's own, four times a year."""
    for weeks_ago in range(-WEEKS_BETWEEN_FOLLOW_UPS, country.weeks, WEEKS_BETWEEN_FOLLOW_UPS):
        own = stream(country.order.seed, "follow-up", branch.made.number, weeks_ago)
        meeting = Meeting(
            department=branch.department, kind=MeetingKind.MANAGEMENT, place="Mødelokale 1"
        )
        _make(country, meeting, weeks_ago, branch.manager, own)


def _make(country: Country, meeting: Meeting, weeks_ago: int, by: User, chance: Random) -> None:
    today, store = country.order.today, country.store
    monday = today - dt.timedelta(days=today.isoweekday() - 1 + 7 * weeks_ago)
    meeting.held_on = monday + dt.timedelta(days=chance.randint(0, 4))
    meeting.starts_at = dt.time(chance.choice((10, 13, 14)), chance.choice((0, 30)))
    meeting.submission_id = id_from(chance)
    if meeting.kind != MeetingKind.MANAGEMENT:
        meeting.wishes = words.wishes(chance)
    called = moment_on(chance, min(meeting.held_on, today) - dt.timedelta(days=14))
    store.remember(meeting, CREATED, at=called, by=by)
    is_over = meeting.held_on < today
    for position in range(1, chance.randint(1, 3)):
        item = AgendaItem(
            meeting=meeting,
            position=position,
            text=words.agenda_item(chance),
            handled_on=meeting.held_on if is_over else None,
            submission_id=id_from(chance),
        )
        store.keep(item, at=called, by=by)
    if is_over:
        _hold(country, meeting, by, chance)
    store.put(meeting)


def _hold(country: Country, meeting: Meeting, by: User, chance: Random) -> None:
    """Its minutes, and its decisions: all but the latest have mostly been carried out."""
    today = country.order.today
    over = moment_on(chance, meeting.held_on).replace(hour=15)
    meeting.minutes, meeting.closed_at = words.minutes(chance), over
    country.store.remember(meeting, CHANGED, at=over, by=by)
    for _number in range(chance.randint(1, 3)):
        decision = Decision(
            meeting=meeting,
            text=words.decision(chance),
            responsible_role=chance.choice(words.ROLES),
            due_on=meeting.held_on + dt.timedelta(days=7 * chance.randint(2, 10)),
            submission_id=id_from(chance),
        )
        country.store.remember(decision, CREATED, at=over, by=by)
        # A few remain open past their date; what is long ago was closed at last.
        waits = chance.random() < 0.1 and (today - decision.due_on).days < 60
        if decision.due_on < today and not waits:
            late = dt.timedelta(days=chance.randint(-6, 12))
            decision.closed_on = min(decision.due_on + late, today)
            decision.closing_note = words.what_came(chance)
            closed = moment_on(chance, decision.closed_on)
            country.store.remember(decision, CHANGED, at=closed, by=by)
        country.store.put(decision)
