"""Next steps of efforts: all of a cluster, and the page that says that one is done."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from krams.history.actions.locking import StaleVersion
from krams.people.requests import Request

from ..access import get_editable, get_sheet
from ..form_page import renew_version, status_of
from ..matrix.views.files import sheet_file
from ..models import Effort
from .actions import finish_step
from .forms import StepDoneForm
from .paper import step_blocks, step_tables
from .queries.steps import steps_of


@require_safe
def steps(request: Request, slug: str, kind: str = "") -> HttpResponse:
    """Who is responsible and what comes next, per authority; what is past its date first.

    With ``kind`` as a file.
    """
    sheet = get_sheet(request.user, slug)
    found: dict[int, list[Effort]] = {column.authority_id: [] for column in sheet.columns}
    for effort in steps_of(sheet.cluster):
        found.setdefault(effort.authority_id, []).append(effort)
    if kind:
        blocks, tables = step_blocks(sheet.columns, found), step_tables(sheet.columns, found)
        return sheet_file(sheet, kind, _("Next steps"), blocks, tables, is_wide=True)
    overdue = {
        key: sum(effort.step_is_overdue(sheet.today) for effort in efforts)
        for key, efforts in found.items()
    }
    context = {
        "cluster": sheet.cluster,
        "columns": sheet.columns,
        "found": found,
        "overdue": overdue,
        "overdue_in_all": sum(overdue.values()),
        "today": sheet.today,
    }
    return render(request, "clusters/steps/steps.html", context)


@require_http_methods(["GET", "POST"])
def step_done(request: Request, slug: str, pk: int) -> HttpResponse:
    """The next step of one effort: done, and what follows."""
    sheet = get_sheet(request.user, slug)
    efforts = Effort.objects.standing().with_cell().select_related("authority")
    effort = efforts.filter(cluster=sheet.cluster, pk=pk).first()
    if effort is None:
        raise Http404
    column = get_editable(sheet, effort.authority.slug)
    back = reverse("clusters:steps", args=[slug]) + f"#{effort.authority.slug}"
    form = StepDoneForm(request.POST or None, initial={"version": effort.version})
    status, is_stale = status_of(form), False
    if request.method == "POST" and form.is_valid():
        try:
            finish_step(column=column, effort_id=pk, by=request.user, **form.cleaned_data)
        except StaleVersion as stale:
            renew_version(form, stale.current)
            effort, status, is_stale = stale.current, 409, True
        except Effort.DoesNotExist as error:
            raise Http404 from error
        else:
            messages.success(request, _("The step is done."))
            return redirect(back)
    context = {"cluster": sheet.cluster, "effort": effort, "form": form, "back": back}
    context |= {"is_stale": is_stale, "today": sheet.today}
    return render(request, "clusters/steps/step_done.html", context, status=status)
