"""The week grid: everything that was planned in a week, written up in one go."""

import datetime as dt
import re
import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from krams.danish.weeks import Week
from krams.history.models import EARLIEST_DATE
from krams.models import Facility
from krams.people.requests import Request
from krams.web.htmx import is_partial
from krams.web.page_day import TypedDay, choices

from ... import access
from ...enums import CancellationReason
from ..actions.week_grid import Result, Undone, save_week, undo_week
from ..forms.week_grid import GridForm
from ..queries.week_grid import read_grid
from ..week_grid import Cell, Change, Grid

JUST_SAVED = "week_just_saved"
_VERSION = re.compile(r"(\d{1,18})\.(\d{1,9})", re.ASCII)


@require_GET
def this_week(request: Request, slug: str) -> HttpResponse:
    facility = access.loggable_facility(request.user, slug)
    return redirect("initiatives:grid", facility.slug, str(Week.of(timezone.localdate())))


@require_http_methods(["GET", "POST"])
def grid(request: Request, slug: str, week: str) -> HttpResponse:
    """A week as rows of plans and columns of days; only who may register has use for it."""
    facility = access.loggable_facility(request.user, slug)
    today = timezone.localdate()
    of = _week(week, today)
    if request.method == "GET":
        return _render(request, facility, read_grid(facility, of, today), **_just_saved(request))
    form = GridForm(request.POST, read_grid(facility, of, today)).read()
    page = TypedDay.of("", request.POST.get("week-page_day"), request.POST.get("week-which_day"))
    page_day = page.page_day
    days = page.days if page.days and page_day and form.new_on(page_day) else []
    if form.submission_id is None or (days and page.chosen not in days):
        for change in form.changes:
            _keep_typed(change.cell, change)
        return _render(request, facility, form.grid, form=form, days=days, status=422)
    if days and page_day and page.chosen == today:
        form.move(page_day, today)
    result = save_week(
        facility=facility,
        week=of,
        changes=form.changes,
        submission_id=form.submission_id,
        by=request.user,
    )
    if form.errors or result.clashes or result.asked or form.lost:
        return _refused(request, facility, form, result, today)
    return _done(request, facility, of, _saved(result), result.undo)


@require_POST
def undo(request: Request, slug: str, week: str) -> HttpResponse:
    """Take back what was saved a moment ago, row by row, unless somebody has changed it since."""
    facility = access.loggable_facility(request.user, slug)
    of = _week(week, timezone.localdate())
    sent = [_VERSION.fullmatch(text) for text in request.POST.getlist("row")]
    versions = {int(match[1]): int(match[2]) for match in sent if match}
    undone = undo_week(facility=facility, week=of, versions=versions, by=request.user)
    return _done(request, facility, of, _undone(undone), {})


def _done(
    request: Request, facility: Facility, week: Week, text: str, undo: dict[int, int]
) -> HttpResponse:
    """Say what happened, and offer to undo it where something was written."""
    messages.success(request, text)
    saved: dict[str, Any] = {
        "done_text": text,
        "undo": [f"{pk}.{version}" for pk, version in undo.items()],
    }
    if is_partial(request):
        grid = read_grid(facility, week, timezone.localdate())
        return _render(request, facility, grid, **saved)
    request.session[JUST_SAVED] = {"address": grid_url(facility, week), **saved}
    day = _chosen_day(request)
    return redirect(grid_url(facility, week) + (f"?dag={day}" if day else ""))


def _just_saved(request: Request) -> dict[str, Any]:
    """What :func:`_done` left for the page that it led to: shown once."""
    saved = request.session.get(JUST_SAVED, {})
    if saved.get("address") != request.path:
        return {}
    del request.session[JUST_SAVED]
    return {"done_text": saved["done_text"], "undo": saved["undo"]}


