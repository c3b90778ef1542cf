"""The cell that an address names: 404 where there is none, 403 where it may only be read."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404

from krams.database.prepared import prepared
from krams.models import Cluster, ClusterMembership, User

from ...access import Sheet, get_editable, get_sheet
from ...models import Effort, Position
from ..cell_status import Cell
from ..concerned import concerns
from ..layout import Matrix
from .read_matrix import read_matrix


@dataclass(frozen=True)
class OpenCell:
    """A cell that the person may fill in; of the matrix around it, its own column was read."""

    sheet: Sheet
    column: ClusterMembership
    matrix: Matrix
    cell: Cell

    def read_again(self, *, with_cited: bool = False) -> "OpenCell":
        """As it stands by now: something was saved."""
        return _cell_of(self.sheet, self.column, self.cell.proposal.pk, with_cited=with_cited)


def open_cell(
    user: User, slug: str, proposal: int, authority: str, *, with_cited: bool = False
) -> OpenCell:
    """The cell of a proposal and an authority; ``with_cited`` as of :func:`read_matrix`."""
    sheet = get_sheet(user, slug)
    return _cell_of(sheet, get_editable(sheet, authority), proposal, with_cited=with_cited)


def _cell_of(
    sheet: Sheet, column: ClusterMembership, proposal: int, *, with_cited: bool
) -> OpenCell:
    matrix = read_matrix(sheet, only=column, with_cited=with_cited)
    if cell := matrix.cells.get((proposal, column.authority.pk)):
        return OpenCell(sheet, column, matrix, cell)
    if sheet.cluster.proposals.filter(pk=proposal).exists():
        raise PermissionDenied  # It is retired: its answers are kept as they were.
    raise Http404


def efforts_of(column: ClusterMembership) -> frozenset[int]:
    """The keys of all efforts that the column has had.

    Also of removed ones: what a colleague removed a moment ago is a conflict, no error.
    """
    return frozenset(_effort_keys(column.cluster_id, column.authority_id))


@prepared
def _effort_keys(cluster: int, authority: int) -> QuerySet[Effort, int]:
    mine = Effort.objects.filter(cluster=cluster, authority=authority)
    return mine.values_list("pk", flat=True)


def filled_cells(sheet: Sheet) -> int:
    """How many of the cells that shall be answered are, in the whole matrix."""
    authorities = [column.authority_id for column in sheet.columns]
    return sum(_number_answered(sheet.cluster, authorities))


def cells_to_fill(matrix: Matrix, sheet: Sheet) -> int:
    """How many cells shall be answered; of ``matrix`` all rows are read, and perhaps one column."""
    return sum(
        concerns(row.proposal.concerned, column.authority.kind)
        for row in matrix.rows
        for column in sheet.columns
    )


@prepared
def _number_answered(cluster: Cluster, authorities: list[int]) -> QuerySet[Position, int]:
    """One row, or none where nothing is answered."""
    answers = (
        Position.objects.answered()
        .concerned()
        .filter(proposal__cluster=cluster, proposal__retired_on=None, authority__in=authorities)
    )
    numbers = answers.order_by().values("proposal__cluster").annotate(number=Count("pk"))
    return numbers.values_list("number", flat=True)
