"""Reads the activity types of a municipality for its list."""

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from krams.models import Authority

from ...models import ActivityType, PlannedActivity


def read_types(municipality: Authority) -> list[ActivityType]:
    """Its own in their order, retired ones too; the common ones where it has none of its own.

    Each knows how many plans here have it: ``plan_count``.
    """
    plans = (
        PlannedActivity.objects.filter(
            activity_type=OuterRef("pk"), facility__department__municipality=municipality
        )
        .order_by()
        .values("activity_type")
        .annotate(number=Count("pk"))
    )
    mine = Q(municipality=municipality) | Q(municipality=None, retired=False)
    kinds: list[ActivityType] = list(
        ActivityType.objects.filter(mine).annotate(
            plan_count=Coalesce(Subquery(plans.values("number")), 0)
        )
    )
    return [kind for kind in kinds if kind.municipality_id] or kinds
