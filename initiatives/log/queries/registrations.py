"""Reads registrations: one to be corrected, and rows that are only shown."""

from dataclasses import fields
from typing import Any

from django.db.models import QuerySet

from krams.database.prepared import prepared
from krams.models import Facility, User
from krams.people.access import one_of

from ..models import Activity, ActivityQuerySet
from ..registration import Registration

_PATHS = {"by_name": "registered_by__name", "by_email": "registered_by__email"}
_COLUMNS = [_PATHS.get(column.name, column.name) for column in fields(Registration)]


def as_rows(activities: ActivityQuerySet) -> QuerySet[Activity, tuple[Any, ...]]:
    """Rows of which ``Registration(*row)`` makes registrations: a queryset of tuples."""
    return activities.values_list(*_COLUMNS)


@prepared
def _of_facility(user: User, facility: Facility, pk: int) -> QuerySet[Activity]:
    mine = Activity.objects.visible_to(user).filter(facility=facility, pk=pk)
    return mine.select_related("registered_by").order_by()


def registration_of(user: User, facility: Facility, pk: int) -> Activity:
    """A registration of this facility, removed or not. Raises ``Http404``.

    Who may register at a facility may correct its log, so the guard of the facility has decided
    the rest.
    """
    found = one_of(_of_facility(user, facility, pk))
    found.facility = facility
    return found
