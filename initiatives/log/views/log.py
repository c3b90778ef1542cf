"""The page of a facility's log: registrations, newest first, filtered and page by page."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from krams.database.paging import Pager, place_of
from krams.models import Facility
from krams.people.requests import Request
from krams.web.addresses import number_of
from krams.web.htmx import is_partial

from ... import access
from ...models import Activity
from ..forms.log_filter import LogFilter
from ..queries.log_pages import LOG, read_log, types_in_log

IN_LOG = "?vis=log"


@require_GET
def log(request: Request, slug: str) -> HttpResponse:
    """The registrations, newest day first; a filter is a part of the address."""
    facility = access.visible_facility(request.user, slug)
    place = place_of(LOG, request)
    form = LogFilter(request.GET, types=types_in_log(facility), auto_id="filter-%s")
    context: dict[str, Any] = {
        "facility": facility,
        "may_register": facility.may_register,
        "form": form,
        "in_log": True,
        "is_partial": is_partial(request),
        "row_query": IN_LOG,
        "removed": _removed(request, facility),
        "export_query": urlencode(form.typed),
    }
    if form.is_valid():
        found = read_log(facility, form.chosen, place, timezone.localdate())
        context["since"], context["until"] = found.since, found.until
        rows = found.page.rows
        if not facility.may_register:
            rows = [one.without_people() for one in rows]
        context["activities"] = rows
        context["pages"] = Pager.of(found.page, form.typed)
    template = (
        "initiatives/log/log.html#results" if is_partial(request) else "initiatives/log/log.html"
    )
    return render(request, template, context, status=200 if form.is_valid() else 422)


def _removed(request: Request, facility: Facility) -> Activity | None:
    """What was just taken out, so that it can be brought back."""
    if not (pk := number_of(request, "fjernet")):
        return None
    gone = Activity.objects.for_facility(facility).filter(pk=pk, removed_at__isnull=False).first()
    if gone:
        gone.facility = facility
    return gone
