"""The pause of a whole facility: everything that is planned there rests, and runs again, as one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from krams.history.actions.locking import StaleVersion
from krams.models import Facility
from krams.people.requests import Request
from krams.web.forms import VersionForm

from ... import access
from ...form_page import clash, on_top, render_form
from ...models import FacilityPause
from ..actions import facility_pauses as actions
from ..forms.pauses import FacilityPauseForm
from .plan import plan_url


@require_http_methods(["GET", "POST"])
def pause(request: Request, slug: str) -> HttpResponse:
    facility = access.managed_facility(request.user, slug)
    if request.method == "GET":
        return _render(request, facility, _form())
    form = _form(data=request.POST)
    if not form.is_valid():
        return _render(request, facility, form, status=422)
    try:
        actions.pause_facility(
            facility=facility,
            values=form.values(),
            submission_id=form.cleaned_data["submission_id"],
            by=request.user,
        )
    except actions.FacilityPauseOverlaps as overlap:
        return _overlapping(request, facility, form, overlap.pause)
    return _done(request, facility, _("Everything planned at %(facility)s is paused."))


@require_http_methods(["GET", "POST"])
def edit(request: Request, slug: str, pk: int) -> HttpResponse:
    facility = access.managed_facility(request.user, slug)
    found = get_object_or_404(facility.pauses.all(), pk=pk)
    if request.method == "GET":
        return _render(request, facility, _form(found))
    form = _form(found, request.POST)
    if not form.is_valid():
        return _render(request, facility, form, status=422)
    try:
        actions.edit_facility_pause(
            pause=found,
            version=form.cleaned_data["version"],
            values=form.values(),
            by=request.user,
        )
    except StaleVersion as stale:
        return _stale(request, facility, stale.current, form)
    except actions.FacilityPauseOverlaps as overlap:
        return _overlapping(request, facility, form, overlap.pause)
    except FacilityPause.DoesNotExist:
        raise Http404 from None
    return _done(request, facility, _("The pause of %(facility)s is saved."))


@require_POST
def restart(request: Request, slug: str, pk: int) -> HttpResponse:
    """Run again from today, all of it."""
    return _end(request, slug, pk, actions.restart_facility, _("%(facility)s runs again."))


@require_POST
def remove(request: Request, slug: str, pk: int) -> HttpResponse:
    """As if the pause had never been."""
    text = _("The pause of %(facility)s is removed.")
    return _end(request, slug, pk, actions.remove_facility_pause, text)


def _end(request: Request, slug: str, pk: int, action: Any, text: str) -> HttpResponse:
    facility = access.managed_facility(request.user, slug)
    found = get_object_or_404(facility.pauses.all(), pk=pk)
    form = VersionForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["version"])))
        return _render(request, facility, _form(found), status=422)
    try:
        action(pause=found, version=form.cleaned_data["version"], by=request.user)
    except StaleVersion as stale:
        again = _form(stale.current)
        return _render(request, facility, again, **clash(form, stale.current, {}))
    except FacilityPause.DoesNotExist:
        raise Http404 from None
    return _done(request, facility, text)


def _done(request: Request, facility: Facility, text: str) -> HttpResponse:
    messages.success(request, text % {"facility": facility.name})
    return redirect(plan_url(facility))


def _form(pause: FacilityPause | None = None, data: QueryDict | None = None) -> FacilityPauseForm:
    return FacilityPauseForm(data, pause=pause)


def _stale(
    request: Request, facility: Facility, current: FacilityPause, form: FacilityPauseForm
) -> HttpResponse:
    again = _form(current, on_top(form, current.version))
    stands = {name: getattr(current, name) for name in FacilityPauseForm.saved}
    return _render(request, facility, again, **clash(form, current, stands))


def _overlapping(
    request: Request, facility: Facility, form: FacilityPauseForm, other: FacilityPause
) -> HttpResponse:
    first = formats.date_format(other.starts_on, "SHORT_DATE_FORMAT")
    if other.restarts_on:
        last = formats.date_format(other.restarts_on, "SHORT_DATE_FORMAT")
        message = _("There is a pause already from %(first)s until %(last)s.")
        form.add_error("starts_on", message % {"first": first, "last": last})
    else:
        message = _("There is a pause already from %(first)s that has no end.")
        form.add_error("starts_on", message % {"first": first})
    return _render(request, facility, form, status=422)


def _render(
    request: Request, facility: Facility, form: FacilityPauseForm, **more: Any
) -> HttpResponse:
    heading = _("Edit the pause of %(facility)s") if form.pause else _("Pause all of %(facility)s")
    return render_form(
        request,
        form,
        heading=heading % {"facility": facility.name},
        lead=_("Every planned activity rests. What is paused already keeps its own pause."),
        back=plan_url(facility),
        back_label=_("Weekly plan of %(facility)s") % {"facility": facility.name},
        submit=_("Save") if form.pause else _("Pause everything"),
        here="plan",
        facility=facility,
        **more,
    )
