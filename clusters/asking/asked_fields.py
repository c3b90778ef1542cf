"""Which fields of a column an ask is about, and how many of them were answered since. Pure."""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from ..enums import AskKind, AskScope
from ..matrix.cell_status import Cell, is_answered

if TYPE_CHECKING:
    from ..matrix.rows import ProposalRow


def lacks(kind: str, cell: Cell) -> bool:
    """Whether the field lacks what is asked for; a comment is missing nowhere."""
    if kind == AskKind.CONFIRM:
        return cell.is_outdated
    return kind == AskKind.FILL and cell.is_missing


def asked_fields(
    kind: str, scope: str, cells: Iterable[Cell], chosen: Collection[int] = ()
) -> "list[ProposalRow]":
    """The proposals that an authority is asked about; ``cells`` are its column.

    Of chosen proposals those that have no answer cannot be confirmed, and are left out.
    """
    if scope == AskScope.MISSING:
        return [cell.proposal for cell in cells if lacks(kind, cell)]
    return [
        cell.proposal
        for cell in cells
        if cell.proposal.pk in chosen and (kind != AskKind.CONFIRM or cell.is_filled)
    ]


def is_answered_since(
    kind: str, state: str | None, confirmed_on: dt.date | None, asked_on: dt.date
) -> bool:
    """Whether a field that was asked for holds an answer of that day or later.

    An effort may answer a field without a state, which nobody confirms: that counts as filled in.
    """
    if state is None or not is_answered(state):
        return False
    if confirmed_on is None:
        return kind == AskKind.FILL
    return confirmed_on >= asked_on
