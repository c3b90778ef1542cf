"""What a department can begin with: a weekly plan and an initiative, copied from a template."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from krams.models import Department
from krams.organisations.queries import administered_by, seen_department
from krams.people.requests import Request

from ...documents.actions.life_cycle import SentElsewhere
from ..actions import begin_of_starter, copy_starter_lines
from ..forms import StarterInitiativeForm, StarterPlanForm
from ..queries import facilities_to_plan, lines_for
from .steps import steps_of


@require_http_methods(["GET", "POST"])
def plan(request: Request, slug: str) -> HttpResponse:
    """The first weekly plan of the facilities that the person manages in the department."""
    department = seen_department(request.user, slug)
    places = facilities_to_plan(request.user, department, timezone.localdate())
    if not places and not department.may_manage:
        raise PermissionDenied
    lines = lines_for(department.municipality_id)
    form = StarterPlanForm(request.POST or None, places=places, lines=lines)
    if form.is_bound and form.is_valid():
        made = copy_starter_lines(by=request.user, **form.values())
        number = len(made)
        text = ngettext(
            "%(number)s activity is in the weekly plans.",
            "%(number)s activities are in the weekly plans.",
            number,
        )
        messages.success(request, text % {"number": number})
        place = form.values()["facilities"][0]
        return redirect(_next(request, department, reverse("initiatives:plan", args=[place.slug])))
    back = reverse("initiatives:plan", args=[places[0].slug]) if len(places) == 1 else ""
    context = {**_shown(request, department, form, back), "places": places, "lines": lines}
    status = 422 if form.is_bound else 200
    return render(request, "initiatives/getting_started/plan.html", context, status=status)


@require_http_methods(["GET", "POST"])
def initiative(request: Request, slug: str) -> HttpResponse:
    """The first initiative of a department, as a draft."""
    department = seen_department(request.user, slug)
    if not department.may_manage:
        raise PermissionDenied
    places = facilities_to_plan(request.user, department, timezone.localdate())
    form = StarterInitiativeForm(request.POST or None, places=places)
    if form.is_bound and form.is_valid():
        try:
            made = begin_of_starter(department=department, by=request.user, **form.values())
        except SentElsewhere:
            form.add_error("submission_id", _("The form is out of date. Send it once more."))
        else:
            messages.success(request, _("The draft is yours. Go through it one section at a time."))
            return redirect(_next(request, department, made.get_absolute_url()))
    back = reverse("initiatives:initiatives")
    context = {**_shown(request, department, form, back), "places": places}
    status = 422 if form.is_bound else 200
    return render(request, "initiatives/getting_started/initiative.html", context, status=status)


def _sets_up(request: Request, department: Department) -> bool:
    return administered_by(request.user).filter(pk=department.municipality_id).exists()


def _next(request: Request, department: Department, there: str) -> str:
    """Whoever sets the municipality up goes on with that."""
    return steps_of(department.municipality) if _sets_up(request, department) else there


def _shown(request: Request, department: Department, form: Any, back: str) -> dict[str, Any]:
    """Where "Cancel" leads: to what is left, or to where the person came from."""
    label = _("Weekly plan") if isinstance(form, StarterPlanForm) else _("Initiatives")
    if _sets_up(request, department):
        back, label = steps_of(department.municipality), _("Getting started")
    elif not back:
        back = reverse("initiatives:overview", args=[department.slug])
        label = _("Overview")
    return {"department": department, "form": form, "back": back, "back_label": label}
