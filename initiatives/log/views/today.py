"""The page of a day: register what was planned in one tap, and what was not in a few."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from krams.history.models import EARLIEST_DATE
from krams.models import Facility
from krams.people.requests import Request
from krams.web.addresses import number_of
from krams.web.htmx import is_partial

from ... import access
from ...access import OwnFacility
from ...enums import CancellationReason, MeetingKind, Outcome
from ...form_page import typed_in
from ...models import Activity, PlannedActivity
from ..actions import registrations as actions
from ..forms.registrations import NO_NAMES, PlannedForm, UnplannedForm
from ..queries.today import Day, Tap, facility_of_today, read_day
from ..tour import STEPS, step_of

FIRST_MINUTES = 30


@require_GET
def today(request: Request, slug: str) -> HttpResponse:
    facility = facility_of_today(request.user, slug)
    page = read_day(facility, day_of(request), removed=number_of(request, "fjernet"))
    kind = MeetingKind(facility.meeting_kind).label if facility.meeting_kind else ""
    tour = step_of(number_of(request, "rundtur"))
    # Once, on the day itself, to whoever registers here and has not closed it.
    is_new = request.user.tour_closed_at is None and facility.may_register and page.is_today
    more = {"meeting_kind": kind, "tour": tour, "offers_tour": is_new and not tour}
    return render(request, "initiatives/log/today.html", day_context(page, **more))


@require_http_methods(["GET", "POST"])
def planned(request: Request, slug: str, plan_id: int) -> HttpResponse:
    """One row: read again (GET), or registered as held or cancelled (POST)."""
    facility = access.loggable_facility(request.user, slug)
    day = day_of(request)
    if request.method == "POST":
        return _register_planned(request, facility, plan_id, day)
    page = read_day(facility, day)
    tap = page.tap_of(plan_id)
    if not is_partial(request) or not tap:
        return redirect(day_url(facility, day, f"plan-{plan_id}"))
    tap.focus = True
    return render(request, "initiatives/log/_planned_activity.html", day_context(page, tap=tap))


def _register_planned(
    request: Request, facility: OwnFacility, plan_id: int, day: dt.date | None
) -> HttpResponse:
    planned = facility.planned_activities.filter(pk=plan_id).first()
    if not planned:
        raise Http404
    form = PlannedForm(request.POST, facility=facility, start_time=planned.start_time)
    if not form.is_valid():
        return _refused_tap(request, facility, plan_id, day, form)
    try:
        activity = actions.register_planned(
            facility=facility, plan_id=plan_id, by=request.user, **form.cleaned_data
        )
    except PlannedActivity.DoesNotExist:
        raise Http404 from None
    except actions.AlreadyRegistered as clash:
        return _clash(request, facility, day, form, clash.activity)
    if is_partial(request):
        return fresh_row(request, read_day(facility, day), activity, undo=True)
    messages.success(request, activity.summary)
    return redirect(day_url(facility, activity.held_on, f"r-{activity.pk}"))


def _refused_tap(
    request: Request, facility: OwnFacility, plan_id: int, day: dt.date | None, form: PlannedForm
) -> HttpResponse:
    page = read_day(facility, day)
    tap = page.tap_of(plan_id)
    if not tap:
        # Registered meanwhile, or not of today: the row is not on the page, the answer must be.
        planned = facility.planned_activities.select_related("activity_type").filter(pk=plan_id)
        if not (found := planned.first()):
            raise Http404
        tap = Tap(found, page.day, None, is_due=True)
        page.taps.insert(0, tap)
    tap.form = form
    template = (
        "initiatives/log/_planned_activity.html"
        if is_partial(request)
        else "initiatives/log/today.html"
    )
    return render(request, template, day_context(page, tap=tap, failed=True), status=422)


def _clash(
    request: Request,
    facility: OwnFacility,
    day: dt.date | None,
    form: PlannedForm,
    activity: Activity,
) -> HttpResponse:
    """Two people, one activity: what is registered, beside what this person meant to register."""
    mine = Activity(
        title=activity.title,
        outcome=form.cleaned_data["outcome"],
        participant_count=form.cleaned_data["participant_count"],
        cancellation_reason=form.cleaned_data["cancellation_reason"],
        cancellation_text=form.cleaned_data["cancellation_text"],
    )
    activity.facility = facility
    page = read_day(facility, day)
    context = day_context(page, activity=activity, clash=activity, mine=mine.summary)
    template = (
        "initiatives/log/_registration.html"
        if is_partial(request)
        else "initiatives/log/today.html"
    )
    return render(request, template, context, status=409)


@require_POST
def register(request: Request, slug: str) -> HttpResponse:
    """Something that was held without being planned."""
    facility = access.loggable_facility(request.user, slug)
    day = day_of(request)
    page = read_day(facility, day)
    form = _unplanned_form(page, request.POST)
    if not form.is_valid():
        template = (
            "initiatives/log/_unplanned_form.html"
            if is_partial(request)
            else "initiatives/log/today.html"
        )
        return render(request, template, day_context(page, unplanned=form), status=422)
    try:
        activity = actions.register_activity(facility=facility, by=request.user, **form.values())
    except actions.AlreadyRegistered as clash:
        return _sent_otherwise(request, page, form, clash.activity)
    if is_partial(request):
        page = read_day(facility, day)
        context = day_context(page, saved=activity, announce=activity.summary)
        return render(request, "initiatives/log/_unplanned_saved.html", context)
    messages.success(request, activity.summary)
    return redirect(day_url(facility, activity.held_on, f"r-{activity.pk}"))


def _sent_otherwise(
    request: Request, page: Day, form: UnplannedForm, stands: Activity
) -> HttpResponse:
    """The form came back changed: what it registered before, and what it says now.

    Sent once more it is one more registration.
    """
    values = form.values()
    mine = Activity(
        title=values["activity_type"].name,
        outcome=Outcome.HELD,
        participant_count=values["participant_count"],
    )
    stands.facility = page.facility
    form.data = typed_in(form, submission_id=uuid.uuid4())
    context = day_context(page, unplanned=form, sent_before=stands, meant=mine.summary)
    template = (
        "initiatives/log/_unplanned_form.html"
        if is_partial(request)
        else "initiatives/log/today.html"
    )
    return render(request, template, context, status=409)


def fresh_row(
    request: Request, page: Day, activity: Activity, *, announce: str = "", **more: Any
) -> HttpResponse:
    """The row as it now stands, and everything else on the page that it changes."""
    activity.facility = page.facility
    announce = announce or activity.summary
    context = day_context(page, activity=activity, focus=True, announce=announce, **more)
    return render(request, "initiatives/log/_saved_registration.html", context)


def day_url(facility: Facility, day: dt.date | None = None, anchor: str = "", **query: Any) -> str:
    if day and day != timezone.localdate():
        query["dag"] = day.isoformat()
    return reverse(
        "initiatives:today",
        args=[facility.slug],
        query=query or None,
        fragment=anchor or None,
    )


def day_context(page: Day, **more: Any) -> dict[str, Any]:
    facility = page.facility
    context = {
        "page": page,
        "facility": facility,
        "may_register": facility.may_register,
        "reasons": CancellationReason.choices,
        "no_names": NO_NAMES,
        "tour_length": len(STEPS),
        "row_query": "" if page.is_today else f"?dag={page.day.isoformat()}",
        **more,
    }
    if facility.may_register and "unplanned" not in context:
        context["unplanned"] = _unplanned_form(page)
    return context


def _unplanned_form(page: Day, data: QueryDict | None = None) -> UnplannedForm:
    return UnplannedForm(
        data,
        facility=page.facility,
        types=page.types,
        initial={"held_on": page.day, "duration_minutes": FIRST_MINUTES},
        auto_id="ny-%s",
    )


def day_of(request: Request) -> dt.date | None:
    """``?dag=2026-11-20``. Raises ``Http404`` for what is no day, too long ago or still to come."""
    text = request.GET.get("dag", "")
    if not text:
        return None
    try:
        day = dt.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise Http404 from None
    if not EARLIEST_DATE <= day <= timezone.localdate():
        raise Http404
    return day
