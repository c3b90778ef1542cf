"""The efforts that were removed from a cell: read, with their history, and brought back."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from krams.history.actions.locking import StaleVersion

from ...access import get_editable, get_sheet
from ...models import Effort
from ..actions.undo import restore_effort
from ..forms.effort import RestoreForm
from ..queries.matrix import read_matrix
from .cell import find_cell, query_tail


def cell_removed(request, slug: str, proposal: int, authority: str):
    """What was removed from the cell, the latest first; a POST brings one effort back."""
    sheet = get_sheet(request.user, slug)
    column = get_editable(sheet, authority)
    cell = find_cell(read_matrix(sheet, with_notes=False), sheet, proposal, column.authority.pk)
    status = 200
    if request.method == "POST":
        form = RestoreForm(request.POST)
        status = _restore(request, column, cell, form) if form.is_valid() else 422
        if status == 200:
            return redirect(
                f"{sheet.cluster.get_absolute_url()}{query_tail(request)}#{cell.anchor}"
            )
        messages.error(request, _("The page is out of date. Load it again."))
    removed = Effort.objects.removed_from(cell.joint, column)
    context = {"cluster": sheet.cluster, "cell": cell, "removed": removed}
    context["tail"] = query_tail(request)
    return render(request, "clusters/matrix/removed.html", context, status=status)


def _restore(request, column, cell, form: RestoreForm) -> int:
    """The status of the answer: 200 where the effort is back, or was already."""
    try:
        effort = restore_effort(
            column=column, proposals=cell.joint, by=request.user, **form.cleaned_data
        )
    except Effort.DoesNotExist as error:
        raise Http404 from error
    except StaleVersion:
        return 409
    messages.success(request, _("“%(effort)s” is back.") % {"effort": effort.text})
    return 200
