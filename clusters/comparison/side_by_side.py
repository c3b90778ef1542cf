"""How the answers of some authorities compare: different, a gap or the same. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from krams.enums import StatusChoices

from ..matrix.cell_status import OPEN, Cell, Line
from ..matrix.layout import Column, Matrix

if TYPE_CHECKING:
    from ..matrix.rows import ProposalRow, ThemeRow


class Likeness(StatusChoices):
    """How the answers to one proposal compare; the order is the order of the page."""

    DIFFERENT = "different", "is-plan", "i-half", _("Different answers")
    GAP = "gap", "is-warn", "i-open", _("Gap")
    SAME = "same", "is-flat", "i-equal", _("Same answer")
    APART = "apart", "is-flat", "i-na", _("Does not concern both")


@dataclass
class Side:
    """One authority's part of a proposal: ``only`` are efforts on a theme nobody else has.

    Of an effort without a theme nobody knows whether others have it too: it is in ``others``.
    """

    cell: Cell
    only: list[Line]
    others: list[Line]

    @property
    def is_gap(self) -> bool:
        return self.cell.is_gap


@dataclass
class Comparison:
    """One proposal: the sides in the order of the columns, and the themes that several have."""

    proposal: "ProposalRow"
    likeness: Likeness
    common: "list[tuple[ThemeRow, list[Column]]]"
    sides: list[Side]


def side_by_side(matrix: Matrix, slugs: Iterable[str]) -> list[Comparison]:
    """The proposals with the chosen authorities beside each other, differences first."""
    chosen = set(slugs)
    found = []
    for row in matrix.rows:
        cells = [cell for cell in row.cells if cell.column.authority.slug in chosen]
        common = _common_themes(cells)
        shared = {theme.pk for theme, _columns in common}
        sides = []
        for cell in cells:
            only = [
                line
                for line in cell.efforts
                if (themes := {theme.pk for theme in line.effort.theme_list})
                and not shared & themes
            ]
            others = [line for line in cell.lines if line not in only]
            sides.append(Side(cell, only, others))
        found.append(Comparison(row.proposal, _likeness(cells), common, sides))
    order = list(Likeness)
    return sorted(found, key=lambda one: order.index(one.likeness))


def _likeness(cells: list[Cell]) -> Likeness:
    """Where nothing is known of one, the others cannot differ from it.

    Whom the proposal does not concern, and who has not answered, is not compared.
    """
    cells = [cell for cell in cells if not cell.is_outside]
    if len(cells) < 2 and not any(cell.is_gap for cell in cells):
        return Likeness.APART
    states = {cell.state for cell in cells}
    if len(states) > 1 and not states & set(OPEN):
        return Likeness.DIFFERENT
    return Likeness.GAP if any(cell.is_gap for cell in cells) else Likeness.SAME


def _common_themes(cells: list[Cell]) -> "list[tuple[ThemeRow, list[Column]]]":
    """Themes that at least two of the authorities have an effort on, most of them first."""
    themes: dict[int, ThemeRow] = {}
    columns: dict[int, list[Column]] = {}
    for cell in cells:
        for line in cell.efforts:
            for theme in line.effort.theme_list:
                themes[theme.pk] = theme
                having = columns.setdefault(theme.pk, [])
                if cell.column not in having:
                    having.append(cell.column)
    common = [(themes[key], having) for key, having in columns.items() if len(having) > 1]
    return sorted(common, key=lambda entry: -len(entry[1]))
