"""The activity log as a file: exactly what the filter shows, all pages of it."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from krams.documents.spreadsheets import WRITERS, Table, download
from krams.people.requests import Request
from krams.replica.reading import allow_replica

from ... import access
from ..forms.log_filter import LogFilter
from ..queries.log_pages import narrowed, types_in_log
from ..spreadsheet import log_columns, log_row


@require_GET
def log_export(request: Request, slug: str, kind: str) -> HttpResponse:
    """Same filter as the log; one that means nothing goes back to the log, which says so."""
    facility = access.visible_facility(request.user, slug)
    if kind not in WRITERS:
        raise Http404
    allow_replica(request)
    form = LogFilter(request.GET, types=types_in_log(facility))
    if not form.is_valid():
        return redirect(f"{reverse('initiatives:log', args=[slug])}?{request.GET.urlencode()}")
    found = narrowed(facility, *form.chosen)
    rows = found.select_related("registered_by", "initiative").order_by("-held_on", "-pk")
    day = timezone.localdate()
    title = _("Registrations %(facility)s %(day)s") % {"facility": facility, "day": day.isoformat()}
    return download(Table(title, log_columns(), map(log_row, rows.iterator(chunk_size=2000))), kind)
