"""The overview's tables: an initiative's criteria across, its facilities down. Pure."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from krams.enums import FacilityKind

from ..criteria.few_people import Total, total_of
from ..criteria.figures import Tracked, combined_status
from ..enums import AssessmentLevel, CriterionStatus, Factor, InitiativeStatus

FOLLOWED = (InitiativeStatus.ACTIVE, InitiativeStatus.PAUSED)


@dataclass
class Column:
    """A criterion. ``totals`` are those of its indicators that are shares."""

    pk: int
    number: int
    title: str
    factors: tuple[Factor, ...]
    totals: list[tuple[str, Total]] = field(default_factory=list)


@dataclass
class Cell:
    """A criterion at a facility: the manager's assessment, and beside it what the figures say.

    ``has_more``: there are indicators that were not read, since the log counts them.
    """

    column: Column
    facility_slug: str
    level: AssessmentLevel
    assessed_on: date | None
    tracked: list[Tracked] = field(default_factory=list)
    has_more: bool = False

    @property
    def computed(self) -> CriterionStatus | None:
        return combined_status(self.tracked)

    @property
    def is_compound(self) -> bool:
        return len(self.tracked) + self.has_more > 1


@dataclass
class Row:
    pk: int
    slug: str
    name: str
    kind: FacilityKind
    place_count: int | None
    may_manage: bool
    cells: list[Cell] = field(default_factory=list)


@dataclass
class Table:
    """One initiative: its criteria across, the facilities that take part down."""

    initiative: int
    title: str
    columns: list[Column] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    @property
    def has_totals(self) -> bool:
        return any(
            total.value is not None for column in self.columns for _n, total in column.totals
        )


def sum_up(table: Table) -> None:
    """Add the totals, for who sees every facility."""
    for number, column in enumerate(table.columns):
        by_indicator = defaultdict(list)
        for row in table.rows:
            for tracked in row.cells[number].tracked:
                by_indicator[tracked.indicator_id].append(tracked)
        for same in by_indicator.values():
            total = total_of(same)
            if total.value is not None:
                column.totals.append((same[0].name, total))
