"""The lists of meetings; one meeting planned, changed, cancelled; its wishes and minutes."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from krams.database.paging import Pager, place_of
from krams.history.actions.locking import StaleVersion
from krams.models import Facility, User
from krams.people.requests import Request

from ... import access
from ...enums import MeetingKind
from ...form_page import last_save, on_top
from ...models import Meeting, PlannedActivity
from ..actions import meetings as actions
from ..forms import EditMeetingForm, LaterPointForm, MinutesForm, NewMeetingForm, WishesForm
from ..queries.agenda import meeting_of
from ..queries.later_points import later_points
from ..queries.lists import (
    PAST,
    Place,
    coming_meetings,
    department_with_meetings,
    open_decisions,
    past_meetings,
    plan_to_discuss,
)
from .page import NOT_ALLOWED, Edit, Page, differences, save, show

KINDS_OF_A_FACILITY = tuple(MeetingKind)
KINDS_OF_A_DEPARTMENT = (MeetingKind.MANAGEMENT,)


@require_GET
def meetings(request: Request, slug: str) -> HttpResponse:
    """Coming and past meetings of a facility, and what is still open there."""
    facility = access.visible_facility(request.user, slug)
    return show_list(request, Place(request.user, facility, None), facility.may_register)


@require_GET
def department_meetings(request: Request, slug: str) -> HttpResponse:
    """Coming and past follow-ups of a department, and the meetings of its facilities."""
    department = department_with_meetings(request.user, slug)
    return show_list(request, Place(request.user, None, department), department.may_manage)


@require_http_methods(["GET", "POST"])
def meeting_new(request: Request, slug: str) -> HttpResponse:
    """Plan a meeting; with ``?plan=``, an activity goes straight on its agenda."""
    facility = access.loggable_facility(request.user, slug)
    return _new(request, {"facility": facility}, KINDS_OF_A_FACILITY)


@require_http_methods(["GET", "POST"])
def department_meeting_new(request: Request, slug: str) -> HttpResponse:
    department = department_with_meetings(request.user, slug)
    if not department.may_manage:
        raise PermissionDenied
    return _new(request, {"department": department}, KINDS_OF_A_DEPARTMENT)


@require_GET
def meeting(request: Request, pk: int) -> HttpResponse:
    """The agenda, and what was decided."""
    return show(request, Page.read(request.user, pk))


@require_http_methods(["GET", "POST"])
def meeting_edit(request: Request, pk: int) -> HttpResponse:
    """Kind, date, time and place, on a page of their own."""
    found = _writable(request.user, pk)
    kinds = KINDS_OF_A_FACILITY if found.facility_id else KINDS_OF_A_DEPARTMENT
    context: dict[str, Any] = {
        "meeting": found,
        "facility": found.facility,
        "department": found.department,
    }
    if request.method == "GET":
        initial = {
            name: getattr(found, name)
            for name in ("kind", "held_on", "starts_at", "place", "repeats", "version")
        }
        form = EditMeetingForm(initial=initial, kinds=kinds)
        return _form(request, form, **context)
    form = EditMeetingForm(request.POST, kinds=kinds)
    if not form.is_valid():
        return _form(request, form, status=422, **context)
    try:
        actions.edit_meeting(
            meeting=found,
            version=form.cleaned_data["version"],
            values=form.values(),
            by=request.user,
        )
    except StaleVersion as stale:
        context["differences"] = list(differences(form, stale.current))
        context["last"] = last_save(stale.current)
        form.data = on_top(form, stale.current.version)
        return _form(request, form, status=409, **context)
    except NOT_ALLOWED as error:
        raise PermissionDenied from error
    messages.success(request, _("The meeting was saved."))
    return redirect(found.get_absolute_url())


@require_POST
def meeting_cancel(request: Request, pk: int) -> HttpResponse:
    """Cancelled meetings leave the lists; the page stays and offers to undo."""
    found = _writable(request.user, pk)
    try:
        actions.cancel_meeting(meeting=found, by=request.user)
    except actions.MeetingHasDecisions:
        page = Page.read(request.user, pk)
        problem = _("Something was decided at this meeting, so it cannot be cancelled.")
        return show(request, page, problem=problem, status=409)
    except NOT_ALLOWED as error:
        raise PermissionDenied from error
    return redirect(found.get_absolute_url())


@require_POST
def meeting_next(request: Request, pk: int) -> HttpResponse:
    """One click: the next meeting of the rhythm."""
    found = _writable(request.user, pk)
    if not found.repeats or found.removed_at:
        raise PermissionDenied
    try:
        following = actions.plan_next(meeting=found, by=request.user)
    except NOT_ALLOWED as error:
        raise PermissionDenied from error
    messages.success(request, _("The meeting is planned."))
    return redirect(following.get_absolute_url())


@require_POST
def meeting_restore(request: Request, pk: int) -> HttpResponse:
    found = _writable(request.user, pk)
    try:
        actions.restore_meeting(meeting=found, by=request.user)
    except NOT_ALLOWED as error:
        raise PermissionDenied from error
    messages.success(request, _("The meeting stands again."))
    return redirect(found.get_absolute_url())


@require_http_methods(["GET", "POST"])
def wishes(request: Request, pk: int) -> HttpResponse:
    """What residents wish for, in their own words but without names."""
    return _text(request, pk, "wishes", WishesForm, _("Residents' wishes"))


@require_http_methods(["GET", "POST"])
def minutes(request: Request, pk: int) -> HttpResponse:
    return _text(request, pk, "minutes", MinutesForm, pgettext("of a meeting", "Minutes"))


def _writable(user: User, pk: int) -> Meeting:
    """Without the agenda. Raises ``Http404`` and ``PermissionDenied``."""
    found = meeting_of(user, pk)
    if not found.may_write:
        raise PermissionDenied
    return found


def show_list(
    request: Request, place: Place, may_write: bool, form: LaterPointForm | None = None
) -> HttpResponse:
    """The meetings of a place, perhaps with a refused ``form`` of what waits for a later one."""
    today = timezone.localdate()
    page, past = past_meetings(place, today, place_of(PAST, request))
    context = {
        "facility": place.facility,
        "department": place.department,
        "coming": coming_meetings(place, today),
        "past": past,
        "past_pages": Pager.of(page, anchor="#h-past"),
        "open": open_decisions(place),
        "later": later_points(place.facility, place.department),
        "form": form or LaterPointForm(auto_id="senere-%s"),
        "today": today,
        "may_write": may_write,
    }
    status = 422 if form else 200
    return render(request, "initiatives/meetings/meetings.html", context, status=status)


def _new(request: Request, place: dict[str, Any], kinds: Sequence[MeetingKind]) -> HttpResponse:
    plan = _plan_to_discuss(request, place.get("facility"))
    context = {"facility": None, "department": None, **place, "plan": plan}
    if request.method == "GET":
        return _form(request, NewMeetingForm(kinds=kinds), **context)
    form = NewMeetingForm(request.POST, kinds=kinds)
    if not form.is_valid():
        return _form(request, form, status=422, **context)
    try:
        found = actions.create_meeting(
            **place,
            values=form.values(),
            submission_id=form.cleaned_data["submission_id"],
            by=request.user,
        )
        if plan:
            actions.put_on_agenda(meeting=found, plan=plan, by=request.user)
    except NOT_ALLOWED as error:
        raise PermissionDenied from error
    messages.success(request, _("The meeting is planned."))
    return redirect(found.get_absolute_url())


def _plan_to_discuss(request: Request, facility: Facility | None) -> PlannedActivity | None:
    """The activity of ``?plan=``. Raises ``Http404`` for one of another place."""
    text = request.GET.get("plan", "")
    if not facility or not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise Http404
    return plan_to_discuss(facility, int(text))


def _form(request: Request, form: BaseForm, status: int = 200, **context: Any) -> HttpResponse:
    return render(
        request, "initiatives/meetings/meeting_form.html", {"form": form, **context}, status=status
    )


def _text(
    request: Request,
    pk: int,
    name: str,
    form_class: type[WishesForm] | type[MinutesForm],
    title: str,
) -> HttpResponse:
    page = Page.writable(request.user, pk)
    initial = {name: getattr(page.meeting, name), "version": page.meeting.version}
    form = form_class(request.POST or None, initial=initial, auto_id=f"{name}-%s")
    edit = Edit(
        part=name,
        title=title,
        form=form,
        action=page.url(name),
        submit=_("Save"),
    )
    if request.method == "GET":
        return show(request, page, edit=edit)

    def write(form: BaseForm) -> None:
        actions.edit_meeting(
            meeting=page.meeting,
            version=form.cleaned_data["version"],
            values={name: form.cleaned_data[name]},
            by=request.user,
        )

    return save(request, page, edit, write)
