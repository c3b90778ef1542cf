"""One registration: its row, corrected, removed and brought back."""

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from krams.history.actions.locking import StaleVersion
from krams.people.requests import Request
from krams.web.htmx import is_partial

from ... import access
from ...access import OwnFacility
from ...form_page import last_save, on_top
from ...models import Activity
from ...plans.activity_types import Kind
from ...plans.queries.activity_types import offered_types
from ..actions import registrations as actions
from ..forms.registrations import CorrectionForm
from ..queries.registrations import registration_of
from ..queries.today import read_day
from .log import IN_LOG
from .today import day_of, day_url, fresh_row


@require_GET
def activity(request: Request, slug: str, pk: int) -> HttpResponse:
    """One row, for a page that has it open for editing; by itself, the day that it stands on."""
    facility = access.visible_facility(request.user, slug)
    found = registration_of(request.user, facility, pk)
    if not is_partial(request):
        return redirect(_back(request, found))
    found.facility = facility
    context = _row_context(request, facility, found, focus=True)
    return render(request, "initiatives/log/_registration.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: Request, slug: str, pk: int) -> HttpResponse:
    """Correct a registration, in its row or on a page of its own."""
    facility = access.loggable_facility(request.user, slug)
    found = registration_of(request.user, facility, pk)
    found.facility = facility
    if request.method == "GET":
        initial = CorrectionForm.initial_of(found)
        return _form(request, facility, found, _correction(facility, found, initial=initial))
    form = _correction(facility, found, request.POST)
    if not form.is_valid():
        return _form(request, facility, found, form, status=422)
    try:
        saved = actions.correct_activity(
            activity=found,
            version=form.cleaned_data["version"],
            values=form.values(),
            by=request.user,
        )
    except StaleVersion as stale:
        return _stale(request, facility, stale.current, form)
    except actions.AlreadyRegistered as clash:
        form.add_error("held_on", _taken(clash.activity))
        return _form(request, facility, found, form, status=409)
    saved.facility = facility
    return _shown(request, facility, saved)


def _correction(
    facility: OwnFacility, activity: Activity, data: QueryDict | None = None, **options: Any
) -> CorrectionForm:
    """Offers the types of the place, and the one that it has; none where the plan has said it."""
    types: list[Kind] = []
    if not activity.planned_activity_id:
        types += offered_types(facility.department.municipality_id)
        if activity.activity_type_id not in {kind.pk for kind in types}:
            types.append(activity.activity_type)
    return CorrectionForm(
        data, facility=facility, types=types, auto_id=f"r{activity.pk}-%s", **options
    )


def _form(
    request: Request,
    facility: OwnFacility,
    activity: Activity,
    form: BaseForm,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        "facility": facility,
        "activity": activity,
        "form": form,
        "in_log": _in_log(request),
        "row_query": _row_query(request),
        "back": _back(request, activity),
        **more,
    }
    name = "_activity_form" if is_partial(request) else "activity_form"
    return render(request, f"initiatives/log/{name}.html", context, status=status)


def _stale(
    request: Request, facility: OwnFacility, current: Activity, form: CorrectionForm
) -> HttpResponse:
    """Their registration and yours: saving once more lets yours stand."""
    current.facility = facility
    data = on_top(form, current.version)
    mine = _correction(facility, current, data)
    return _form(
        request,
        facility,
        current,
        mine,
        status=409,
        theirs=current.summary,
        last=last_save(current),
    )


def _shown(request: Request, facility: OwnFacility, activity: Activity) -> HttpResponse:
    """After a correction: the row where it stands."""
    if not is_partial(request):
        messages.success(request, activity.summary)
        return redirect(_back(request, activity))
    if _in_log(request):
        context = _row_context(
            request,
            facility,
            activity,
            focus=True,
            announce=activity.summary,
        )
        return render(request, "initiatives/log/_saved_registration.html", context)
    return fresh_row(request, read_day(facility, day_of(request)), activity)


@require_POST
def remove(request: Request, slug: str, pk: int) -> HttpResponse:
    facility = access.loggable_facility(request.user, slug)
    found = registration_of(request.user, facility, pk)
    removed = actions.remove_activity(activity=found, by=request.user)
    removed.facility = facility
    announce = _("Removed: %(activity)s") % {"activity": removed.summary}
    if not is_partial(request):
        messages.success(request, announce)
        return redirect(_back(request, removed))
    if _in_log(request):
        context = _row_context(request, facility, removed, focus=True, announce=announce)
        return render(request, "initiatives/log/_saved_registration.html", context)
    page = read_day(facility, day_of(request), removed=removed.pk)
    tap = page.tap_of(removed.planned_activity_id) if removed.planned_activity_id else None
    return fresh_row(request, page, removed, announce=announce, tap=tap)


@require_POST
def restore(request: Request, slug: str, pk: int) -> HttpResponse:
    facility = access.loggable_facility(request.user, slug)
    found = registration_of(request.user, facility, pk)
    found.facility = facility
    try:
        restored = actions.restore_activity(activity=found, by=request.user)
    except actions.AlreadyRegistered as clash:
        context = _row_context(
            request,
            facility,
            found,
            problem=_taken(clash.activity),
        )
        template = "_registration.html" if is_partial(request) else "activity_removed.html"
        return render(request, f"initiatives/log/{template}", context, status=409)
    restored.facility = facility
    return _shown(request, facility, restored)


def _row_context(
    request: Request, facility: OwnFacility, activity: Activity, **more: Any
) -> dict[str, Any]:
    """What one row needs away from the page of a day."""
    return {
        "facility": facility,
        "activity": activity,
        "may_register": facility.may_register,
        "in_log": _in_log(request),
        "row_query": _row_query(request),
        **more,
    }


def _taken(other: Activity) -> str:
    return _("It cannot be saved: that day has already been registered (%(activity)s).") % {
        "activity": other.summary
    }


def _in_log(request: Request) -> bool:
    """Whether the person came from the log; else from the page of a day."""
    return request.GET.get("vis") == "log"


def _row_query(request: Request) -> str:
    """What a row's links carry on, so that they lead back to where the person came from."""
    if _in_log(request):
        return IN_LOG
    day = day_of(request)
    return f"?dag={day.isoformat()}" if day else ""


def _back(request: Request, activity: Activity) -> str:
    facility = activity.facility
    gone = {"fjernet": activity.pk} if activity.removed_at else {}
    if _in_log(request):
        return reverse(
            "initiatives:log",
            args=[facility.slug],
            query=gone or None,
            fragment=f"r-{activity.pk}",
        )
    return day_url(facility, activity.held_on, f"r-{activity.pk}", **gone)
