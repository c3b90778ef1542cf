"""Writing what an initiative wants to reach: its criteria, and what is measured for each.

Adding, ordering and retiring criteria changes the document's section about them, so it counts the
initiative's version up and stands in its journal. A retired one keeps its figures.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.db.models import Min

from krams.history.actions.locking import StaleVersion, lock, save_version
from krams.models import Facility, User

from ...documents.queries import versions
from ...documents.queries.document import Document
from ...documents.sections import BY_SLUG, section_text
from ...models import Indicator, Initiative, Measurement, SuccessCriterion
from ..bounds import is_wrong_way

SECTION = "succeskriterier"
CRITERION = ("title", "short_title", "factors", "description")
INDICATOR = ("name", "kind", "direction", "unit", "frequency", "source", "starts_on")
INDICATOR += ("log_measure", "log_factor", "minimum", "maximum")


class HasFigures(Exception):
    """What is measured cannot become another kind of figure once there are figures of it."""


class FiguresOutside(Exception):
    """Figures that are there would lie outside a new range.

    ``figures`` are those at facilities that the person may see: the place, the day of a measurement
    or the name of a field (``baseline``, ``target``), and the value. ``others`` counts the rest.
    """

    def __init__(self, figures: list[tuple[str, dt.date | str, Decimal]], others: int):
        super().__init__("figures lie outside the new range")
        self.figures, self.others = figures, others


class WrongWay(Exception):
    """Targets that are there would lie on the wrong side of their baselines.

    ``places`` are the facilities that the person may see; ``others`` counts the rest.
    """

    def __init__(self, places: list[str], others: int):
        super().__init__("targets would lie the wrong way")
        self.places, self.others = places, others


class StartsTooLate(Exception):
    """There are measurements of earlier days; ``first`` is the earliest one."""

    def __init__(self, first: dt.date):
        super().__init__(f"measured on {first}")
        self.first = first


@transaction.atomic
def add_criterion(
    *, initiative: Initiative, values: dict, submission_id: uuid.UUID, by: User
) -> SuccessCriterion:
    """Add a criterion as the last one; the same form sent twice adds one.

    Raises ``Initiative.DoesNotExist`` (not allowed).
    """
    current = _locked(initiative, by)
    if sent := current.criteria.filter(submission_id=submission_id).first():
        return sent
    before = _text(current)
    criterion = SuccessCriterion(
        initiative=current, number=_last(current) + 1, submission_id=submission_id, **values
    )
    save_version(criterion, by=by)
    _noted(current, before, by)
    return criterion


@transaction.atomic
def edit_criterion(
    *, criterion: SuccessCriterion, version: int, values: dict, by: User
) -> SuccessCriterion:
    """Change its words or factors. Raises ``DoesNotExist`` and ``StaleVersion``."""
    current = _locked(criterion.initiative, by)
    try:
        mine = lock(current.criteria, version=version, fields=CRITERION, pk=criterion.pk)
    except StaleVersion as stale:
        mine = stale.current
        if any(getattr(mine, name) != value for name, value in values.items()):
            raise
    if all(getattr(mine, name) == value for name, value in values.items()):
        return mine
    before = _text(current)
    for name, value in values.items():
        setattr(mine, name, value)
    save_version(mine, by=by)
    _noted(current, before, by)
    return mine


@transaction.atomic
def move_criterion(*, criterion: SuccessCriterion, place: int, by: User) -> None:
    """Give it its place among those that are followed, counted from 1; beyond the end is last.

    Raises ``DoesNotExist``.
    """
    current = _locked(criterion.initiative, by)
    order = list(current.criteria.filter(retired=False))
    moved = next((one for one in order if one.pk == criterion.pk), None)
    if moved is None:
        raise SuccessCriterion.DoesNotExist
    before, numbers = _text(current), {one.pk: one.number for one in order}
    order.remove(moved)
    order.insert(max(place - 1, 0), moved)
    changed = [one for number, one in enumerate(order, 1) if numbers[one.pk] != number]
    # Out of the way first: no two may have one number, not even for a moment.
    free = max(numbers.values()) + 1
    for number, one in enumerate(changed, start=free):
        SuccessCriterion.objects.filter(pk=one.pk).update(number=number)
    for number, one in enumerate(order, start=1):
        if numbers[one.pk] != number:
            one.number = number
            save_version(one, by=by)
    if changed:
        _noted(current, before, by)


@transaction.atomic
def retire_criterion(*, criterion: SuccessCriterion, retired: bool, by: User) -> SuccessCriterion:
    """Follow it no longer, or again as the last one; figures and assessments stay.

    Raises ``DoesNotExist``.
    """
    current = _locked(criterion.initiative, by)
    mine = current.criteria.get(pk=criterion.pk)
    if mine.retired == retired:
        return mine
    before = _text(current)
    if not retired:
        mine.number = _last(current) + 1
    mine.retired = retired
    save_version(mine, by=by)
    _noted(current, before, by)
    return mine


@transaction.atomic
def add_indicator(
    *, criterion: SuccessCriterion, values: dict, submission_id: uuid.UUID, by: User
) -> Indicator:
    """Add what is measured for a criterion; the same form sent twice adds one.

    Raises ``Initiative.DoesNotExist`` (not allowed).
    """
    _locked(criterion.initiative, by)
    if sent := criterion.indicators.filter(submission_id=submission_id).first():
        return sent
    last = max((one.position for one in criterion.indicators.all()), default=0)
    indicator = Indicator(
        criterion=criterion, position=last + 1, submission_id=submission_id, **values
    )
    return save_version(indicator, by=by)


@transaction.atomic
def edit_indicator(*, indicator: Indicator, version: int, values: dict, by: User) -> Indicator:
    """Change what is measured.

    What has been measured, and each facility's target, must still be right afterwards. Raises
    ``DoesNotExist``, ``StaleVersion``, ``HasFigures``, ``FiguresOutside``, ``WrongWay`` and
    ``StartsTooLate``.
    """
    _locked(indicator.criterion.initiative, by)
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
    _locked(indicator.criterion.initiative, by)
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
    found = [
        (row["facility"], name, row[name])
        for row in indicator.facility_indicators.values("facility", "baseline", "target")
        for name in ("baseline", "target")
    ]
    found += Measurement.objects.filter(
        facility_indicator__indicator=indicator, removed_at=None
    ).values_list("facility_indicator__facility", "measured_on", "value")
    bounds = indicator.bounds
    outside = [one for one in found if one[2] is not None and not bounds.hold(one[2])]
    if outside:
        visible = _visible(at, by)
        mine = [(at[pk], what, value) for pk, what, value in outside if pk in visible]
        raise FiguresOutside(mine, len(outside) - len(mine))


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


def _locked(initiative: Initiative, by: User) -> Initiative:
    """Writes to the criteria of one initiative wait for each other."""
    mine = Initiative.objects.editable_by(by).select_for_update(of=("self",))
    return mine.get(pk=initiative.pk)


def _last(initiative: Initiative) -> int:
    return max((one.number for one in initiative.criteria.filter(retired=False)), default=0)


def _text(initiative: Initiative) -> str:
    section = BY_SLUG[SECTION]
    return section_text(section, Document.of(initiative).values(section))


def _noted(initiative: Initiative, before: str, by: User) -> None:
    save_version(initiative, by=by)
    versions.note(initiative, SECTION, before=before, after=_text(initiative), reason="", by=by)
