"""Reads a criterion at one facility: four queries after the guard of the facility."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from krams.database.prepared import prepared
from krams.models import Department, Facility, User
from krams.people.access import one_of
from krams.people.permissions import READING_FACILITIES

from ...enums import AssessmentLevel, CriterionStatus, IndicatorKind
from ...models import (
    Assessment,
    FacilityIndicator,
    FollowUpSettings,
    Indicator,
    Initiative,
    SuccessCriterion,
)
from ..chart import Chart, chart
from ..few_people import hide_small
from ..figures import Figure, Tracked, combined_status
from .figures import INDICATOR, counted_row, of_facilities, tracked_of, tracked_rows

if TYPE_CHECKING:
    # Known to mypy alone: an installation has no stubs.
    from django_stubs_ext import WithAnnotations


class PlaceRights(TypedDict):
    may_manage: bool


class CriterionRights(TypedDict):
    """``sees_all``: every facility of the department."""

    sees_all: bool


OwnCriterion: TypeAlias = "WithAnnotations[SuccessCriterion, CriterionRights]"
OwnPlace: TypeAlias = "WithAnnotations[Facility, PlaceRights]"
WIDE, NARROW = 720, 336
MOST_MEASUREMENTS = 60
EARLIER_ASSESSMENTS = 12


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
    user: User, place: Facility, criterion: SuccessCriterion, initiative_id: int
) -> QuerySet[FacilityIndicator, dict[str, Any]]:
    """At the place and at all others that the person may see and that are open."""
    places = Facility.objects.visible_to(user).filter(
        Q(closed_on=None) | Q(pk=place), initiatives=initiative_id
    )
    return tracked_rows(of_facilities(places).filter(indicator__criterion=criterion))


@dataclass
class IndicatorPart:
    """One indicator; without ``tracked`` nothing is followed here yet."""

    indicator: Indicator
    tracked: Tracked | None
    wide: Chart | None = None
    narrow: Chart | None = None

    @property
    def measurements(self) -> tuple[Figure, ...]:
        return self.tracked.figures if self.tracked else ()

    @property
    def table(self) -> list[dict[str, Any]]:
        """Newest first, each with whether it is hidden."""
        if (tracked := self.tracked) is None:
            return []
        return [
            {
                "figure": figure,
                "hidden": tracked.hides(figure),
                "text": tracked.text(figure.value),
            }
            for figure in tracked.figures[::-1][:MOST_MEASUREMENTS]
        ]

    @property
    def baseline_text(self) -> str:
        return self.tracked.text(self.tracked.baseline) if self.tracked else ""

    @property
    def description(self) -> str:
        """The chart in words; the table below it has every figure."""
        tracked = self.tracked
        assert tracked is not None, "only what is followed has a chart"
        shown = tracked.shown_figures
        first, last = shown[0], shown[-1]
        words = _("From %(first)s on %(first_day)s to %(last)s on %(last_day)s.") % {
            "first": tracked.text(first.value),
            "first_day": date_format(first.day, "SHORT_DATE_FORMAT"),
            "last": tracked.text(last.value),
            "last_day": date_format(last.day, "SHORT_DATE_FORMAT"),
        }
        if tracked.target_text:
            words += " " + _("The target is %(target)s.") % {"target": tracked.target_text}
        return words + " " + _("All figures stand in the table below.")


@dataclass
class CriterionPage:
    criterion: OwnCriterion
    facility: OwnPlace
    parts: list[IndicatorPart]
    assessments: list[Assessment]
    computed: CriterionStatus | None

    @property
    def newest(self) -> Assessment | None:
        return self.assessments[0] if self.assessments else None

    @property
    def earlier(self) -> list[Assessment]:
        return self.assessments[1 : 1 + EARLIER_ASSESSMENTS]

    @property
    def level(self) -> AssessmentLevel:
        return AssessmentLevel(self.newest.level if self.newest else AssessmentLevel.NOT_ASSESSED)

    @property
    def department(self) -> Department:
        return self.criterion.initiative.department


def read_criterion_page(
    criterion: OwnCriterion, facility: OwnPlace, user: User, today: date
) -> CriterionPage:
    """``criterion`` comes from ``visible_criterion``, ``facility`` from ``visible_place``."""
    indicators = indicators_of(criterion)
    here = _read_here(criterion, indicators, facility, user, today)
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
    user: User,
    today: date,
) -> dict[int, Tracked]:
    """What is followed at the facility; the others are read to hide what the overview hides."""
    settings = FollowUpSettings.of(criterion.initiative.department.municipality)
    counted = [
        counted_row(facility.pk, one.pk, {name: getattr(one, name) for name in INDICATOR})
        for one in indicators
        if one.kind == IndicatorKind.LOG
    ]
    tracked = tracked_of(
        _followed(user, facility, criterion, criterion.initiative_id),
        today,
        settings.smallest_shown_count,
        counted=counted,
        least_change=settings.least_change(),
    )
    in_overview = [
        one for one in tracked if one.facility_id != facility.pk or not facility.closed_on
    ]
    for indicator_id in {one.indicator_id for one in in_overview}:
        same = [one for one in in_overview if one.indicator_id == indicator_id]
        hide_small(same, total_shown=criterion.sees_all)
    here = {one.indicator_id: one for one in tracked if one.facility_id == facility.pk}
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
