"""Authorities held up against each other: what differs, what is missing, who does what. Pure.

All of it is read from a :class:`clusters.matrix.matrix.Matrix`.
A theme is what makes two efforts in different words the same kind of thing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from krams.enums import StatusChoices

from ..matrix.cell import OPEN, Cell, Line
from ..matrix.matrix import Column, Matrix, theme_order


class Likeness(StatusChoices):
    """How the answers to one proposal compare; the order is the order of the page."""

    DIFFERENT = "different", "is-plan", "i-half", _("Different answers")
    GAP = "gap", "is-warn", "i-open", _("Gap")
    SAME = "same", "is-flat", "i-equal", _("Same answer")


def themes_of(line: Line) -> list:
    return line.effort.theme_list


# --- Side by side -------------------------------------------------------------------------------


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

    proposal: object
    likeness: Likeness
    common: list[tuple[object, list[Column]]]
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
                if themes_of(line) and not shared & {theme.pk for theme in themes_of(line)}
            ]
            others = [line for line in cell.lines if line not in only]
            sides.append(Side(cell, only, others))
        found.append(Comparison(row.proposal, _likeness(cells), common, sides))
    order = list(Likeness)
    return sorted(found, key=lambda one: order.index(one.likeness))


def _likeness(cells: list[Cell]) -> Likeness:
    """Where nothing is known of one, the others cannot differ from it."""
    states = {cell.state for cell in cells}
    if len(states) > 1 and not states & set(OPEN):
        return Likeness.DIFFERENT
    return Likeness.GAP if any(cell.is_gap for cell in cells) else Likeness.SAME


def _common_themes(cells: list[Cell]) -> list[tuple[object, list[Column]]]:
    """Themes that at least two of the authorities have an effort on, most of them first."""
    themes, columns = {}, {}
    for cell in cells:
        for line in cell.efforts:
            for theme in themes_of(line):
                themes[theme.pk] = theme
                having = columns.setdefault(theme.pk, [])
                if cell.column not in having:
                    having.append(cell.column)
    common = [(themes[key], having) for key, having in columns.items() if len(having) > 1]
    return sorted(common, key=lambda entry: -len(entry[1]))


# --- Gaps ---------------------------------------------------------------------------------------


@dataclass
class Gap:
    """A proposal that some have no effort for, with what the others do as inspiration."""

    proposal: object
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


# --- Coverage -----------------------------------------------------------------------------------


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


# --- Themes -------------------------------------------------------------------------------------


@dataclass
class ThemeView:
    """Who does what on a theme; each effort once, with the proposals that it serves.

    ``having`` are the authorities of which a line counts as an effort.
    """

    theme: object
    efforts: list[tuple[Column, list[tuple[Line, list]]]] = field(default_factory=list)
    having: set[int] = field(default_factory=set)

    @property
    def effort_count(self) -> int:
        return sum(len(lines) for _column, lines in self.efforts)

    @property
    def authority_count(self) -> int:
        return len(self.having)


def by_theme(matrix: Matrix) -> list[ThemeView]:
    """Each theme with who does what: those of most authorities first, then as in the alphabet."""
    views: dict[int, ThemeView] = {}
    for number, column in enumerate(matrix.columns):
        lines: dict[int, tuple[Line, list]] = {}
        counted = set()
        for row in matrix.rows:
            counted |= {line.effort.pk for line in row.cells[number].efforts}
            for line in row.cells[number].lines:
                lines.setdefault(line.effort.pk, (line, []))[1].append(row.proposal)
        for line, proposals in lines.values():
            for theme in themes_of(line):
                view = views.setdefault(theme.pk, ThemeView(theme))
                if not view.efforts or view.efforts[-1][0] is not column:
                    view.efforts.append((column, []))
                view.efforts[-1][1].append((line, proposals))
                if line.effort.pk in counted:
                    view.having.add(column.authority.pk)
    return sorted(views.values(), key=lambda view: (-view.authority_count, theme_order(view.theme)))
