"""The week grid: everything that was planned in a week, written up in one go."""

import uuid

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from krams.danish import Week
from krams.htmx import is_partial
from krams.models.base import EARLIEST_DATE

from .. import access
from ..actions.grid import save_week
from ..enums import CancellationReason
from ..forms.grid import REASONS, GridForm
from ..week_reading import read_grid


@require_GET
def this_week(request, slug):
    facility = access.loggable_facility(request.user, slug)
    return redirect("initiatives:grid", facility.slug, str(Week.of(timezone.localdate())))


@require_http_methods(["GET", "POST"])
def grid(request, slug, week):
    """A week as rows of plans and columns of days; only who may register has use for it."""
    facility = access.loggable_facility(request.user, slug)
    today = timezone.localdate()
    week = _week(week, today)
    if request.method == "GET":
        return _render(request, facility, read_grid(facility, week, today))
    form = GridForm(request.POST, read_grid(facility, week, today)).read()
    if form.submission_id is None:
        for change in form.changes:
            _keep_typed(change.cell, change)
        return _render(request, facility, form.grid, form=form, status=422)
    result = save_week(
        facility=facility,
        week=week,
        changes=form.changes,
        submission_id=form.submission_id,
        by=request.user,
    )
    if not form.errors and not result.clashes and not form.lost:
        messages.success(request, _saved(result.saved))
        if not is_partial(request):
            return redirect(grid_url(facility, week))
        return _render(request, facility, read_grid(facility, week, today), done=result)
    return _refused(request, facility, form, result, today)


def _refused(request, facility, form, result, today):
    """What was good is saved; the rest comes back as it was typed, pointed at."""
    fresh = read_grid(facility, form.grid.week, today)
    cells = fresh.cells
    for bad in form.errors:
        cell = cells[bad.key]
        cell.text, cell.reason, cell.base = bad.text, bad.reason, bad.base
        cell.error = bad.error
    for change in form.changes:
        if change.cell.key in result.clashes:
            cell = cells[change.cell.key]
            base = cell.base
            _keep_typed(cell, change)
            # Whoever saves again has now seen what stands there.
            cell.base, cell.is_clash = base, True
            cell.clash = result.clashes[change.cell.key]
    form.grid = fresh
    status = 422 if form.errors or form.lost else 409
    return _render(request, facility, fresh, form=form, result=result, status=status)


def _keep_typed(cell, change) -> None:
    cell.text = change.said.text if change.said else ""
    cell.reason = change.said.reason if change.said else ""
    cell.base = str(change.base or "")


def _saved(number: int) -> str:
    if not number:
        return _("Nothing was changed.")
    return ngettext("%(number)s field is saved.", "%(number)s fields are saved.", number) % {
        "number": number
    }


def _week(text: str, today) -> Week:
    """Raises ``Http404`` for what is no week, too long ago, or has not begun."""
    try:
        week = Week.parse(text)
    except ValueError:
        raise Http404 from None
    if not EARLIEST_DATE <= week.monday <= today:
        raise Http404
    return week


def grid_url(facility, week: Week) -> str:
    return reverse("initiatives:grid", args=[facility.slug, str(week)])


def _render(request, facility, grid, *, form=None, result=None, done=None, status=200):
    context = {
        "facility": facility,
        "grid": grid,
        "week": grid.week,
        "form": form,
        "result": result,
        "done_text": _saved(done.saved) if done else "",
        "saved_text": _saved(result.saved) if result and result.saved else "",
        "troubled": [
            (row.planned, cell)
            for row in grid.rows
            for cell in row.cells
            if cell.error or cell.is_clash
        ],
        "reasons": REASONS,
        "other": CancellationReason.OTHER,
        "shown_day": _shown_day(request, grid),
        # A new id each time: what comes back is another grid than the one that was sent.
        "submission_id": uuid.uuid4(),
    }
    name = "grid.html#grid" if is_partial(request) else "grid.html"
    return render(request, f"initiatives/{name}", context, status=status)


def _shown_day(request, grid) -> int:
    """The day that a phone shows: the first with trouble, else the one that was chosen."""
    troubled = [c.day.isoweekday() for c in grid.cells.values() if c.error or c.is_clash]
    chosen = request.POST.get("dag", request.GET.get("dag", ""))
    if troubled:
        return min(troubled)
    return int(chosen) if chosen in {"1", "2", "3", "4", "5", "6", "7"} else grid.first_day
