"""Reads a facility's log page by page, newest first: what a filter lets through.

A page that is filtered looks through a year of the log at most, so that it costs the same however
long the log is. Where it has not found a page by then, the sums by month tell where it goes on.
"""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from krams.database.keyset import Keyset, Page, Place, Way
from krams.database.prepared import prepared
from krams.enums import Role
from krams.models import Facility, Membership

from ...enums import ActivitySource, Factor, Outcome
from ...models import Activity, ActivityType, MonthSummary
from ..chosen import Chosen
from ..models import ActivityQuerySet
from ..registration import Registration
from .registrations import as_rows

PAGE_SIZE = 50
LOG = Keyset(held_on=dt.date, pk=int)


@dataclass(frozen=True)
class LogPage:
    """``since`` and ``until`` are the days as far as which a filtered page has looked at either
    end; None where the list ends there."""

    page: Page[Registration]
    since: dt.date | None
    until: dt.date | None


@prepared
def types_in_log(facility: Facility) -> QuerySet[ActivityType, Any]:
    """Key and name of the types that stand in the log of the facility, in the order of lists."""
    used = Activity.objects.for_facility(facility).filter(activity_type=OuterRef("pk"))
    return ActivityType.objects.filter(Exists(used)).values_list("pk", "name")


def narrowed(
    facility: Facility,
    first: dt.date | None,
    last: dt.date | None,
    factor: Factor | None,
    activity_type: int | None,
    outcome: Outcome | None,
    role: Role | None,
    source: ActivitySource | None,
) -> ActivityQuerySet:
    """What the fields of ``Chosen`` let through of the standing registrations."""
    found = Activity.objects.standing().for_facility(facility)
    if first is not None:
        found = found.filter(held_on__gte=first)
    if last is not None:
        found = found.filter(held_on__lte=last)
    if factor is not None:
        found = found.filter(factors__contains=factor)
    if activity_type is not None:
        found = found.filter(activity_type=activity_type)
    if outcome is not None:
        found = found.filter(outcome=outcome)
    if role is not None:
        found = found.filter(_registered_by_role(role))
    return found if source is None else found.filter(source=source)


def _registered_by_role(role: Role) -> Exists:
    """By somebody who holds the role today, at the facility or through what owns it."""
    there = (
        Q(facility=OuterRef("facility"))
        | Q(department=OuterRef("facility__department"))
        | Q(authority=OuterRef("facility__department__municipality"))
    )
    mine = Membership.objects.valid_on().filter(user=OuterRef("registered_by"), role=role)
    return Exists(mine.filter(there))


@prepared
def _rows(
    facility: Facility,
    first: dt.date | None,
    last: dt.date | None,
    factor: Factor | None,
    activity_type: int | None,
    outcome: Outcome | None,
    role: Role | None,
    source: ActivitySource | None,
    way: Way,
    day: dt.date | None,
    pk: int | None,
) -> QuerySet[Activity, tuple[Any, ...]]:
    found = narrowed(facility, first, last, factor, activity_type, outcome, role, source)
    return LOG.cut(as_rows(found), way, (day, pk), PAGE_SIZE)


def read_log(facility: Facility, chosen: Chosen, place: Place, today: dt.date) -> LogPage:
    """A page; one query, and at most four where a filter leaves gaps."""
    found = _read(facility, chosen, place, today)
    page = found.page
    if place.way is Way.NEWER and page.is_newest and len(page) < PAGE_SIZE:
        return _read(facility, chosen, LOG.newest, today)
    if page.rows or not (further := page.newer or page.older):
        return found
    # An empty year is passed over, once: what lies beyond is sure to fit by factor and outcome
    # alone.
    found = _read(facility, chosen, further, today)
    if place.way is Way.NEWEST:
        found = replace(found, page=replace(found.page, is_newest=True, newer=None))
    return found


def _read(facility: Facility, chosen: Chosen, place: Place, today: dt.date) -> LogPage:
    """What is found within a year of the edge, and where the list goes on beyond."""
    goes_up = place.way is Way.NEWER
    looked = _looked_through(chosen, place, today)
    rows = [Registration(*row) for row in _rows(facility, *looked, place.way, *place.edge)]
    page = LOG.page(place, PAGE_SIZE, rows)
    if looked != chosen and (page.newer if goes_up else page.older) is None:
        further = _further(facility, chosen, looked, goes_up)
        ends = {"newer": further, "is_newest": further is None} if goes_up else {"older": further}
        page = replace(page, **ends)
    since = looked.first if looked.first != chosen.first and page.older else None
    until = looked.last if looked.last != chosen.last and page.newer else None
    return LogPage(page, since, until)


def _looked_through(chosen: Chosen, place: Place, today: dt.date) -> Chosen:
    """The same, within the year beside the edge of the page: whole months, as they are summed."""
    if not chosen.leaves_gaps:
        return chosen
    if place.way is Way.NEWER:
        last = _month(place.edge[0], years=1) - dt.timedelta(days=1)
        ends = today if chosen.last is None else chosen.last
        return chosen if last >= ends else chosen._replace(last=last)
    newest = place.edge[0] or chosen.last or today
    first = _month(newest, years=-1)
    is_all = chosen.first is not None and chosen.first >= first
    return chosen if is_all else chosen._replace(first=first)


def _month(day: dt.date, *, years: int) -> dt.date:
    """The first day of its month, so many years later; days before it are in the calendar too."""
    return day.replace(year=min(max(day.year + years, dt.MINYEAR + 1), dt.MAXYEAR), day=1)


@prepared
def _months(
    facility: Facility,
    first: dt.date | None,
    last: dt.date | None,
    factor: Factor | None,
    outcome: Outcome | None,
    goes_up: bool,
) -> QuerySet[MonthSummary, dt.date]:
    """The month with such a registration that comes next."""
    found = MonthSummary.objects.filter(facility=facility)
    if first is not None:
        found = found.filter(month__gte=first)
    if last is not None:
        found = found.filter(month__lte=last)
    if factor is not None:
        found = found.filter(factors__contains=factor)
    if outcome == Outcome.HELD:
        found = found.filter(Q(held__gt=0) | Q(nobody__gt=0))
    elif outcome == Outcome.CANCELLED:
        found = found.filter(times__gt=F("held") + F("nobody"))
    return found.order_by("month" if goes_up else "-month").values_list("month", flat=True)[:1]


def _further(facility: Facility, chosen: Chosen, looked: Chosen, goes_up: bool) -> Place | None:
    """Where the list goes on beyond what was looked through; one query.

    By the factor and the outcome. Whether the type, the role and the source are there too is seen
    when one goes there.
    """
    first, last = chosen.first, chosen.last
    if goes_up:
        assert looked.last is not None, "a year was looked through"
        first = looked.last + dt.timedelta(days=1)
    else:
        assert looked.first is not None, "a year was looked through"
        first = first.replace(day=1) if first else None
        last = looked.first - dt.timedelta(days=1)
    months = _months(facility, first, last, chosen.factor, chosen.outcome, goes_up)
    if not months:
        return None
    # No row has the key 0: all of a day is newer than that, and what is older is of another day.
    if goes_up:
        return LOG.beside(Way.NEWER, months[0], 0)
    after = (months[0] + dt.timedelta(days=31)).replace(day=1)
    return LOG.beside(Way.OLDER, after, 0)
