"""Reads what waits for a later meeting of a place."""

from django.db.models import QuerySet

from krams.database.prepared import prepared
from krams.models import Department, Facility, User
from krams.people.access import one_of

from ...models import LaterPoint


@prepared
def _waiting(facility: Facility | None, department: Department | None) -> QuerySet[LaterPoint]:
    here = LaterPoint.objects.waiting().filter(facility=facility, department=department)
    return here.order_by("pk")


def later_points(facility: Facility | None, department: Department | None) -> list[LaterPoint]:
    """Of the place itself, the oldest first."""
    return _waiting(facility, department)


@prepared
def _point(user: User, pk: int) -> QuerySet[LaterPoint]:
    mine = LaterPoint.objects.visible_to(user).filter(pk=pk).order_by()
    return mine.select_related("facility", "department")


def later_point_of(user: User, pk: int) -> LaterPoint:
    """Whatever became of it. Raises ``Http404``."""
    return one_of(_point(user, pk))
