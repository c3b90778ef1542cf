"""Writes to what is measured for a criterion: add, change and retire an indicator."""

import datetime as dt
import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Min, Q

from krams.history.actions.locking import StaleVersion, lock, save_version
from krams.models import Facility, User

from ...enums import FigureAbout
from ...models import Indicator, Measurement, SuccessCriterion
from ..bounds import bounds_of, is_wrong_way
from .criteria import locked_initiative

INDICATOR: tuple[str, ...] = (
    "name",
    "kind",
    "direction",
    "unit",
    "frequency",
    "source",
    "starts_on",
)
INDICATOR += ("about", "log_measure", "log_factor", "minimum", "maximum")


class HasFigures(Exception):
    """What is measured cannot become another kind of figure once there are figures of it."""


class FiguresOfOthers(Exception):
    """What is hidden of places that the person does not manage would be told to her.

    ``number`` is how many such places have figures, ``field`` what would tell them.
    """

    def __init__(self, field: str, number: int) -> None:
        super().__init__(f"{number} others have figures, and {field} would tell them")
        self.field, self.number = field, number


class FiguresOutside(Exception):
    """Figures that are there would lie outside a new range.

    ``figures`` are those at facilities that the person may see: the place, the day of a measurement
    or the name of a field (``baseline``, ``target``), and the value. ``others`` counts the rest.
    """

    def __init__(self, figures: list[tuple[str, dt.date | str, Decimal]], others: int) -> None:
        super().__init__("figures lie outside the new range")
        self.figures, self.others = figures, others


class WrongWay(Exception):
    """Targets that are there would lie on the wrong side of their baselines.

    ``places`` are the facilities that the person may see; ``others`` counts the rest.
    """

    def __init__(self, places: list[str], others: int) -> None:
        super().__init__("targets would lie the wrong way")
        self.places, self.others = places, others


class StartsTooLate(Exception):
    """There are measurements of earlier days; ``first`` is the earliest one."""

    def __init__(self, first: dt.date) -> None:
        super().__init__(f"measured on {first}")
        self.first = first


@transaction.atomic
def add_indicator(
    *, criterion: SuccessCriterion, values: dict[str, Any], submission_id: uuid.UUID, by: User
) -> Indicator:
    """Add what is measured for a criterion; the same form sent twice adds one.

    Raises ``Initiative.DoesNotExist`` (not allowed).
    """
    locked_initiative(criterion.initiative, by)
    if sent := criterion.indicators.filter(submission_id=submission_id).first():
        return sent
    last = max((one.position for one in criterion.indicators.all()), default=0)
    indicator = Indicator(
        criterion=criterion, position=last + 1, submission_id=submission_id, **values
    )
    return save_version(indicator, by=by)


@transaction.atomic
def edit_indicator(
    *, indicator: Indicator, version: int, values: dict[str, Any], by: User
) -> Indicator:
    """Change what is measured.

    What has been measured, and each facility's target, must still be right afterwards. Raises
    ``DoesNotExist``, ``StaleVersion``, ``HasFigures``, ``FiguresOfOthers``, ``FiguresOutside``,
    ``WrongWay`` and ``StartsTooLate``.
    """
    locked_initiative(indicator.criterion.initiative, by)
    try:
        mine = lock(Indicator.objects, version=version, fields=INDICATOR, pk=indicator.pk)
    except StaleVersion as stale:
        mine = stale.current
        if any(getattr(mine, name) != value for name, value in values.items()):
            raise
    if all(getattr(mine, name) == value for name, value in values.items()):
        return mine
    figures = mine.facility_indicators.filter(measurements__removed_at=None)
    if values["kind"] != mine.kind and figures.exclude(measurements=None).exists():
        raise HasFigures
    if field := _tells_of_people(mine, values):
        _refuse_to_uncover(mine, field, by)
    turns = values["direction"] != mine.direction
    starts_later = values["starts_on"] > mine.starts_on
    for name, value in values.items():
        setattr(mine, name, value)
    _hold_all_figures(mine, by)
    if turns:
        _refuse_wrong_way(mine, by)
    if starts_later:
        _refuse_late_start(mine)
    return save_version(mine, by=by)


