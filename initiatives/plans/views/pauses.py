"""Pauses of the weekly plan: why an activity rests, and when it starts again."""

from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from krams.history.actions.locking import StaleVersion
from krams.models import Facility
from krams.people.requests import Request
from krams.web.forms import VersionForm

from ... import access
from ...form_page import clash, on_top
from ...models import PlannedActivity, PlanPause
from ..actions import pauses as actions
from ..forms.pauses import PauseForm
from ..queries.choices import plan_of
from .plan import render_form, saved


@require_http_methods(["GET", "POST"])
def pause(request: Request, slug: str, pk: int) -> HttpResponse:
    facility = access.managed_facility(request.user, slug)
    planned = plan_of(facility, pk)
    if request.method == "GET":
        return _render(request, facility, _form(planned))
    form = _form(planned, data=request.POST)
    if not form.is_valid():
        return _render(request, facility, form, status=422)
    try:
        actions.pause_plan(
            planned=planned,
            version=form.cleaned_data["version"],
            values=form.values(),
            submission_id=form.cleaned_data["submission_id"],
            by=request.user,
        )
    except StaleVersion as stale:
        current = stale.current
        again = _form(current, data=on_top(form, current.version))
        return _render(request, facility, again, **clash(form, current, {}))
    except actions.PauseOverlaps as overlap:
        return _overlapping(request, facility, form, overlap.pause)
    return saved(request, facility, planned, _("Paused: %(activity)s."))


@require_http_methods(["GET", "POST"])
def edit(request: Request, slug: str, pk: int, pause_pk: int) -> HttpResponse:
    facility = access.managed_facility(request.user, slug)
    planned = plan_of(facility, pk)
    found = get_object_or_404(planned.pauses.all(), pk=pause_pk)
    if request.method == "GET":
        return _render(request, facility, _form(planned, found))
    form = _form(planned, found, request.POST)
    if not form.is_valid():
        return _render(request, facility, form, status=422)
    try:
        actions.edit_pause(
            pause=found,
            version=form.cleaned_data["version"],
            values=form.values(),
            by=request.user,
        )
    except StaleVersion as stale:
        current = stale.current
        again = _form(planned, current, on_top(form, current.version))
        stands = {name: getattr(current, name) for name in PauseForm.saved}
        return _render(request, facility, again, **clash(form, current, stands))
    except actions.PauseOverlaps as overlap:
        return _overlapping(request, facility, form, overlap.pause)
    return saved(request, facility, planned, _("The pause is saved: %(activity)s."))


@require_POST
def restart(request: Request, slug: str, pk: int, pause_pk: int) -> HttpResponse:
    """Run again from today."""
    facility = access.managed_facility(request.user, slug)
    planned = plan_of(facility, pk)
    found = get_object_or_404(planned.pauses.all(), pk=pause_pk)
    form = VersionForm(request.POST)
    if not form.is_valid():
        return _render(request, facility, _form(planned, found), status=422, failed=form)
    try:
        actions.restart_plan(pause=found, version=form.cleaned_data["version"], by=request.user)
    except StaleVersion as stale:
        again = _form(planned, stale.current)
        return _render(request, facility, again, **clash(form, stale.current, {}))
    except PlanPause.DoesNotExist:
        raise Http404 from None
    return saved(request, facility, planned, _("Runs again from today: %(activity)s."))


def _form(
    planned: PlannedActivity, pause: PlanPause | None = None, data: QueryDict | None = None
) -> PauseForm:
    return PauseForm(data, planned=planned, pause=pause, auto_id=f"pause{planned.pk}-%s")


def _overlapping(
    request: Request, facility: Facility, form: PauseForm, other: PlanPause
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


def _render(request: Request, facility: Facility, form: PauseForm, **more: Any) -> HttpResponse:
    return render_form(
        request, facility, form, form.planned, kind="pause_form", pause=form.pause, **more
    )
