"""Who does what on a theme, across authorities: it makes efforts in different words alike. Pure."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..matrix.cell_status import Line
from ..matrix.layout import Column, Matrix, theme_order

if TYPE_CHECKING:
    from ..matrix.rows import ProposalRow, ThemeRow


@dataclass
class ThemeView:
    """Who does what on a theme; each effort once, with the proposals that it serves.

    ``having`` are the authorities of which a line counts as an effort.
    """

    theme: "ThemeRow"
    efforts: list[tuple[Column, "list[tuple[Line, list[ProposalRow]]]"]] = field(
        default_factory=list
    )
    having: set[int] = field(default_factory=set)

    @property
    def authority_count(self) -> int:
        return len(self.having)


def by_theme(matrix: Matrix) -> list[ThemeView]:
    """Each theme with who does what: those of most authorities first, then as in the alphabet."""
    views: dict[int, ThemeView] = {}
    for number, column in enumerate(matrix.columns):
        lines: dict[int, tuple[Line, list[ProposalRow]]] = {}
        counted = set()
        for row in matrix.rows:
            counted |= {line.effort.pk for line in row.cells[number].efforts}
            for line in row.cells[number].lines:
                lines.setdefault(line.effort.pk, (line, []))[1].append(row.proposal)
        for line, proposals in lines.values():
            for theme in line.effort.theme_list:
                view = views.setdefault(theme.pk, ThemeView(theme))
                if not view.efforts or view.efforts[-1][0] is not column:
                    view.efforts.append((column, []))
                view.efforts[-1][1].append((line, proposals))
                if line.effort.pk in counted:
                    view.having.add(column.authority.pk)
    return sorted(views.values(), key=lambda view: (-view.authority_count, theme_order(view.theme)))
