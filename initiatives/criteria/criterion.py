"""A success criterion at one facility, as it is read: indicators, figures, assessments. Pure."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..enums import AssessmentLevel, CriterionStatus, IndicatorKind
from .chart import MOST_POINTS, Chart
from .figures import Figure, Tracked

if TYPE_CHECKING:
    # Known to mypy alone: an installation has no stubs.
    from django_stubs_ext import WithAnnotations

    from krams.models import Department, Facility

    from ..models import Assessment, Indicator, SuccessCriterion


class PlaceRights(TypedDict):
    may_manage: bool


class CriterionRights(TypedDict):
    """``sees_all``: every facility of the department."""

    sees_all: bool


OwnCriterion: TypeAlias = "WithAnnotations[SuccessCriterion, CriterionRights]"
OwnPlace: TypeAlias = "WithAnnotations[Facility, PlaceRights]"
MOST_MEASUREMENTS = 60
EARLIER_ASSESSMENTS = 12


@dataclass
class IndicatorPart:
    """One indicator; without ``tracked`` nothing is followed here yet."""

    indicator: "Indicator"
    tracked: Tracked | None
    wide: Chart | None = None
    narrow: Chart | None = None

    @property
    def measurements(self) -> tuple[Figure, ...]:
        return self.tracked.figures if self.tracked else ()

    @property
    def has_n(self) -> bool:
        """Whether its figures say how many people they are of."""
        return self.indicator.kind == IndicatorKind.SHARE or self.indicator.is_average

    @property
    def drawn(self) -> list[Figure]:
        """What the chart shows: the last figures of those that may be seen."""
        return self.tracked.shown_figures[-MOST_POINTS:] if self.tracked else []

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
    assessments: "list[Assessment]"
    computed: CriterionStatus | None

    @property
    def has_figures(self) -> bool:
        return any(part.measurements for part in self.parts)

    @property
    def newest(self) -> "Assessment | None":
        return self.assessments[0] if self.assessments else None

    @property
    def earlier(self) -> "list[Assessment]":
        return self.assessments[1 : 1 + EARLIER_ASSESSMENTS]

    @property
    def level(self) -> AssessmentLevel:
        return AssessmentLevel(self.newest.level if self.newest else AssessmentLevel.NOT_ASSESSED)

    @property
    def department(self) -> "Department":
        return self.criterion.initiative.department
