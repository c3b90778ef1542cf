"""Reads one plan for whoever changes it, and what there is to choose from."""

import datetime as dt

from django.db.models import OuterRef, Q, QuerySet, Subquery

from krams.database.prepared import prepared
from krams.models import Facility
from krams.people.access import one_of

from ...enums import InitiativeStatus
from ...models import Activity, Initiative, PlannedActivity


@prepared
def _plan(facility: Facility, pk: int) -> QuerySet[PlannedActivity]:
    plans = PlannedActivity.objects.filter(facility=facility, pk=pk)
    return plans.select_related("activity_type", "replacement").order_by()


def plan_of(facility: Facility, pk: int) -> PlannedActivity:
    """A plan of the facility, which a new rhythm may have replaced. Raises ``Http404``."""
    planned = one_of(_plan(facility, pk))
    planned.facility = facility
    return planned


@prepared
def _current(facility: Facility, today: dt.date) -> QuerySet[PlannedActivity]:
    registered = Activity.objects.standing().filter(planned_activity=OuterRef("pk"))
    return (
        PlannedActivity.objects.filter(facility=facility, replacement=None)
        .filter(Q(ends_on=None) | Q(ends_on__gte=today))
        .select_related("activity_type")
        .knowing(last_held_on=Subquery(registered.order_by("-held_on").values("held_on")[:1]))
    )


def current_plans(facility: Facility, today: dt.date) -> list[PlannedActivity]:
    """What goes on or is to begin; ``last_held_on`` is the last day with any registration."""
    return _current(facility, today)


@prepared
def _last_registered_on(planned: PlannedActivity) -> QuerySet[Activity, dt.date | None]:
    mine = Activity.objects.standing().filter(planned_activity=planned)
    return mine.order_by("-held_on").values_list("held_on", flat=True)[:1]


def last_registered_on(planned: PlannedActivity) -> dt.date | None:
    return next(iter(_last_registered_on(planned)), None)


def offered_initiatives(facility: Facility, department_id: int) -> QuerySet[Initiative]:
    """What a plan of the facility can serve: its department's, or those it takes part in."""
    return (
        Initiative.objects.filter(department=department_id)
        .filter(Q(facility=None) | Q(facility=facility) | Q(facilities=facility))
        .distinct()
    )


@prepared
def _titles(
    facility: Facility, department_id: int, kept: int | None
) -> QuerySet[Initiative, tuple[int, str]]:
    can_be = ~Q(status=InitiativeStatus.ENDED)
    if kept is not None:
        can_be |= Q(pk=kept)
    return offered_initiatives(facility, department_id).filter(can_be).values_list("pk", "title")


def titles_of_initiatives(
    facility: Facility, planned: PlannedActivity | None = None
) -> list[tuple[int, str]]:
    """Keys and titles of those that have not ended; what a plan serves already stays possible."""
    kept = planned.initiative_id if planned else None
    return _titles(facility, facility.department_id, kept)
