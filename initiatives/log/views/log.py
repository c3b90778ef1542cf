"""The page of a facility's log: registrations, newest first, filtered and page by page."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from krams.models import Facility
from krams.people.requests import Request
from krams.web.addresses import number_of
from krams.web.htmx import is_partial

from ... import access
from ...models import Activity, ActivityType
from ..forms.log_filter import Cursor, LogFilter

PAGE_SIZE = 50


IN_LOG = "?vis=log"


@require_GET
def log(request: Request, slug: str) -> HttpResponse:
    """The registrations, newest day first; a filter is a part of the address."""
    facility = access.visible_facility(request.user, slug)
    everything = Activity.objects.standing().for_facility(facility)
    used = Activity.objects.for_facility(facility).filter(activity_type=OuterRef("pk"))
    form = LogFilter(
        request.GET, types=ActivityType.objects.filter(Exists(used)), auto_id="filter-%s"
    )
    found = form.narrow(everything)
    context = {
        "facility": facility,
        "may_register": facility.may_register,
        "form": form,
        "count": found.count() if form.is_valid() else 0,
        "in_log": True,
        "is_partial": is_partial(request),
        "row_query": IN_LOG,
        "removed": _removed(request, facility),
        **_one_page(request, facility, found),
    }
    template = (
        "initiatives/log/log.html#results" if is_partial(request) else "initiatives/log/log.html"
    )
    return render(request, template, context, status=200 if form.is_valid() else 422)


def _one_page(request: Request, facility: Facility, found: QuerySet[Activity]) -> dict[str, Any]:
    """The rows after the cursor. Raises ``Http404`` for a cursor that the log has not written."""
    place = request.GET.get("foer", "")
    if place:
        try:
            found = found.filter(Cursor.parse(place).below())
        except ValueError:
            raise Http404 from None
    rows = list(found.select_related("registered_by").order_by("-held_on", "-pk")[: PAGE_SIZE + 1])
    for activity in rows:
        activity.facility = facility
    filters = request.GET.copy()
    filters.pop("foer", None)
    newest = filters.urlencode()
    older = ""
    if len(rows) > PAGE_SIZE:
        filters["foer"] = str(Cursor.after(rows[PAGE_SIZE - 1]))
        older = filters.urlencode()
    return {
        "activities": rows[:PAGE_SIZE],
        "older": older,
        "newest": newest,
        "is_first_page": not place,
    }


def _removed(request: Request, facility: Facility) -> Activity | None:
    """What was just taken out, so that it can be brought back."""
    if not (pk := number_of(request, "fjernet")):
        return None
    gone = Activity.objects.for_facility(facility).filter(pk=pk, removed_at__isnull=False).first()
    if gone:
        gone.facility = facility
    return gone
