"""The activity log as a file: exactly what the filter shows, all pages of it."""

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from krams.documents import spreadsheets
from krams.documents.spreadsheets import WRITERS, Table
from krams.people.requests import Request
from krams.replica.reading import allow_replica

from ... import access
from ..forms.log_filter import LogFilter
from ..queries.log_pages import narrowed, types_in_log
from ..queries.registrations import every_row
from ..spreadsheet import log_columns, log_rows


@require_GET
def log_export(request: Request, slug: str, kind: str) -> HttpResponseBase:
    """Same filter as the log; one that means nothing goes back to the log, which says so."""
    facility = access.visible_facility(request.user, slug)
    if kind not in WRITERS:
        raise Http404
    allow_replica(request)
    form = LogFilter(request.GET, types=types_in_log(facility))
    if not form.is_valid():
        return redirect(f"{reverse('initiatives:log', args=[slug])}?{request.GET.urlencode()}")
    found = narrowed(facility, *form.chosen)
    most = spreadsheets.MOST_ROWS
    if kind == "xlsx" and found.order_by()[: most + 1].count() > most:
        context = {"facility": facility, "most": most, "query": request.GET.urlencode()}
        return render(request, "initiatives/log/too_many_rows.html", context, status=422)
    day = timezone.localdate()
    title = _("Registrations %(facility)s %(day)s") % {"facility": facility, "day": day.isoformat()}
    rows = log_rows(every_row(found), with_people=facility.may_register)
    return spreadsheets.stream(Table(title, log_columns(), rows), kind)
