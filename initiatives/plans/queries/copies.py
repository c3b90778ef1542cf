"""Reads what can be copied from other facilities' plans, and what has been copied already."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from krams.models import Facility, User

from ...models import PlannedActivity
from .activity_types import offered_types


def running_copies(facility: Facility, day: dt.date) -> QuerySet[PlannedActivity]:
    """Plans of the facility that were copied from elsewhere and run on ``day`` or later."""
    return facility.planned_activities.filter(
        Q(ends_on=None) | Q(ends_on__gte=day), copied_from__isnull=False
    )


def places_to_copy_from(user: User, facility: Facility, today: dt.date) -> list[Facility]:
    """The other facilities that the person may see and that have something to copy."""
    planned = PlannedActivity.objects.in_force(today).filter(facility=OuterRef("pk"))
    return list(
        Facility.objects.visible_to(user)
        .exclude(pk=facility.pk)
        .filter(Exists(planned))
        .select_related("department__municipality")
    )


def match_types(facility: Facility, plans: Iterable[PlannedActivity]) -> dict[int, int]:
    """Which activity type each plan would have at the facility, by the plan's id.

    The same type, or the one that began as the same common type, or the one of the same name. A
    plan whose type is not found stands in no place: it can be taken over once the list has it.
    """
    offered = offered_types(facility.department.municipality_id)
    keys: dict[tuple[str, int | str | None], int] = {}
    for kind in reversed(offered):
        keys |= {("name", kind.name_key): kind.pk, ("id", kind.pk): kind.pk}
        if kind.copied_from_id:
            keys["id", kind.copied_from_id] = kind.pk
    found = {}
    for plan in plans:
        its = plan.activity_type
        tries: list[tuple[str, int | str | None]] = [
            ("id", its.pk),
            ("id", its.copied_from_id),
            ("name", its.name_key),
        ]
        match = next((keys[key] for key in tries if key in keys), None)
        if match:
            found[plan.pk] = match
    return found
