"""Reads an initiative's criteria with what is measured for each, for the managers' guide."""

from typing import Any

from django.db.models import Count, Q, QuerySet

from krams.database.prepared import prepared
from krams.people.access import one_of

from ...models import Indicator, Initiative, SuccessCriterion
from ..compound import is_compound


@prepared
def _indicators(initiative: Initiative) -> QuerySet[Indicator]:
    counted = Count(
        "facility_indicators__measurements",
        filter=Q(facility_indicators__measurements__removed_at=None),
    )
    mine = Indicator.objects.filter(criterion__initiative=initiative)
    return mine.annotate(figure_count=counted)


@prepared
def _criteria(initiative: Initiative) -> QuerySet[SuccessCriterion]:
    return SuccessCriterion.objects.filter(initiative=initiative)


@prepared
def _criterion(initiative: Initiative, pk: int) -> QuerySet[SuccessCriterion]:
    return SuccessCriterion.objects.filter(initiative=initiative, pk=pk).order_by()


def criterion_of(initiative: Initiative, pk: int) -> SuccessCriterion:
    """Raises ``Http404``."""
    found = one_of(_criterion(initiative, pk))
    found.initiative = initiative
    return found


@prepared
def _indicator(initiative: Initiative, pk: int) -> QuerySet[Indicator]:
    mine = Indicator.objects.filter(criterion__initiative=initiative, pk=pk)
    return mine.select_related("criterion").order_by()


def indicator_of(initiative: Initiative, pk: int) -> Indicator:
    """An indicator of one of its criteria. Raises ``Http404``."""
    found = one_of(_indicator(initiative, pk))
    found.criterion.initiative = initiative
    return found


def read_criteria(initiative: Initiative) -> list[dict[str, Any]]:
    """Every criterion with its indicators, followed or not, each with ``figure_count``.

    ``splits``: the wording seems to hold several things, and only one is measured.
    """
    by_criterion: dict[int, list[Indicator]] = {}
    for one in _indicators(initiative):
        by_criterion.setdefault(one.criterion_id, []).append(one)
    rows = []
    for criterion in _criteria(initiative):
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
