"""Reads registrations: one to be corrected, and rows that are only shown."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from django.db.models import Q, QuerySet

from krams.database.prepared import prepared
from krams.models import Facility, User
from krams.people.access import one_of

from ..models import Activity, ActivityQuerySet
from ..registration import Registration
from ..spreadsheet import LogRow

# Rows a query, of an export.
PORTION = 2000
_PATHS = {
    "by_name": "registered_by__name",
    "by_email": "registered_by__email",
    "initiative_title": "initiative__title",
}
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


def every_row(found: QuerySet[Activity]) -> Iterator[LogRow]:
    """All registrations, the newest first, however many there are.

    They are read in portions, each below the last row of the one before. Between two portions
    nothing is open: no transaction while somebody's download takes its time, and no cursor, which
    PgBouncer could not keep. What is registered meanwhile comes along if its place is still ahead.
    The first portion is read now, so that a database that fails can still be answered for.
    """
    columns = [_PATHS.get(name, name) for name in LogRow._fields]
    # Which database this request may read is known now, not when the rows are sent.
    rows = found.using(found.db).order_by("-held_on", "-pk").values_list(*columns)
    return _from(rows, _portion(rows))


def _portion(rows: QuerySet[Activity, tuple[Any, ...]]) -> list[LogRow]:
    return [LogRow(*row) for row in rows[:PORTION]]


def _from(rows: QuerySet[Activity, tuple[Any, ...]], portion: list[LogRow]) -> Iterator[LogRow]:
    while portion:
        yield from portion
        last = portion[-1]
        # The first condition says no more than the second, but an index understands it.
        below = Q(held_on__lt=last.held_on) | Q(pk__lt=last.pk)
        portion = _portion(rows.filter(held_on__lte=last.held_on).filter(below))
