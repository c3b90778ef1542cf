"""Reads the activity types of a municipality: for its list, and for who chooses one."""

from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from krams.database.prepared import prepared
from krams.models import Authority

from ...models import ActivityType, PlannedActivity
from ..activity_types import OfferedType, own_or_common

# Of an ``OfferedType``, without how often it is used.
OFFERED = OfferedType._fields[:-1]


@prepared
def _offered(municipality_id: int) -> QuerySet[ActivityType, tuple[Any, ...]]:
    return ActivityType.objects.choosable_in(municipality_id).values_list(*OFFERED)


def offered_types(municipality_id: int) -> list[OfferedType]:
    """Those that the municipality offers, in their order."""
    return own_or_common(OfferedType(*row) for row in _offered(municipality_id))


@prepared
def _types(municipality: Authority) -> QuerySet[ActivityType]:
    plans = (
        PlannedActivity.objects.filter(
            activity_type=OuterRef("pk"), facility__department__municipality=municipality
        )
        .order_by()
        .values("activity_type")
        .annotate(number=Count("pk"))
    )
    mine = Q(municipality=municipality) | Q(municipality=None, retired=False)
    return ActivityType.objects.filter(mine).annotate(
        plan_count=Coalesce(Subquery(plans.values("number")), 0)
    )


def read_types(municipality: Authority) -> list[ActivityType]:
    """Its own in their order, retired ones too; the common ones where it has none of its own.

    Each knows how many plans here have it: ``plan_count``.
    """
    return own_or_common(_types(municipality))