def _refused(
    request: Request, facility: Facility, form: GridForm, result: Result, today: dt.date
) -> HttpResponse:
    """What was good is saved; the rest comes back as it was typed, pointed at."""
    fresh = read_grid(facility, form.grid.week, today)
    cells = fresh.cells
    for bad in form.errors:
        cell = cells[bad.key]
        cell.text, cell.reason, cell.base = bad.text, bad.reason, bad.base
        cell.error, cell.words, cell.yes = bad.error, bad.words, bad.yes
    for change in form.changes:
        key = change.cell.key
        if key in result.clashes or key in result.asked:
            cell = cells[key]
            base = cell.base
            _keep_typed(cell, change)
            # Whoever saves again has now seen what stands there.
            cell.base, cell.is_clash = base, key in result.clashes
            cell.clash = result.clashes.get(key)
            there = cell.clash or result.asked.get(key)
            if there and there.said.is_lost_to(change.said):
                cell.losing, cell.yes = there, there.yes_to(change.said)
    form.grid = fresh
    status = 422 if form.errors or form.lost or result.asked else 409
    return _render(request, facility, fresh, form=form, result=result, status=status)


def _keep_typed(cell: Cell, change: Change) -> None:
    cell.text = change.said.text if change.said else ""
    cell.reason = change.said.reason if change.said else ""
    cell.words = change.said.words if change.said else ""
    cell.base = str(change.base or "")


def _saved(result: Result) -> str:
    return _counted(
        (_("%(number)s registered"), result.registered),
        (_("%(number)s corrected"), result.corrected),
        (_("%(number)s removed"), result.removed),
        (_("%(number)s stood there already"), result.same),
    )


def _undone(undone: Undone) -> str:
    return _counted(
        (_("%(number)s taken out again"), undone.removed),
        (_("%(number)s set back"), undone.corrected),
        (_("%(number)s brought back"), undone.restored),
        (_("%(number)s changed since and left as it is"), undone.kept),
    )


def _counted(*parts: tuple[str, int]) -> str:
    """ "2 registered, 1 removed.": what happened, in words."""
    told = [text % {"number": number} for text, number in parts if number]
    return ", ".join(told) + "." if told else _("Nothing was changed.")


def _week(text: str, today: dt.date) -> Week:
    """Raises ``Http404`` for what is no week, too long ago, or has not begun."""
    try:
        week = Week.parse(text)
    except ValueError:
        raise Http404 from None
    if not EARLIEST_DATE <= week.monday <= today:
        raise Http404
    return week


def grid_url(facility: Facility, week: Week) -> str:
    return reverse("initiatives:grid", args=[facility.slug, str(week)])


def _render(
    request: Request,
    facility: Facility,
    grid: Grid,
    *,
    form: GridForm | None = None,
    result: Result | None = None,
    done_text: str = "",
    undo: Sequence[str] = (),
    days: Sequence[dt.date] = (),
    status: int = 200,
) -> HttpResponse:
    today = Week.of(grid.today)
    context = {
        "facility": facility,
        "grid": grid,
        "week": grid.week,
        "form": form,
        "result": result,
        "done_text": done_text,
        "undo": undo,
        "saved_text": _saved(result) if result and result.saved else "",
        "troubled": [
            (row.planned, cell) for row in grid.rows for cell in row.cells if cell.is_troubled
        ],
        # What was typed on a page of another day may be of today, if today is in this week.
        "which_day": choices([day for day in days if day in grid.days]),
        "other_week": today if days and today != grid.week else None,
        "page_day": days[0] if days else grid.today,
        "is_asked": bool(result and result.asked),
        "reasons": CancellationReason.choices,
        "shown_day": _shown_day(request, grid),
        # A new id each time: what comes back is another grid than the one that was sent.
        "submission_id": uuid.uuid4(),
    }
    name = "grid.html#grid" if is_partial(request) else "grid.html"
    return render(request, f"initiatives/log/{name}", context, status=status)


def _shown_day(request: Request, grid: Grid) -> int:
    """The day that a phone shows: the first with trouble, else the one that was chosen."""
    troubled = [c.day.isoweekday() for c in grid.cells.values() if c.is_troubled]
    return min(troubled) if troubled else _chosen_day(request) or grid.first_day


def _chosen_day(request: Request) -> int | None:
    chosen = request.POST.get("dag", request.GET.get("dag", ""))
    return int(chosen) if chosen in {"1", "2", "3", "4", "5", "6", "7"} else None
