"""The cell that an address names: 404 where there is none, 403 where it may only be read."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404

from krams.models import ClusterMembership, User

from ...access import Sheet, get_editable, get_sheet
from ..cell_status import Cell
from ..layout import Matrix
from .read_matrix import read_matrix


@dataclass(frozen=True)
class OpenCell:
    """A cell that the person may fill in, with the matrix around it as it was read."""

    sheet: Sheet
    column: ClusterMembership
    matrix: Matrix
    cell: Cell

    def read_again(self, **read: bool) -> "OpenCell":
        """As it stands by now: something was saved."""
        return _cell_of(self.sheet, self.column, self.cell.proposal.pk, read)


def open_cell(user: User, slug: str, proposal: int, authority: str, **read: bool) -> OpenCell:
    """The cell of a proposal and an authority; ``read`` is what :func:`read_matrix` is told."""
    sheet = get_sheet(user, slug)
    return _cell_of(sheet, get_editable(sheet, authority), proposal, read)


def _cell_of(
    sheet: Sheet, column: ClusterMembership, proposal: int, read: dict[str, bool]
) -> OpenCell:
    matrix = read_matrix(sheet, **read)
    if cell := matrix.cells.get((proposal, column.authority.pk)):
        return OpenCell(sheet, column, matrix, cell)
    if sheet.cluster.proposals.filter(pk=proposal).exists():
        raise PermissionDenied  # It is retired: its answers are kept as they were.
    raise Http404
