"""Which proposals nobody, or only others, have an effort for. Pure.

What counts as a gap in one cell is decided in ``clusters/matrix/cell_status.py``.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..matrix.cell_status import Cell, Line
from ..matrix.layout import Column, Matrix

if TYPE_CHECKING:
    from ..matrix.rows import ProposalRow


@dataclass
class Gap:
    """A proposal that some have no effort for, with what the others do as inspiration."""

    proposal: "ProposalRow"
    missing: list[Cell]
    inspiration: list[tuple[Column, list[Line]]]

    @property
    def is_nobodys(self) -> bool:
        return not self.inspiration


def gaps(matrix: Matrix, slug: str = "") -> list[Gap]:
    """Proposals with a gap, everybody's gaps first; with ``slug`` one authority's."""
    found = []
    for row in matrix.rows:
        missing = [
            cell for cell in row.cells if cell.is_gap and slug in ("", cell.column.authority.slug)
        ]
        inspiration = [(cell.column, cell.efforts) for cell in row.cells if cell.has_effort]
        if missing:
            found.append(Gap(row.proposal, missing, inspiration))
    return sorted(found, key=lambda gap: not gap.is_nobodys)
