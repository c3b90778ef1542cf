"""The form of a cell: opened, closed, given one more line, saved, settled after a conflict.

Each button of the form has an address of its own. The form is a row of the table, or a page.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from krams.history.actions.locking import StaleVersion
from krams.people.requests import Request
from krams.web.htmx import is_partial

from ..actions.refused_saves import keep_refused
from ..actions.save_cell import ExpiredEffort, save_cell
from ..conflict import THEIRS, find_conflict, merged
from ..forms.cell import CellEditor, ChoiceForm, picks
from ..queries.cell_history import efforts_at, last_save
from ..queries.open_cell import OpenCell, efforts_of, open_cell
from ..queries.read_matrix import read_choices
from ..wording import expired_text
from .cell_page import query_tail, show_saved, show_unchanged


def cell_edit(request: Request, slug: str, proposal: int, authority: str) -> HttpResponse:
    """The form of a cell, with what is stored; a POST saves it, which confirms the answer."""
    opened = open_cell(request.user, slug, proposal, authority)
    if request.method == "POST":
        return _save(request, opened, _editor(request, opened, request.POST))
    return _show_form(request, opened, _editor(request, opened))


@require_safe
def cell_close(request: Request, slug: str, proposal: int, authority: str) -> HttpResponse:
    """The cell without its form; nothing is saved."""
    return show_unchanged(
        request, open_cell(request.user, slug, proposal, authority, with_cited=True)
    )


def posted_from_the_form(
    view: Callable[[Request, OpenCell, CellEditor], HttpResponse],
) -> Callable[..., HttpResponse]:
    """A view for a button of the form. Who loads its address once more gets the form anew."""

    @wraps(view)
    def guarded(request: Request, slug: str, proposal: int, authority: str) -> HttpResponse:
        if request.method != "POST":
            path = reverse("clusters:cell-edit", args=[slug, proposal, authority])
            return redirect(f"{path}{query_tail(request)}")
        opened = open_cell(request.user, slug, proposal, authority)
        return view(request, opened, _editor(request, opened, request.POST))

    return guarded


@posted_from_the_form
def cell_add_line(request: Request, opened: OpenCell, editor: CellEditor) -> HttpResponse:
    """One more blank line below what was typed, right or wrong; nothing is saved."""
    return _show_form(request, opened, editor.with_blank_line())


@posted_from_the_form
def cell_choose(request: Request, opened: OpenCell, editor: CellEditor) -> HttpResponse:
    """After a conflict the person's own version is saved, or the saved one stays."""
    form = ChoiceForm(request.POST)
    if form.is_valid() and form.cleaned_data["choice"] == THEIRS:
        return show_unchanged(request, opened.read_again(with_cited=True))
    if form.errors and editor.is_valid():
        return _show_conflict(request, opened, editor, status=422)
    return _save(request, opened, editor)


@posted_from_the_form
def cell_merge(request: Request, opened: OpenCell, editor: CellEditor) -> HttpResponse:
    """After a conflict both versions in one draft, for the person to save; nothing is saved."""
    if not editor.is_valid():
        return _show_form(request, opened, editor, status=422)
    cell = opened.cell
    before = efforts_at(cell.position, editor.base_version, [one.effort.pk for one in cell.lines])
    lines = merged(editor.answer(), before, cell, opened.matrix, picks(request.POST))
    return _show_form(request, opened, editor.with_efforts(lines), is_merged=True)


def _save(request: Request, opened: OpenCell, editor: CellEditor) -> HttpResponse:
    if not editor.is_valid():
        return _show_form(request, opened, editor, status=422)
    try:
        saved = save_cell(
            column=opened.column,
            proposal=opened.cell.proposal,
            version=editor.version,
            answer=editor.answer(dropped=editor.dropped),
            by=request.user,
        )
    except StaleVersion:
        keys = [opened.cell.proposal.pk]
        keep_refused(column=opened.column, proposals=keys, by=request.user)
        return _show_conflict(request, opened.read_again(), editor)
    except ExpiredEffort as error:
        # In another cell that the answer goes for too, or in a line that was not sent.
        editor.form.add_error(None, expired_text(error.effort))
        return _show_form(request, opened, editor, status=422)
    return show_saved(request, opened, saved.others, removed=saved.removed)


def _editor(request: Request, opened: OpenCell, data: QueryDict | None = None) -> CellEditor:
    choices = read_choices(request.user, opened.column.authority)
    if data is None:
        return CellEditor(opened.matrix, opened.cell, choices)
    known = efforts_of(opened.column)
    return CellEditor(opened.matrix, opened.cell, choices, data=data, known=known)


def _show_form(
    request: Request,
    opened: OpenCell,
    editor: CellEditor,
    *,
    status: int = 200,
    is_merged: bool = False,
) -> HttpResponse:
    return _show(request, opened, editor, {"is_merged": is_merged}, status)


def _show_conflict(
    request: Request, now: OpenCell, editor: CellEditor, *, status: int = 409
) -> HttpResponse:
    """Both versions side by side; what was sent goes along, hidden, until one is chosen."""
    choices = read_choices(request.user, now.column.authority)
    saved = last_save(now.cell.position)
    conflict = find_conflict(editor.answer(), now.cell, now.matrix, choices, saved)
    return _show(request, now, editor, {"conflict": conflict, "now": now.cell}, status)


def _show(
    request: Request, opened: OpenCell, editor: CellEditor, more: dict[str, Any], status: int
) -> HttpResponse:
    cell, tail, partial = editor.cell, query_tail(request), is_partial(request)
    args = [opened.sheet.cluster.slug, cell.proposal.pk, cell.column.authority.slug]
    names = ("edit", "add-line", "choose", "merge", "close")
    context = {
        "cluster": opened.sheet.cluster,
        "editor": editor,
        "form": editor,
        "cell": cell,
        "to": {name: reverse(f"clusters:cell-{name}", args=args) + tail for name in names},
        "tail": tail,
        "width": 2 if tail else len(opened.sheet.columns) + 1,
        "partial": partial,
        **more,
    }
    template = "clusters/matrix/_cell_editor.html" if partial else "clusters/matrix/cell.html"
    return render(request, template, context, status=status)
