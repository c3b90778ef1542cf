"""The page of an import, whatever is imported: the file, the report, the preview, the answer."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..documents import spreadsheets
from ..documents.spreadsheet_reading import ReadTable
from ..people.requests import Request
from .actions import ChangedMeanwhile, Refused, take_in
from .checking import Sheet, check
from .forms import AgreeForm, FileForm, as_pasted, as_sent
from .report import Report
from .template import template

# What a page shows of a long list; the counts are of all.
MOST_SHOWN = 300


def template_file(sheet: Sheet, kind: str) -> HttpResponse:
    """The file to fill in. Raises ``Http404`` for a format that there is not."""
    tables = template(sheet.title, sheet.columns)
    match kind:
        case "xlsx":
            return spreadsheets.download_workbook(sheet.title, tables)
        case "csv":
            return spreadsheets.download(tables[0], kind)
    raise Http404


def respond(request: Request, sheet: Sheet, *, page: str, **more: Any) -> HttpResponse:
    """The page ``page``, a template; callers have asked whether the person may write here."""
    more |= {"page": page}
    if request.method == "GET":
        return _render(request, sheet, FileForm(sheet=sheet), **more)
    if "table" in request.POST:
        return _agreed(request, sheet, **more)
    form = FileForm(request.POST, request.FILES, sheet=sheet)
    if not form.is_valid():
        return _render(request, sheet, form, status=422, **more)
    report = check(sheet, form.table)
    status = 422 if report.problems else 200
    # What was pasted stays where it can be put right.
    again = FileForm(sheet=sheet, initial={"pasted": form.cleaned_data["pasted"]})
    return _render(request, sheet, again, form.table, report, status=status, **more)


def _agreed(request: Request, sheet: Sheet, **more: Any) -> HttpResponse:
    form = AgreeForm(request.POST)
    empty = FileForm(sheet=sheet)
    if not form.is_valid():
        empty = FileForm({}, sheet=sheet)
        empty.add_error("file", _("The page was out of date. Choose the file once more."))
        return _render(request, sheet, empty, status=422, **more)
    data = form.cleaned_data
    table = data["table"]
    try:
        report = take_in(sheet, table, seen=data["seen"], form_id=data["submission_id"])
    except Refused as refused:
        again = FileForm(sheet=sheet, initial={"pasted": as_pasted(table)})
        return _render(request, sheet, again, table, refused.report, status=422, **more)
    except ChangedMeanwhile as changed:
        return _render(request, sheet, empty, table, changed.report, clash=True, status=409, **more)
    except ObjectDoesNotExist as error:
        raise PermissionDenied from error
    done = len(report.to_do)
    if done:
        text = ngettext("%(number)s row is taken in.", "%(number)s rows are taken in.", done)
        messages.success(request, text % {"number": done})
    else:
        messages.success(request, _("All of it stands as in the file."))
    return redirect(sheet.back)


def _render(
    request: Request,
    sheet: Sheet,
    form: FileForm,
    table: ReadTable | None = None,
    report: Report | None = None,
    *,
    page: str,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        "sheet": sheet,
        "form": form,
        "report": report,
        "most": MOST_SHOWN,
        "action": request.path,
        **more,
    }
    if table and report and not report.problems:
        context["agree"] = AgreeForm(initial={"table": as_sent(table), "seen": report.seen})
    return render(request, page, context, status=status)
