"""Edit one cell of the matrix, in place or on a page of its own."""

from dataclasses import asdict
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import reswap, retarget

from krams.history.actions.locking import StaleVersion
from krams.web.htmx import is_partial

from ...access import Sheet, get_editable, get_sheet
from ..actions.cells import ExpiredEffort, save_position
from ..conflict import find_conflict, merged, picks
from ..forms.cell import CellEditor, raw_draft
from ..matrix import Cell, Matrix
from ..queries.matrix import read_choices, read_matrix
from ..wording import expired_text


def cell_edit(request, slug: str, proposal: int, authority: str):
    """The form of a cell; a save confirms it. ``?luk`` closes the form and shows the cell."""
    sheet = get_sheet(request.user, slug)
    column = get_editable(sheet, authority)
    closing = "luk" in request.GET and request.method != "POST"
    matrix = read_matrix(sheet, with_cited=closing)
    cell = find_cell(matrix, sheet, proposal, column.authority.pk)
    if closing:
        return _unchanged(request, sheet, matrix, cell)
    choices = read_choices(request.user, column.authority)
    if request.method == "POST":
        return _post(request, sheet, column, CellEditor(matrix, cell, choices, data=request.POST))
    return _form(request, sheet, CellEditor(matrix, cell, choices))


def find_cell(matrix: Matrix, sheet: Sheet, proposal: int, authority: int) -> Cell:
    if cell := matrix.cells.get((proposal, authority)):
        return cell
    if sheet.cluster.proposals.filter(pk=proposal).exists():
        raise PermissionDenied  # It is retired: its answers are kept as they were.
    raise Http404


def _post(request, sheet: Sheet, column, editor: CellEditor):
    matrix, cell, choices = editor.matrix, editor.cell, editor.choices
    if "add" in request.POST:
        draft = raw_draft(editor, spare=1)
        editor = CellEditor(matrix, cell, choices, draft=draft)
        editor.focus_last()
        return _form(request, sheet, editor)
    if request.POST.get("choice") == "theirs" and "merge" not in request.POST:
        return _unchanged(request, sheet, read_matrix(sheet, with_cited=True), cell)
    if not editor.is_valid():
        return _form(request, sheet, editor, status=422)
    answer = editor.answer()
    if "merge" in request.POST:
        head = raw_draft(editor)[0] | {"version": cell.version}
        lines = merged(answer, editor.base_version, cell, matrix, picks(request.POST))
        draft = (head, [line_initial(line, number) for number, line in enumerate(lines, 1)])
        return _form(request, sheet, CellEditor(matrix, cell, choices, draft=draft), is_merged=True)
    try:
        saved = save_position(
            column=column,
            proposal=cell.proposal,
            version=editor.version,
            answer=editor.answer(dropped=editor.dropped),
            by=request.user,
        )
    except StaleVersion:
        return _conflict(request, sheet, editor)
    except ExpiredEffort as error:
        # In another cell that the answer goes for too, or in a line that was not sent.
        editor.form.add_error(None, expired_text(error.effort))
        return _form(request, sheet, editor, status=422)
    return show_saved(request, sheet, matrix, cell, saved.others, removed=saved.removed)


def _unchanged(request, sheet: Sheet, matrix: Matrix, cell: Cell):
    if is_partial(request):
        return _cell(request, sheet, matrix, cell)
    return _back(request, sheet, cell)


def _form(request, sheet: Sheet, editor: CellEditor, *, status: int = 200, is_merged=False):
    return _editor(request, sheet, editor, {"is_merged": is_merged}, status)


def _conflict(request, sheet: Sheet, editor: CellEditor):
    """Both versions side by side; what was sent goes along, hidden, until one is chosen."""
    authority = editor.cell.column.authority
    matrix = read_matrix(sheet)
    cell = find_cell(matrix, sheet, editor.cell.proposal.pk, authority.pk)
    choices = read_choices(request.user, authority)
    conflict = find_conflict(editor.answer(), cell, matrix, choices)
    return _editor(request, sheet, editor, {"conflict": conflict, "now": cell}, 409)


