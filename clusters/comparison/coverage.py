"""How many cells are answered, and how many have an effort: by row and by column. Pure."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from ..matrix.cell_status import Cell
from ..matrix.layout import Column, Matrix

if TYPE_CHECKING:
    from ..matrix.rows import ProposalRow

Of = TypeVar("Of")


@dataclass
class Share(Generic[Of]):
    """How many of the cells that a row or column concerns are answered, and have an effort.

    ``extra`` are answers of authorities that the proposals do not concern.
    """

    of: Of
    total: int
    answered: int
    with_effort: int
    extra: int


@dataclass
class Coverage:
    proposals: "list[Share[ProposalRow]]"
    authorities: list[Share[Column]]
    whole: Share[None]


def coverage(matrix: Matrix) -> Coverage:
    def share(of: Of, cells: list[Cell]) -> Share[Of]:
        return Share(
            of,
            sum(cell.concerns for cell in cells),
            sum(cell.counts for cell in cells),
            sum(cell.concerns and cell.has_effort for cell in cells),
            sum(cell.is_extra for cell in cells),
        )

    by_column = [
        share(column, [row.cells[number] for row in matrix.rows])
        for number, column in enumerate(matrix.columns)
    ]
    return Coverage(
        [share(row.proposal, row.cells) for row in matrix.rows],
        by_column,
        share(None, [cell for row in matrix.rows for cell in row.cells]),
    )
