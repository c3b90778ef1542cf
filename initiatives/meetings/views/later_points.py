"""What waits for a later meeting: written, put on the next agenda, removed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from krams.people.requests import Request

from ... import access
from ...models import LaterPoint
from ..actions import later_points as actions
from ..actions.meetings import NoMeetingPlanned
from ..forms import LaterPointForm
from ..queries.later_points import later_point_of
from ..queries.lists import Place, department_with_meetings
from .meetings import show_list
from .page import NOT_ALLOWED

REFUSED = (*NOT_ALLOWED, LaterPoint.DoesNotExist)


@require_http_methods(["GET", "POST"])
def later_add(request: Request, slug: str) -> HttpResponse:
    """The form stands on the list of meetings."""
    facility = access.loggable_facility(request.user, slug)
    return _add(request, Place(request.user, facility, None), "meetings", slug)


@require_http_methods(["GET", "POST"])
def department_later_add(request: Request, slug: str) -> HttpResponse:
    department = department_with_meetings(request.user, slug)
    if not department.may_manage:
        raise PermissionDenied
    return _add(request, Place(request.user, None, department), "department-meetings", slug)


def _add(request: Request, place: Place, page: str, slug: str) -> HttpResponse:
    address = reverse(f"initiatives:{page}", args=[slug], fragment="later")
    if request.method == "GET":
        return redirect(address)
    form = LaterPointForm(request.POST, auto_id="senere-%s")
    if not form.is_valid():
        return show_list(request, place, True, form)
    try:
        actions.add_later_point(
            facility=place.facility,
            department=place.department,
            by=request.user,
            **form.cleaned_data,
        )
    except REFUSED as error:
        raise PermissionDenied from error
    messages.success(request, _("Kept for a later meeting."))
    return redirect(address)


@require_POST
def later_put(request: Request, pk: int) -> HttpResponse:
    """One click: onto the agenda of the next meeting, once."""
    point = later_point_of(request.user, pk)
    try:
        item = actions.put_on_next(point=point, now=timezone.localtime(), by=request.user)
    except NoMeetingPlanned:
        messages.info(request, _("No meeting is planned. Plan one, then put the point on it."))
        return redirect(point.get_absolute_url())
    except REFUSED as error:
        raise PermissionDenied from error
    messages.success(request, _("%(plan)s is on the agenda.") % {"plan": point})
    return redirect(item.get_absolute_url())


@require_POST
def later_remove(request: Request, pk: int) -> HttpResponse:
    point = later_point_of(request.user, pk)
    try:
        actions.remove_later_point(point=point, by=request.user)
    except REFUSED as error:
        raise PermissionDenied from error
    messages.success(request, _("Removed: %(point)s") % {"point": point})
    return redirect(point.get_absolute_url())
