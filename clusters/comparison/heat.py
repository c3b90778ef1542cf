"""The coverage of a matrix as a picture: a square a cell, by what it says. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ..matrix.cell_status import Cell
from ..matrix.layout import Matrix
from ..matrix.wording import EXPIRED_SYMBOL, EXPIRED_TONE

if TYPE_CHECKING:
    from ..matrix.rows import ProposalRow

EFFORT, ANSWERED, OPEN, OUTSIDE = "is-ok", "is-flat", "is-none", "is-outside"


@dataclass(frozen=True, slots=True)
class Square:
    """``tone`` is how dark it is, ``symbol`` the state, if it has one; ``text`` says both.

    On paper the ``letter`` stands for the tone.
    """

    tone: str
    symbol: str
    text: str

    @property
    def letter(self) -> str:
        letters = {
            EFFORT: pgettext("letter for a cell", "E"),
            ANSWERED: pgettext("letter for a cell", "A"),
            EXPIRED_TONE: pgettext("letter for a cell", "X"),
            OUTSIDE: "",
        }
        return letters.get(self.tone, "–")


def squares(matrix: Matrix) -> "Iterator[tuple[ProposalRow, list[Square]]]":
    """Row by row in the order of the page, by the columns of the matrix."""
    for row in matrix.rows:
        yield row.proposal, [square(cell) for cell in row.cells]


def square(cell: Cell) -> Square:
    """What the cell counts as (:mod:`clusters.comparison.coverage`)."""
    if cell.is_outside:
        return Square(OUTSIDE, "", cell.state_text)
    if cell.has_effort:
        return Square(EFFORT, cell.state.symbol, cell.state_text)
    if cell.has_expired:
        return Square(EXPIRED_TONE, EXPIRED_SYMBOL, f"{cell.state_text}, {_('Expired').lower()}")
    return Square(ANSWERED if cell.is_filled else OPEN, cell.state.symbol, cell.state_text)


def shades() -> list[Square]:
    """What the shades mean, darkest first."""
    return [
        Square(EFFORT, "", _("has an effort")),
        Square(ANSWERED, "", _("answered, without an effort")),
        Square(EXPIRED_TONE, EXPIRED_SYMBOL, _("all its efforts have expired")),
        Square(OPEN, "", _("not filled in")),
        Square(OUTSIDE, "", _("does not concern the authority")),
    ]
