"""How many cells are answered, and how many have an effort: by row and by column. Pure."""

from dataclasses import dataclass

from ..matrix.cell_status import Cell
from ..matrix.layout import Matrix


@dataclass
class Share:
    """How many of the cells of a row or column are answered, and how many have an effort."""

    of: object
    total: int
    answered: int
    with_effort: int


@dataclass
class Coverage:
    proposals: list[Share]
    authorities: list[Share]
    whole: Share


def coverage(matrix: Matrix) -> Coverage:
    def share(of, cells: list[Cell]) -> Share:
        return Share(
            of,
            len(cells),
            sum(cell.is_filled for cell in cells),
            sum(cell.has_effort for cell in cells),
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
