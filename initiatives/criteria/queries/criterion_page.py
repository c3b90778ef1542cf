"""Reads a criterion at one facility: four queries after the guard of the facility."""

from datetime import date
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from krams.database.prepared import prepared
from krams.models import Department, Facility, User
from krams.people.access import one_of
from krams.people.permissions import READING_FACILITIES

from ...enums import IndicatorKind
from ...models import (
    Assessment,
    FacilityIndicator,
    FollowUpSettings,
    Indicator,
    Initiative,
    SuccessCriterion,
)
from ..chart import chart
from ..criterion import EARLIER_ASSESSMENTS, CriterionPage, IndicatorPart, OwnCriterion, OwnPlace
from ..figures import Tracked, combined_status
from .figures import INDICATOR, counted_row, of_facilities, tracked_of, tracked_rows

WIDE, NARROW = 720, 336


@prepared
def _place(user: User, slug: str) -> QuerySet[OwnPlace]:
    managed = Facility.objects.managed_by(user).filter(pk=OuterRef("pk"))
    visible = Facility.objects.visible_to(user).filter(slug=slug)
    return visible.annotate(may_manage=Exists(managed)).order_by()


def visible_place(user: User, slug: str) -> OwnPlace:
    """The facility; knows whether the person ``may_manage`` it. Raises ``Http404``."""
    return one_of(_place(user, slug))


@prepared
def _criterion(
    user: User, department_slug: str, pk: int, place: Facility
) -> QuerySet[OwnCriterion]:
    reached = Department.objects.reached_by(user, READING_FACILITIES)
    return (
        SuccessCriterion.objects.filter(
            pk=pk,
            initiative__in=Initiative.objects.visible_to(user),
            initiative__department__slug=department_slug,
            initiative__facilities=place,
        )
        .select_related("initiative__department__municipality__follow_up_settings")
        .annotate(sees_all=Exists(reached.filter(pk=OuterRef("initiative__department"))))
        .order_by()
    )


def visible_criterion(user: User, department_slug: str, pk: int, place: OwnPlace) -> OwnCriterion:
    """The criterion of an initiative that the facility takes part in. Raises ``Http404``."""
    return one_of(_criterion(user, department_slug, pk, place))


@prepared
def _indicators(criterion: SuccessCriterion) -> QuerySet[Indicator]:
    return Indicator.objects.filter(criterion=criterion, retired=False)


def indicators_of(criterion: SuccessCriterion) -> list[Indicator]:
    """Those that are measured, in their order."""
    found = _indicators(criterion)
    for one in found:
        one.criterion = criterion
    return found


@prepared
def _indicator(criterion: SuccessCriterion, pk: int) -> QuerySet[Indicator]:
    return Indicator.objects.filter(criterion=criterion, pk=pk, retired=False).order_by()


def indicator_measured(criterion: SuccessCriterion, pk: int) -> Indicator:
    """One of them. Raises ``Http404``."""
    found = one_of(_indicator(criterion, pk))
    found.criterion = criterion
    return found


@prepared
def _assessments(criterion: SuccessCriterion, place: Facility) -> QuerySet[Assessment]:
    here = Assessment.objects.filter(criterion=criterion, facility=place)
    newest_first = here.select_related("assessed_by").order_by("-assessed_on", "-pk")
    return newest_first[: 1 + EARLIER_ASSESSMENTS]


@prepared
def _followed(
    place_id: int, criterion: SuccessCriterion, initiative_id: int
) -> QuerySet[FacilityIndicator, dict[str, Any]]:
    takes_part = Facility.objects.filter(pk=place_id, initiatives=initiative_id)
    return tracked_rows(of_facilities(takes_part).filter(indicator__criterion=criterion))


def read_criterion_page(criterion: OwnCriterion, facility: OwnPlace, today: date) -> CriterionPage:
    """``criterion`` comes from ``visible_criterion``, ``facility`` from ``visible_place``."""
    indicators = indicators_of(criterion)
    here = _read_here(criterion, indicators, facility, today)
    parts = [_part(row, here.get(row.pk)) for row in indicators]
    return CriterionPage(
        criterion=criterion,
        facility=facility,
        parts=parts,
        assessments=_assessments(criterion, facility),
        computed=combined_status(here.values()),
    )


def _read_here(
    criterion: OwnCriterion,
    indicators: list[Indicator],
    facility: OwnPlace,
    today: date,
) -> dict[int, Tracked]:
    settings = FollowUpSettings.of(criterion.initiative.department.municipality)
    counted = [
        counted_row(facility.pk, one.pk, {name: getattr(one, name) for name in INDICATOR})
        for one in indicators
        if one.kind == IndicatorKind.LOG
    ]
    tracked = tracked_of(
        _followed(facility.pk, criterion, criterion.initiative_id),
        today,
        settings.smallest_shown,
        counted=counted,
        least_change=settings.least_change(),
    )
    here = {one.indicator_id: one for one in tracked}
    for one in here.values():
        # Whoever enters the figures of the place must be able to read what was entered.
        one.is_own = facility.may_manage
    return here


def _part(indicator: Indicator, tracked: Tracked | None) -> IndicatorPart:
    if tracked is None:
        return IndicatorPart(indicator, None)
    draw = partial(
        chart,
        [figure.point for figure in tracked.shown_figures],
        target=tracked.facts.target,
        baseline=tracked.baseline,
        bounds=indicator.bounds,
        text=lambda value: tracked.text(value).removesuffix(tracked.unit).strip(),
    )
    return IndicatorPart(indicator, tracked, draw(width=WIDE), draw(width=NARROW))
