"""The matrix as a workbook: a sheet of the table, one of the efforts, one of the notes. Pure."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from krams.documents.spreadsheets import Table

from ..enums import Division, EffortState
from .cell_status import Cell
from .layout import Matrix


def tables_of(matrix: Matrix) -> list[Table]:
    """In the order of the page; a joint answer stands at the first of its proposals."""
    return [_matrix(matrix), _efforts(matrix), _notes(matrix)]


def _matrix(matrix: Matrix) -> Table:
    names = [column.authority.official_name for column in matrix.columns]
    rows = (
        [
            *(group.group.name, row.proposal.number, row.proposal.title, row.proposal.whom),
            *map(_words, row.cells),
        ]
        for group in matrix.groups
        for block in group.blocks
        for row in block
    )
    heads = [_("Group"), _("Number"), _("Proposal"), _("Concerns"), *names]
    return Table(_("Matrix"), heads, rows, wraps=True)


def _words(cell: Cell) -> str:
    if not cell.rowspan:
        return _("See proposal %(number)s") % {"number": cell.joint[0].number}
    lines = [f"• {line.effort.text}" for line in cell.lines]
    return "\n".join([cell.state_text, *lines])


def _efforts(matrix: Matrix) -> Table:
    heads = [
        *(_("Number"), _("Proposal"), _("Authority"), _("Answer"), _("Effort"), _("State")),
        *(_("From"), _("Until"), _("Division"), _("Themes"), _("Link"), _("More about it")),
        *(_("Responsible"), _("Next step"), _("Next step by")),
    ]
    return Table(_("Efforts"), heads, _effort_rows(matrix), wraps=True)


def _effort_rows(matrix: Matrix) -> Iterator[list[Any]]:
    for row in matrix.rows:
        for cell in row.cells:
            for line in cell.lines:
                effort = line.effort
                yield [
                    *(row.proposal.number, row.proposal.title),
                    *(cell.column.authority.official_name, cell.state_text, effort.text),
                    *(str(EffortState(effort.state).label), effort.valid_from, effort.valid_until),
                    str(Division(effort.division).label) if effort.division else "",
                    *(", ".join(effort.theme_names), effort.link, effort.note),
                    *(effort.responsible, effort.next_step, effort.next_step_on),
                ]


def _notes(matrix: Matrix) -> Table:
    rows = (
        [
            *(column.authority.official_name, entry.label, entry.division_label),
            *(entry.heading, entry.text, entry.link),
        ]
        for column in matrix.columns
        for entry in column.entries
    )
    heads = [
        *(_("Authority"), _("Note"), _("Division"), _("Heading"), _("Text"), _("Link")),
    ]
    return Table(_("Notes"), heads, rows, wraps=True)
