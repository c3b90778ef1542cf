"""The activity log of a facility: find, correct, remove and bring back."""

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from krams.history.actions.locking import StaleVersion
from krams.web.addresses import number_of
from krams.web.htmx import is_partial

from ... import access
from ...models import Activity, ActivityType
from ..actions import registrations as actions
from ..forms.filters import Cursor, LogFilter
from ..forms.registrations import CorrectionForm
from ..queries.today import read_day
from .today import day_of, day_url, fresh_row, row_context

PAGE_SIZE = 50
IN_LOG = "?vis=log"


@require_GET
def log(request, slug):
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


def _one_page(request, facility, found) -> dict:
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


def _removed(request, facility) -> Activity | None:
    """What was just taken out, so that it can be brought back."""
    if not (pk := number_of(request, "fjernet")):
        return None
    gone = Activity.objects.for_facility(facility).filter(pk=pk, removed_at__isnull=False).first()
    if gone:
        gone.facility = facility
    return gone


@require_GET
def activity(request, slug, pk):
    """One row, for a page that has it open for editing; by itself, the day that it stands on."""
    facility = access.visible_facility(request.user, slug)
    found = access.registration(request.user, facility, pk)
    if not is_partial(request):
        return redirect(_back(request, found))
    found.facility = facility
    context = row_context(
        facility, found, in_log=_in_log(request), row_query=row_query(request), focus=True
    )
    return render(request, "initiatives/log/_registration.html", context)


@require_http_methods(["GET", "POST"])
def edit(request, slug, pk):
    """Correct a registration, in its row or on a page of its own."""
    facility = access.loggable_facility(request.user, slug)
    found = access.registration(request.user, facility, pk)
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


def _correction(facility, activity, data=None, **options) -> CorrectionForm:
    """Offers the types of the place, and the one that it has; none where the plan has said it."""
    types = []
    if not activity.planned_activity_id:
        types = ActivityType.objects.offered_list(facility.department.municipality_id)
        if activity.activity_type_id not in {kind.pk for kind in types}:
            types.append(activity.activity_type)
    return CorrectionForm(
        data, facility=facility, types=types, auto_id=f"r{activity.pk}-%s", **options
    )


def _form(request, facility, activity, form, *, status=200, **more):
    context = {
        "facility": facility,
        "activity": activity,
        "form": form,
        "in_log": _in_log(request),
        "row_query": row_query(request),
        "back": _back(request, activity),
        **more,
    }
    name = "_activity_form" if is_partial(request) else "activity_form"
    return render(request, f"initiatives/log/{name}.html", context, status=status)


def _stale(request, facility, current, form):
    """Their registration and yours: saving once more lets yours stand."""
    current.facility = facility
    data = form.data.copy()
    data["version"] = current.version
    mine = _correction(facility, current, data)
    last = current.history.select_related("history_user").order_by("-history_id").first()
    return _form(request, facility, current, mine, status=409, theirs=current.summary, last=last)


def _shown(request, facility, activity):
    """After a correction: the row where it stands."""
    if not is_partial(request):
        messages.success(request, activity.summary)
        return redirect(_back(request, activity))
    if _in_log(request):
        context = row_context(
            facility,
            activity,
            in_log=True,
            row_query=IN_LOG,
            focus=True,
            announce=activity.summary,
        )
        return render(request, "initiatives/log/_saved_registration.html", context)
    return fresh_row(request, read_day(facility, day_of(request)), activity)


@require_POST
def remove(request, slug, pk):
    facility = access.loggable_facility(request.user, slug)
    found = access.registration(request.user, facility, pk)
    removed = actions.remove_activity(activity=found, by=request.user)
    removed.facility = facility
    announce = _("Removed: %(activity)s") % {"activity": removed.summary}
    if not is_partial(request):
        messages.success(request, announce)
        return redirect(_back(request, removed))
    if _in_log(request):
        context = row_context(
            facility, removed, in_log=True, row_query=IN_LOG, focus=True, announce=announce
        )
        return render(request, "initiatives/log/_saved_registration.html", context)
    page = read_day(facility, day_of(request), removed=removed.pk)
    tap = page.tap_of(removed.planned_activity_id) if removed.planned_activity_id else None
    return fresh_row(request, page, removed, announce=announce, tap=tap)


@require_POST
def restore(request, slug, pk):
    facility = access.loggable_facility(request.user, slug)
    found = access.registration(request.user, facility, pk)
    found.facility = facility
    try:
        restored = actions.restore_activity(activity=found, by=request.user)
    except actions.AlreadyRegistered as clash:
        context = row_context(
            facility,
            found,
            in_log=_in_log(request),
            row_query=row_query(request),
            problem=_taken(clash.activity),
        )
        template = "_registration.html" if is_partial(request) else "activity_removed.html"
        return render(request, f"initiatives/log/{template}", context, status=409)
    restored.facility = facility
    return _shown(request, facility, restored)


def _taken(other: Activity) -> str:
    return _("It cannot be saved: that day has already been registered (%(activity)s).") % {
        "activity": other.summary
    }


def _in_log(request) -> bool:
    """Whether the person came from the log; else from the page of a day."""
    return request.GET.get("vis") == "log"


def row_query(request) -> str:
    """What a row's links carry on, so that they lead back to where the person came from."""
    if _in_log(request):
        return IN_LOG
    day = day_of(request)
    return f"?dag={day.isoformat()}" if day else ""


def _back(request, activity) -> str:
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
