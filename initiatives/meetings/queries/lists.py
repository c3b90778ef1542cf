"""Reads the meetings of a place: those to come, those that have been, and what is still open."""

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypedDict

from django.db.models import Exists, OuterRef, QuerySet

from krams.database.keyset import Keyset, Page, Way
from krams.database.keyset import Place as Edge
from krams.database.prepared import prepared
from krams.models import Department, Facility, User
from krams.people.access import one_of
from krams.people.permissions import READING_FACILITIES

from ...models import Decision, Meeting, PlannedActivity
from ..models import MeetingQuerySet, by_time

if TYPE_CHECKING:
    # Known to mypy alone: an installation has no stubs.
    from django_stubs_ext import WithAnnotations

PAST_A_PAGE = 20
PAST = Keyset(held_on=dt.date, pk=int)
# What a list does not show.
_TEXTS = ("wishes", "minutes")


class Managed(TypedDict):
    may_manage: bool


ManagedDepartment: TypeAlias = "WithAnnotations[Department, Managed]"


class Place(NamedTuple):
    """A facility; or a department with its facilities, of which one sees what one may."""

    user: User
    facility: Facility | None
    department: Department | None


@prepared
def _department(user: User, slug: str) -> QuerySet[ManagedDepartment]:
    own = Department.objects.managed_by(user).filter(pk=OuterRef("pk"))
    readable = Department.objects.reached_by(user, READING_FACILITIES).filter(slug=slug)
    return readable.annotate(may_manage=Exists(own)).order_by()


def department_with_meetings(user: User, slug: str) -> ManagedDepartment:
    """The department, which knows whether the person ``may_manage`` it. Raises ``Http404``."""
    return one_of(_department(user, slug))


def _here(user: User, facility: Facility | None, department: Department | None) -> MeetingQuerySet:
    if department is None:
        return Meeting.objects.of_place(facility=facility).standing()
    return Meeting.objects.below(department).visible_to(user).standing()


def _rows(
    user: User, facility: Facility | None, department: Department | None
) -> QuerySet[Meeting]:
    return _here(user, facility, department).select_related("facility").defer(*_TEXTS)


@prepared
def _coming(
    user: User, facility: Facility | None, department: Department | None, today: dt.date
) -> QuerySet[Meeting]:
    rows = _rows(user, facility, department).filter(held_on__gte=today)
    return rows.order_by(*by_time())


def coming_meetings(place: Place, today: dt.date) -> list[Meeting]:
    """The next one first."""
    return _coming(*place, today)


@prepared
def _past(
    user: User,
    facility: Facility | None,
    department: Department | None,
    today: dt.date,
    way: Way,
    day: dt.date | None,
    pk: int | None,
) -> QuerySet[Meeting]:
    rows = _rows(user, facility, department).filter(held_on__lt=today)
    return PAST.cut(rows, way, (day, pk), PAST_A_PAGE)


@prepared
def _decided(meetings: list[int]) -> QuerySet[Decision, tuple[int, dt.date | None]]:
    here = Decision.objects.standing().filter(meeting__in=meetings)
    return here.order_by().values_list("meeting", "closed_on")


class Past(NamedTuple):
    """A meeting that has been, how many decisions it took, and how many of them are open."""

    meeting: Meeting
    decision_count: int
    open_count: int


def past_meetings(place: Place, today: dt.date, edge: Edge) -> tuple[Page[Meeting], list[Past]]:
    """A page of them, the latest first; two queries."""
    page = PAST.read(edge, PAST_A_PAGE, lambda *at: _past(*place, today, *at))
    decisions: Counter[int] = Counter()
    open_ones: Counter[int] = Counter()
    for meeting, closed_on in _decided([meeting.pk for meeting in page]):
        decisions[meeting] += 1
        open_ones[meeting] += closed_on is None
    return page, [Past(one, decisions[one.pk], open_ones[one.pk]) for one in page]


@prepared
def _open(
    user: User, facility: Facility | None, department: Department | None
) -> QuerySet[Decision]:
    here = _here(user, facility, department).order_by().values("pk")
    open_ones = Decision.objects.open().filter(meeting__in=here)
    return open_ones.select_related("meeting__facility").defer(
        *(f"meeting__{name}" for name in _TEXTS)
    )


def open_decisions(place: Place) -> list[Decision]:
    """Those of all its meetings."""
    return _open(*place)


@prepared
def _plan(facility: Facility, pk: int) -> QuerySet[PlannedActivity]:
    mine = PlannedActivity.objects.filter(facility=facility, pk=pk).order_by()
    return mine.select_related("activity_type")


def plan_to_discuss(facility: Facility, pk: int) -> PlannedActivity:
    """An activity of the facility. Raises ``Http404``."""
    plan = one_of(_plan(facility, pk))
    plan.facility = facility
    return plan