def _editor(request, sheet: Sheet, editor: CellEditor, more: dict, status: int):
    cell = editor.cell
    context = {
        "cluster": sheet.cluster,
        "editor": editor,
        "form": editor,
        "cell": cell,
        "here": request.get_full_path(),
        "close": f"{request.path}{query_tail(request, luk=1)}",
        "tail": query_tail(request),
        "width": 2 if "vis" in request.GET else len(sheet.columns) + 1,
        "partial": is_partial(request),
        **more,
    }
    template = (
        "clusters/matrix/_cell_editor.html" if is_partial(request) else "clusters/matrix/cell.html"
    )
    return render(request, template, context, status=status)


def query_tail(request, **more) -> str:
    """The query string of links from here; ``vis`` goes along, so that they lead back."""
    kept = {"vis": request.GET["vis"]} if "vis" in request.GET else {}
    return f"?{urlencode(kept | more)}" if kept or more else ""


def show_saved(
    request,
    sheet: Sheet,
    before: Matrix,
    cell: Cell,
    others: set[int],
    *,
    removed: int = 0,
    undone=False,
):
    """The cell with whatever else changed; where efforts went, with a button that undoes it."""
    if not is_partial(request):
        _say_saved(request, removed)
        return redirect(_back_path(request, sheet, cell, removed))
    after = read_matrix(sheet, with_cited=True)
    authority = cell.column.authority.pk
    if any(
        old.joint != after.cells[key].joint
        for key, old in before.cells.items()
        if key[1] == authority and key in after.cells
    ):
        # Cells grow together or apart: only the page as a whole can show that.
        if removed:
            path = _back_path(request, sheet, cell, removed)
            return HttpResponse(headers={"HX-Redirect": path})
        _say_saved(request, removed)
        return HttpResponse(headers={"HX-Refresh": "true"})
    cells = {(key, authority) for key in others}
    others_shown = [after.cells[key] for key in cells if after.cells[key].rowspan]
    more = {"others": others_shown, "is_saved": True, "removed": removed, "undone": undone}
    return _cell(request, sheet, after, cell, **more)


def _say_saved(request, removed: int) -> None:
    """On the page as a whole; where efforts went, it says so itself, with a button that undoes."""
    if not removed:
        messages.success(request, _("Saved."))


def _cell(request, sheet: Sheet, matrix: Matrix, cell: Cell, **more):
    """What stands in the cell, put back into the table; the form goes, the pen has the focus."""
    now = matrix.cells[cell.proposal.pk, cell.column.authority.pk]
    context = alone(request, sheet, now) | {"whole": matrix, **more}
    response = render(request, "clusters/matrix/_cell_swapped_in.html", context)
    return reswap(retarget(response, f"#{cell.anchor}"), "innerHTML")


def alone(request, sheet: Sheet, cell: Cell) -> dict:
    """What ``_cell.html`` needs where it stands outside its table; nothing is searched for."""
    return {
        "cluster": sheet.cluster,
        "cell": cell,
        "tail": query_tail(request),
        "needle": "",
        "focus": True,
    }


def _back(request, sheet: Sheet, cell: Cell):
    return redirect(_back_path(request, sheet, cell))


def _back_path(request, sheet: Sheet, cell: Cell, removed: int = 0) -> str:
    path = reverse("clusters:matrix", args=[sheet.cluster.slug])
    more = {"fortryd": cell.anchor} if removed else {}
    return f"{path}{query_tail(request, **more)}#{cell.anchor}"


def line_initial(line, number: int) -> dict:
    """A line of an answer as the values of its form."""
    values = asdict(line)
    return values | {
        "effort": values["effort_id"],
        "explained_by": values["explained_by_id"],
        "initiative": values["initiative_id"],
        "themes": sorted(line.themes),
        "remove": values["removed"],
        "proposals": sorted(line.proposals),
        "order": number,
    }
