"""Taking over activities from the weekly plan of another facility."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from krams.models import Facility
from krams.people.requests import Request

from ... import access
from ...models import PlannedActivity
from ..actions import copies as actions
from ..forms.copies import CopyForm
from ..queries.copies import match_types, places_to_copy_from, running_copies
from .plan import plan_url


@require_http_methods(["GET", "POST"])
def copy(request: Request, slug: str) -> HttpResponse:
    """Choose a facility, tick its activities, and say from when."""
    facility = access.managed_facility(request.user, slug)
    today = timezone.localdate()
    sources = places_to_copy_from(request.user, facility, today)
    chosen = _chosen(request.GET.get("fra", ""), sources)
    if chosen is None:
        status = 422 if request.method == "POST" else 200
        return _render(request, facility, sources, status=status)
    plans = list(chosen.planned_activities.in_force(today).select_related("activity_type"))
    type_ids = match_types(facility, plans)
    there = set(running_copies(facility, today).values_list("copied_from_id", flat=True))
    free = [plan for plan in plans if plan.pk not in there and plan.pk in type_ids]
    context: dict[str, Any] = {
        "chosen": chosen,
        "plans": plans,
        "there": there,
        "type_ids": type_ids,
    }
    if request.method == "GET":
        return _render(request, facility, sources, form=CopyForm(sources=free), **context)
    # What was copied by the same form a moment ago is left out by the action, not refused here.
    form = CopyForm(request.POST, sources=[plan for plan in plans if plan.pk in type_ids])
    if not form.is_valid():
        return _render(request, facility, sources, status=422, form=form, **context)
    ticked = set(form.cleaned_data["plans"])
    copies = actions.copy_plans(
        facility=facility,
        sources=[plan for plan in plans if plan.pk in ticked],
        type_ids=type_ids,
        starts_on=form.cleaned_data["starts_on"],
        by=request.user,
    )
    messages.success(request, _copied(copies, chosen))
    return redirect(plan_url(facility, copies[0] if copies else None))


def _copied(copies: list[PlannedActivity], chosen: Facility) -> str:
    if not copies:
        return _("All of that was in the plan already; nothing was copied twice.")
    return ngettext(
        "%(number)s activity was copied from %(facility)s.",
        "%(number)s activities were copied from %(facility)s.",
        len(copies),
    ) % {"number": len(copies), "facility": chosen}


def _chosen(slug: str, sources: list[Facility]) -> Facility | None:
    """The facility to copy from. Raises ``Http404`` for one that is not offered."""
    if not slug:
        return None
    for source in sources:
        if source.slug == slug:
            return source
    raise Http404


def _render(
    request: Request,
    facility: Facility,
    sources: list[Facility],
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    form = context.get("form")
    ticked = {str(pk) for pk in form["plans"].value() or ()} if form else set()
    context |= {"facility": facility, "sources": sources, "ticked": ticked}
    return render(request, "initiatives/plans/plan_copy.html", context, status=status)