@transaction.atomic
def retire_indicator(*, indicator: Indicator, retired: bool, by: User) -> Indicator:
    """Measure it no longer, or again; its figures stay. Raises ``DoesNotExist``."""
    locked_initiative(indicator.criterion.initiative, by)
    mine = Indicator.objects.select_for_update(of=("self",)).get(pk=indicator.pk)
    if mine.retired == retired:
        return mine
    mine.retired = retired
    return save_version(mine, by=by)


def _hold_all_figures(indicator: Indicator, by: User) -> None:
    """Raise ``FiguresOutside`` where the range that ``indicator`` is to have leaves some out."""
    if indicator.minimum is None and indicator.maximum is None:
        return
    at = dict(indicator.facility_indicators.values_list("facility", "facility__name"))
    found: list[tuple[int, str | dt.date, Decimal | None]] = [
        (row["facility"], name, row[name])
        for row in indicator.facility_indicators.values("facility", "baseline", "target")
        for name in ("baseline", "target")
    ]
    found += Measurement.objects.filter(
        facility_indicator__indicator=indicator, removed_at=None
    ).values_list("facility_indicator__facility", "measured_on", "value")
    bounds = indicator.bounds
    outside = [
        (pk, what, value)
        for pk, what, value in found
        if value is not None and not bounds.hold(value)
    ]
    if outside:
        visible = _visible(at, by)
        mine = [(at[pk], what, value) for pk, what, value in outside if pk in visible]
        raise FiguresOutside(mine, len(outside) - len(mine))


def _tells_of_people(indicator: Indicator, values: dict[str, Any]) -> str:
    """The field by which figures that are hidden would be told; "" where none is.

    Of what is not about people nothing is hidden. And of a narrower range it is said whether all
    figures lie inside: asked again and again, that is the figure.
    """
    if indicator.about == FigureAbout.PEOPLE != values["about"]:
        return "about"
    now, then = indicator.bounds, bounds_of(values["kind"], values["minimum"], values["maximum"])
    if then.least is not None and (now.least is None or then.least > now.least):
        return "minimum"
    if then.most is not None and (now.most is None or then.most < now.most):
        return "maximum"
    return ""


def _refuse_to_uncover(indicator: Indicator, field: str, by: User) -> None:
    """That is for who may see all of them anyhow."""
    of_people = Q(measurements__people__isnull=False)
    if indicator.is_average or field == "about":
        of_people = Q(baseline__isnull=False) | Q(measurements__isnull=False)
    theirs = indicator.facility_indicators.exclude(facility__in=Facility.objects.managed_by(by))
    if number := theirs.filter(of_people).distinct().count():
        raise FiguresOfOthers(field, number)


def _refuse_wrong_way(indicator: Indicator, by: User) -> None:
    rows = indicator.facility_indicators.order_by("facility__name", "pk")
    wrong = {
        row.facility_id: row.facility.name
        for row in rows.select_related("facility")
        if is_wrong_way(indicator.direction, row.baseline, row.target)
    }
    if wrong:
        visible = _visible(wrong, by)
        mine = [name for pk, name in wrong.items() if pk in visible]
        raise WrongWay(mine, len(wrong) - len(mine))


def _refuse_late_start(indicator: Indicator) -> None:
    measured = Measurement.objects.filter(facility_indicator__indicator=indicator, removed_at=None)
    first = measured.aggregate(day=Min("measured_on"))["day"]
    if first and first < indicator.starts_on:
        raise StartsTooLate(first)


def _visible(facilities: Iterable[int], by: User) -> set[int]:
    """Those of the facilities, by id, that the person may see."""
    return set(
        Facility.objects.visible_to(by).filter(pk__in=facilities).values_list("pk", flat=True)
    )
