"""What the form of a column is made of: its fields, all or those of an ask, and what is asked."""

from dataclasses import dataclass

from django.http import Http404

from krams.models import ClusterMembership, User

from ...access import Sheet, get_editable, get_sheet
from ...enums import AskKind
from ...matrix.cell_status import Cell
from ...matrix.layout import Matrix
from ...matrix.queries.read_matrix import read_matrix
from ...models import AskedColumn, AskedField
from ..asked_fields import is_answered_since
from .progress import open_columns_of


@dataclass(frozen=True)
class OpenColumn:
    """A column that the person may fill in.

    ``asked`` is the part of an ask whose fields alone are shown, ``waiting`` what the authority has
    not handed in. ``cells`` are shown, a joint answer once; ``mine`` says for each which efforts
    are changed there: one that stands in several only in the first.
    """

    sheet: Sheet
    column: ClusterMembership
    matrix: Matrix
    asked: AskedColumn | None
    waiting: list[AskedColumn]
    keys: frozenset[int] | None
    cells: list[Cell]
    mine: dict[int, frozenset[int]]

    @property
    def to_hand_in(self) -> list[AskedColumn]:
        """What "done" is said of: the ask whose fields are shown, or all that wait."""
        return [one for one in self.waiting if self.asked is None or one.pk == self.asked.pk]

    @property
    def progress(self) -> tuple[int, int]:
        """How many fields need nothing more, and of how many: as the matrix says at the head of the
        column; of an ask as its coordinator is told."""
        if self.asked is None:
            [head] = self.matrix.columns
            return head.filled, head.total
        ask, total = self.asked.ask, len(self.cells)
        if ask.kind == AskKind.COMMENT:
            return sum(not cell.is_missing for cell in self.cells), total
        answered = (
            is_answered_since(ask.kind, cell.state, cell.confirmed_on, ask.asked_on)
            for cell in self.cells
        )
        return sum(answered), total

    def read_again(self) -> "OpenColumn":
        """As it stands by now: something was saved."""
        return _opened(self.sheet, self.column, self.asked, self.waiting, self.keys)


def open_column(user: User, slug: str, authority: str, asked: int | None) -> OpenColumn:
    """404 for a column or an ask that is not there, 403 where the column may only be read."""
    sheet = get_sheet(user, slug)
    column = get_editable(sheet, authority)
    waiting = list(open_columns_of(sheet.cluster, column.authority_id))
    if asked is None:
        return _opened(sheet, column, None, waiting, None)
    found = next((one for one in waiting if one.pk == asked), None) or _handed_in(column, asked)
    fields = AskedField.objects.filter(column=found).values_list("proposal", flat=True)
    return _opened(sheet, column, found, waiting, frozenset(fields))


def _handed_in(column: ClusterMembership, asked: int) -> AskedColumn:
    mine = AskedColumn.objects.filter(
        pk=asked, ask__cluster=column.cluster_id, authority=column.authority_id
    )
    if found := mine.select_related("ask").first():
        return found
    raise Http404


def _opened(
    sheet: Sheet,
    column: ClusterMembership,
    asked: AskedColumn | None,
    waiting: list[AskedColumn],
    keys: frozenset[int] | None,
) -> OpenColumn:
    matrix = read_matrix(sheet, only=column, with_notes=False)
    authority = column.authority_id
    found = (matrix.cells[row.proposal.pk, authority] for row in matrix.rows)
    cells = [
        cell
        for cell in found
        if cell.joint[0].pk == cell.proposal.pk
        and (keys is None or any(proposal.pk in keys for proposal in cell.joint))
    ]
    seen: set[int] = set()
    mine: dict[int, frozenset[int]] = {}
    for cell in cells:
        own = frozenset(line.effort.pk for line in cell.lines) - seen
        mine[cell.proposal.pk] = own
        seen |= own
    return OpenColumn(sheet, column, matrix, asked, waiting, keys, cells, mine)
