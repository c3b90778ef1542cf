"""Reads the meetings of a place: those to come, those that have been, and what is still open."""

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypedDict

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from krams.database.prepared import prepared
from krams.models import Department, Facility, User
from krams.people.access import one_of
from krams.people.permissions import READING_FACILITIES
from krams.web.paging import ListPage, page_of

from ...models import Decision, Meeting, PlannedActivity
from ..models import MeetingQuerySet

if TYPE_CHECKING:
    # Known to mypy alone: an installation has no stubs.
    from django_stubs_ext import WithAnnotations

PAST_A_PAGE = 20
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
    decided = Q(decisions__removed_at=None, decisions__isnull=False)
    return (
        _here(user, facility, department)
        .select_related("facility")
        .defer(*_TEXTS)
        .annotate(
            decision_count=Count("decisions", filter=decided),
            open_count=Count("decisions", filter=decided & Q(decisions__closed_on=None)),
        )
    )


@prepared
def _coming(
    user: User, facility: Facility | None, department: Department | None, today: dt.date
) -> QuerySet[Meeting]:
    rows = _rows(user, facility, department).filter(held_on__gte=today)
    return rows.order_by("held_on", "starts_at", "pk")


def coming_meetings(place: Place, today: dt.date) -> list[Meeting]:
    """The next one first."""
    return _coming(*place, today)


def _past(
    user: User, facility: Facility | None, department: Department | None, today: dt.date
) -> QuerySet[Meeting]:
    rows = _rows(user, facility, department).filter(held_on__lt=today)
    return rows.order_by("-held_on", "-pk")


@prepared
def _latest(
    user: User, facility: Facility | None, department: Department | None, today: dt.date
) -> QuerySet[Meeting]:
    return _past(user, facility, department, today)[: PAST_A_PAGE + 1]


def past_meetings(place: Place, today: dt.date, number: str) -> ListPage[Meeting]:
    """A page of them, the latest first. Raises ``Http404`` for a page that is not there."""
    return page_of(
        number, PAST_A_PAGE, lambda: _latest(*place, today), lambda: _past(*place, today)
    )


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
