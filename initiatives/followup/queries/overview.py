"""Reads the managers' overview of a department: facilities by criteria, in two queries."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery

from krams.database.prepared import prepared
from krams.enums import FacilityKind
from krams.models import Department, Facility, User
from krams.people.access import one_of
from krams.people.permissions import READING_FACILITIES

from ...access import OwnDepartment
from ...criteria.queries.figures import (
    INDICATOR,
    counted_row,
    of_facilities,
    tracked_of,
    tracked_rows,
)
from ...enums import AssessmentLevel, IndicatorKind
from ...fields import factors_of
from ...models import (
    Assessment,
    FacilityIndicator,
    FollowUpSettings,
    Initiative,
    SuccessCriterion,
)
from ..overview import FOLLOWED, Cell, Column, Row, Table, sum_up


def departments_of(user: User) -> QuerySet[OwnDepartment]:
    """Departments that the person may see; ``sees_all``: every facility of it, not just one.

    ``may_manage``: as a manager of the department or its municipality.
    """
    reached = Department.objects.reached_by(user, READING_FACILITIES).filter(pk=OuterRef("pk"))
    managed = Department.objects.managed_by(user).filter(pk=OuterRef("pk"))
    return (
        Department.objects.visible_to(user)
        .select_related("municipality__follow_up_settings")
        .annotate(sees_all=Exists(reached), may_manage=Exists(managed))
    )


@prepared
def _department(user: User, slug: str) -> QuerySet[OwnDepartment]:
    return departments_of(user).filter(slug=slug).order_by()


def visible_department(user: User, slug: str) -> OwnDepartment:
    """One of ``departments_of``. Raises ``Http404``."""
    return one_of(_department(user, slug))


class _CellRow(NamedTuple):
    """A criterion at a facility that takes part, with the newest assessment.

    And with what the activity log counts for it: a row for each such indicator, ``counted`` as in
    ``INDICATOR``.
    """

    initiative_id: int
    initiative_title: str
    pk: int
    number: int
    short_title: str
    factors: str
    place: int
    place_slug: str
    place_name: str
    place_kind: str
    place_count: int | None
    may_manage: bool
    level: str | None
    assessed_on: date | None
    counted_pk: int | None
    counted: tuple[Any, ...]


def read_tables(department: OwnDepartment, user: User, today: date) -> list[Table]:
    """The tables of the department's initiatives, with the facilities that ``user`` may see.

    ``department`` comes from ``departments_of``.
    """
    settings = FollowUpSettings.of(department.municipality)
    number = len(COLUMNS)
    cells = [_CellRow._make((*row[:number], row[number:])) for row in _cells(department, user)]
    # A criterion with several counts from the log has a row for each of them.
    tables = _tables({(cell.place, cell.pk): cell for cell in cells}.values())
    by_place = defaultdict(list)
    counted = [
        counted_row(cell.place, cell.counted_pk, dict(zip(INDICATOR, cell.counted, strict=True)))
        for cell in cells
        if cell.counted_pk
    ]
    for tracked in tracked_of(
        _followed(department, user),
        today,
        settings.smallest_shown,
        counted=counted,
        least_change=settings.least_change(),
    ):
        by_place[tracked.facility_id, tracked.criterion_id].append(tracked)
    for table in tables:
        for row in table.rows:
            for cell in row.cells:
                cell.tracked = by_place[row.pk, cell.column.pk]
                # Who has a role at the place alone, and not at the others, sees what she entered.
                for one in cell.tracked:
                    one.is_own = row.may_manage and not department.sees_all
        if department.sees_all:
            sum_up(table)
    return tables


@prepared
def _followed(department: Department, user: User) -> QuerySet[FacilityIndicator, dict[str, Any]]:
    followed = of_facilities(Facility.objects.visible_to(user).open())
    return tracked_rows(followed.filter(indicator__criterion__initiative__department=department))


COLUMNS = _CellRow._fields[:-1]


@prepared
def _cells(department: Department, user: User) -> QuerySet[Any, tuple[Any, ...]]:
    """The columns of ``_CellRow``, then those of ``INDICATOR``."""
    log = Q(indicators__kind=IndicatorKind.LOG, indicators__retired=False)
    place = OuterRef("initiative__facilities__pk")
    newest = Assessment.objects.filter(criterion=OuterRef("pk"), facility=place).order_by(
        "-assessed_on", "-pk"
    )
    managed = Facility.objects.managed_by(user).filter(pk=place)
    return (
        SuccessCriterion.objects.filter(
            initiative__in=Initiative.objects.visible_to(user),
            initiative__department=department,
            initiative__status__in=FOLLOWED,
            initiative__facilities__in=Facility.objects.visible_to(user).open(),
            retired=False,
        )
        .annotate(
            place=F("initiative__facilities__pk"),
            place_slug=F("initiative__facilities__slug"),
            place_name=F("initiative__facilities__name"),
            place_kind=F("initiative__facilities__kind"),
            place_count=F("initiative__facilities__place_count"),
            may_manage=Exists(managed),
            level=Subquery(newest.values("level")[:1]),
            assessed_on=Subquery(newest.values("assessed_on")[:1]),
            initiative_title=F("initiative__title"),
            counted=FilteredRelation("indicators", condition=log),
            counted_pk=F("counted__pk"),
        )
        .order_by("initiative__title", "initiative_id", "place_name", "place", "number", "pk")
        .values_list(*COLUMNS, *(f"counted__{name}" for name in INDICATOR))
    )


def _tables(cells: Iterable[_CellRow]) -> list[Table]:
    tables: dict[int, Table] = {}
    columns: dict[int, Column] = {}
    rows: dict[tuple[int, int], Row] = {}
    for cell in cells:
        table = tables.setdefault(
            cell.initiative_id, Table(cell.initiative_id, cell.initiative_title)
        )
        if cell.pk not in columns:
            columns[cell.pk] = Column(
                cell.pk, cell.number, cell.short_title, factors_of(cell.factors)
            )
            table.columns.append(columns[cell.pk])
        if (table.initiative, cell.place) not in rows:
            row = rows[table.initiative, cell.place] = Row(
                cell.place,
                cell.place_slug,
                cell.place_name,
                FacilityKind(cell.place_kind),
                cell.place_count,
                cell.may_manage,
            )
            table.rows.append(row)
        level = AssessmentLevel(cell.level or AssessmentLevel.NOT_ASSESSED)
        rows[table.initiative, cell.place].cells.append(
            Cell(columns[cell.pk], cell.place_slug, level, cell.assessed_on)
        )
    return list(tables.values())
