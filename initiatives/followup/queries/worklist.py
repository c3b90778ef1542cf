"""What needs a person in the KRAMS half, over all their departments: four queries at most.

The first page and the weekly e-mail draw it. It is read as the pages behind read it: the concerns
of the overview, the weeks of the registrations.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet

from krams.database.prepared import prepared
from krams.enums import AuthorityKind, FacilityKind, Role
from krams.models import Facility, User
from krams.people.permissions import READING_FACILITIES
from krams.worklist.sections import Section

from ...access import OwnDepartment
from ...criteria.figures import Tracked
from ...criteria.queries.figures import of_facilities, tracked_of, tracked_rows
from ...enums import AssessmentLevel, IndicatorKind
from ...fields import factors_of
from ...models import FacilityIndicator, FollowUpSettings, Indicator, Initiative
from ..attention import concerns_from
from ..concern import Facts
from ..overview import FOLLOWED, Cell, Column, Row, Table
from ..worklist import Door, section_to_set_up, sections_of_department, sections_to_read
from .attention import read_facts
from .overview import departments_of


@dataclass
class _Mine:
    """A department with the open facilities that the person may see."""

    department: OwnDepartment
    doors: list[Door] = field(default_factory=list)

    @property
    def acts(self) -> bool:
        """Whether anything there is this person's to do."""
        return self.department.may_manage or any(door.may_log for door in self.doors)

    @property
    def manages(self) -> bool:
        return self.department.may_manage or any(door.may_manage for door in self.doors)

    @property
    def settings(self) -> FollowUpSettings:
        return FollowUpSettings.of(self.department.municipality)


def sections(user: User, today: dt.date) -> Iterator[Section]:
    """Department by department; no query for who has no role in this half."""
    if not any(scope.role in READING_FACILITIES for scope in user.scopes):
        return
    mine = _read_mine(user)
    acting = {key: one for key, one in mine.items() if one.acts}
    facts = read_facts({key: one.settings.thresholds() for key, one in acting.items()}, user, today)
    tables = _read_measured([one for one in acting.values() if one.manages], user, today)
    for key, one in mine.items():
        if key in acting:
            yield from _to_act_on(one, facts[key], tables.get(key, []), today)
        else:
            yield from sections_to_read(one.department, one.doors)
    yield from _to_set_up(user, mine.values())


def _to_set_up(user: User, mine: Iterable[_Mine]) -> Iterator[Section]:
    """Municipalities that the person administers and that have no facility yet; no query."""
    begun = {one.department.municipality_id for one in mine if one.doors}
    for scope in user.scopes:
        authority = scope.authority
        if scope.role != Role.ADMINISTRATOR or authority is None or authority.pk in begun:
            continue
        if authority.kind == AuthorityKind.MUNICIPALITY:
            yield section_to_set_up(authority)


def _to_act_on(mine: _Mine, facts: Facts, tables: list[Table], today: dt.date) -> Iterator[Section]:
    found = concerns_from(facts, mine.department, tables, today, mine.settings.thresholds())
    concerns, verdicts, _courses = found
    own = [concern for concern in concerns if concern.may_act]
    return sections_of_department(mine.department, mine.doors, facts, own, verdicts, today)


def _read_mine(user: User) -> dict[int, _Mine]:
    found: dict[int, _Mine] = {}
    for row in _departments(user):
        mine = found.setdefault(row.pk, _Mine(row))
        if row.may_see:
            kind = str(FacilityKind(row.door_kind).label)
            mine.doors.append(
                Door(
                    *(row.door_pk, row.door_slug, row.door_name, kind),
                    *(bool(row.may_log), bool(row.may_manage_it)),
                )
            )
    return found


@prepared
def _departments(user: User) -> QuerySet[Any]:
    """A row for each open facility, and one where there is none."""
    door = OuterRef("door__pk")
    return (
        departments_of(user)
        .annotate(door=FilteredRelation("facilities", condition=Q(facilities__closed_on=None)))
        .annotate(
            door_pk=F("door__pk"),
            door_slug=F("door__slug"),
            door_name=F("door__name"),
            door_kind=F("door__kind"),
            may_see=Exists(Facility.objects.visible_to(user).filter(pk=door)),
            may_log=Exists(Facility.objects.loggable_by(user).filter(pk=door)),
            may_manage_it=Exists(Facility.objects.managed_by(user).filter(pk=door)),
        )
        .order_by("name", "pk", "door__name", "door__pk")
    )


PLACE = ("facility__slug", "facility__name", "facility__department_id")
CRITERION = (
    "indicator__criterion__number",
    "indicator__criterion__short_title",
    "indicator__criterion__factors",
)
MORE = (*PLACE, *CRITERION, "has_counted")


def _read_measured(mine: Iterable[_Mine], user: User, today: dt.date) -> dict[int, list[Table]]:
    """The overview's tables with nothing in them but what is measured, by department.

    What the log counts is never overdue, and is left out.
    """
    by_key = {one.department.pk: one for one in mine}
    if not by_key:
        return {}
    rows = defaultdict(list)
    for row in _measured(list(by_key), user):
        rows[row["facility__department_id"]].append(row)
    return {key: [_table(_tracked(rows[key], one.settings, today))] for key, one in by_key.items()}


def _tracked(
    rows: list[dict[str, Any]], settings: FollowUpSettings, today: dt.date
) -> list[Tracked]:
    return tracked_of(
        rows, today, settings.smallest_shown, MORE, least_change=settings.least_change()
    )


@prepared
def _measured(departments: list[int], user: User) -> QuerySet[FacilityIndicator, dict[str, Any]]:
    managed = Facility.objects.managed_by(user).open().filter(department__in=departments)
    path = "indicator__criterion__initiative"
    counted = Indicator.objects.filter(
        criterion=OuterRef("indicator__criterion"), kind=IndicatorKind.LOG, retired=False
    )
    followed = (
        of_facilities(managed)
        .exclude(indicator__kind=IndicatorKind.LOG)
        .filter(
            **{
                f"{path}__in": Initiative.objects.visible_to(user),
                f"{path}__department": F("facility__department"),
                f"{path}__status__in": FOLLOWED,
                f"{path}__facilities": F("facility"),
            },
            indicator__criterion__retired=False,
        )
        .annotate(has_counted=Exists(counted))
    )
    return tracked_rows(followed, MORE)


def _table(tracked: list[Tracked]) -> Table:
    rows: dict[int, Row] = {}
    cells: dict[tuple[int, int], Cell] = {}
    for one in tracked:
        slug, name, _department, number, title, factors, has_counted = one.more.values()
        key = one.facility_id
        row = rows.setdefault(key, Row(key, slug, name, FacilityKind.RESIDENTIAL, None, True))
        if (key, one.criterion_id) not in cells:
            column = Column(one.criterion_id, number, title, factors_of(factors))
            cell = Cell(
                column, slug, AssessmentLevel.NOT_ASSESSED, None, has_more=bool(has_counted)
            )
            cells[key, one.criterion_id] = cell
            row.cells.append(cell)
        cells[key, one.criterion_id].tracked.append(one)
    return Table(0, "", rows=list(rows.values()))
