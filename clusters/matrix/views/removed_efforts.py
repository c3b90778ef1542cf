"""The efforts that were removed from a cell: brought back one by one, or the last save undone."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from krams.history.actions.locking import StaleVersion
from krams.people.requests import Request

from ...models import Effort
from ..actions.removed_efforts import NothingToUndo, restore_effort, undo_removal
from ..forms.effort import RestoreForm
from ..forms.seen_versions import SeenVersionsForm
from ..queries.open_cell import OpenCell, open_cell
from .cell_page import matrix_path, query_tail, show_refused, show_saved


def cell_removed(request: Request, slug: str, proposal: int, authority: str) -> HttpResponse:
    """What was removed from the cell, the latest first; a POST brings one effort back."""
    opened = open_cell(request.user, slug, proposal, authority)
    status = 200
    if request.method == "POST":
        form = RestoreForm(request.POST)
        status = _restore(request, opened, form) if form.is_valid() else 422
        if status == 200:
            return redirect(matrix_path(request, opened.sheet, opened.cell))
        messages.error(request, _("The page is out of date. Load it again."))
    keys = [proposal.pk for proposal in opened.cell.joint]
    context = {
        "cluster": opened.sheet.cluster,
        "cell": opened.cell,
        "removed": Effort.objects.removed_from(keys, opened.column),
        "tail": query_tail(request),
    }
    return render(request, "clusters/matrix/removed.html", context, status=status)


def _restore(request: Request, opened: OpenCell, form: RestoreForm) -> int:
    """The status of the answer: 200 where the effort is back, or was already."""
    try:
        effort = restore_effort(
            column=opened.column, proposals=opened.cell.joint, by=request.user, **form.cleaned_data
        )
    except Effort.DoesNotExist as error:
        raise Http404 from error
    except StaleVersion:
        return 409
    messages.success(request, _("“%(effort)s” is back.") % {"effort": effort.text})
    return 200


@require_POST
def cell_undo(request: Request, slug: str, proposal: int, authority: str) -> HttpResponse:
    """Put back the efforts that the last save of the cell removed."""
    opened = open_cell(request.user, slug, proposal, authority, with_cited=True)
    form = SeenVersionsForm(request.POST)
    if not form.is_valid() or proposal not in form.cleaned_data["v"]:
        return show_refused(request, opened, 422, _("The page is out of date. Load it again."))
    try:
        touched = undo_removal(
            column=opened.column,
            proposal=opened.cell.proposal,
            version=form.cleaned_data["v"][proposal],
            by=request.user,
        )
    except (StaleVersion, NothingToUndo):
        text = _("The cell was changed since, so the removal cannot be undone.")
        return show_refused(request, opened, 409, text)
    return show_saved(request, opened, touched - {proposal}, undone=True)
