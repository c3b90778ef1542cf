"""Reads an initiative's criteria with what is measured for each, for the managers' guide."""

from typing import Any

from django.db.models import Count, Q

from ...models import Indicator, Initiative
from ..compound import is_compound


def read_criteria(initiative: Initiative) -> list[dict[str, Any]]:
    """Every criterion with its indicators, followed or not, each with ``figure_count``.

    ``splits``: the wording seems to hold several things, and only one is measured.
    """
    counted = Count(
        "facility_indicators__measurements",
        filter=Q(facility_indicators__measurements__removed_at=None),
    )
    by_criterion: dict[int, list[Indicator]] = {}
    indicators = Indicator.objects.filter(criterion__initiative=initiative)
    for one in indicators.annotate(figure_count=counted):
        by_criterion.setdefault(one.criterion_id, []).append(one)
    rows = []
    for criterion in initiative.criteria.all():
        mine = by_criterion.get(criterion.pk, [])
        rows.append(
            {
                "criterion": criterion,
                "indicators": [one for one in mine if not one.retired],
                "retired": [one for one in mine if one.retired],
                "splits": is_compound(criterion.title) and len(mine) < 2,
            }
        )
    return rows
