"""What comes back when something was done to a cell: the cell alone, the matrix, or why not."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django_htmx.http import reswap, retarget

from krams.people.requests import Request
from krams.web.htmx import is_partial

from ...access import Sheet
from ..cell_status import Cell
from ..layout import Matrix
from ..queries.open_cell import OpenCell, cells_to_fill, filled_cells
from ..queries.read_matrix import read_matrix


def query_tail(request: Request, **more: Any) -> str:
    """The query string of links from here; ``vis`` goes along, so that they lead back."""
    kept = {"vis": request.GET["vis"]} if "vis" in request.GET else {}
    return f"?{urlencode(kept | more)}" if kept or more else ""


def matrix_path(request: Request, sheet: Sheet, cell: Cell, removed: int = 0) -> str:
    """Back to the cell in its matrix; where efforts went, the page offers to undo that."""
    more = {"fortryd": cell.anchor} if removed else {}
    return f"{sheet.cluster.get_absolute_url()}{query_tail(request, **more)}#{cell.anchor}"


def show_unchanged(request: Request, opened: OpenCell) -> HttpResponse:
    """The cell without its form, as it stands (``opened`` knows what its efforts cite)."""
    if is_partial(request):
        return _swapped_in(request, opened.sheet, opened.matrix, opened.cell)
    return redirect(matrix_path(request, opened.sheet, opened.cell))


def show_saved(
    request: Request, before: OpenCell, others: set[int], *, removed: int = 0, undone: bool = False
) -> HttpResponse:
    """The cell with whatever else changed; where efforts went, with a button that undoes it."""
    sheet, cell = before.sheet, before.cell
    path = matrix_path(request, sheet, cell, removed)
    if not is_partial(request):
        _say_saved(request, removed)
        return redirect(path)
    after = read_matrix(sheet, only=before.column, with_cited=True)
    if _joined_otherwise(before.matrix, after):
        # Cells grow together or apart: only the page as a whole can show that.
        if removed:
            return HttpResponse(headers={"HX-Redirect": path})
        _say_saved(request, removed)
        return HttpResponse(headers={"HX-Refresh": "true"})
    changed = [after.cells[key, cell.column.authority.pk] for key in others]
    return _swapped_in(
        request,
        sheet,
        after,
        cell,
        others=[other for other in changed if other.rowspan],
        is_saved=True,
        filled=filled_cells(sheet),
        total=cells_to_fill(after, sheet),
        removed=removed,
        undone=undone,
    )


def _joined_otherwise(before: Matrix, after: Matrix) -> bool:
    return any(
        _keys(old) != _keys(after.cells[key])
        for key, old in before.cells.items()
        if key in after.cells
    )


def _keys(cell: Cell) -> list[int]:
    """Of all proposals that it answers."""
    return [proposal.pk for proposal in cell.joint]


def _say_saved(request: Request, removed: int) -> None:
    """On the page as a whole; where efforts went, it says so itself, with a button that undoes."""
    if not removed:
        messages.success(request, _("Saved."))


def _swapped_in(
    request: Request, sheet: Sheet, matrix: Matrix, cell: Cell, **more: Any
) -> HttpResponse:
    """What stands in the cell, put back into the table; the form goes, the pen has the focus."""
    now = matrix.cells[cell.proposal.pk, cell.column.authority.pk]
    context = _alone(request, sheet, now) | more
    response = render(request, "clusters/matrix/_cell_swapped_in.html", context)
    return reswap(retarget(response, f"#{cell.anchor}"), "innerHTML")


def show_confirmed(request: Request, opened: OpenCell) -> HttpResponse:
    """The cell alone for htmx; without JavaScript back to the matrix."""
    if not is_partial(request):
        return redirect(matrix_path(request, opened.sheet, opened.cell))
    context = _alone(request, opened.sheet, opened.cell) | {"saved": True, "removed": 0}
    return render(request, "clusters/matrix/_cell_confirmed.html", context)


def show_refused(request: Request, opened: OpenCell, status: int, refusal: str) -> HttpResponse:
    """The cell as it stands, with why nothing was done; without JavaScript a page that says so."""
    partial = is_partial(request)
    template = f"clusters/matrix/{'_cell_confirmed' if partial else 'not_confirmed'}.html"
    context = _alone(request, opened.sheet, opened.cell) | {"refusal": refusal}
    return render(request, template, context, status=status)


def _alone(request: Request, sheet: Sheet, cell: Cell) -> dict[str, Any]:
    """What ``matrix_cell`` needs where it stands outside its table; nothing is searched for."""
    return {
        "cluster": sheet.cluster,
        "cell": cell,
        "tail": query_tail(request),
        "needle": "",
        "focus": True,
    }
