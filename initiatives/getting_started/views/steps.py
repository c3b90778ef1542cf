"""The list of what is left, and the steps that only the set-up has."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from krams.models import Authority
from krams.organisations.actions.department import open_department
from krams.people.requests import Request

from ..actions import skip_step
from ..forms import DepartmentForm, MunicipalityForm, SkipForm
from ..queries import (
    administered_municipality,
    municipalities_to_set_up,
    read_facts,
    skipped_steps,
)
from ..steps import next_step, standings


@require_GET
def choose(request: Request) -> HttpResponse:
    """Which municipality; whoever administers one goes straight to it."""
    municipalities = municipalities_to_set_up(request.user)
    if not municipalities:
        raise Http404
    if len(municipalities) == 1:
        return redirect("initiatives:getting-started", municipalities[0].slug)
    form = MunicipalityForm(request.GET or None, municipalities=municipalities)
    if form.is_bound and form.is_valid():
        return redirect("initiatives:getting-started", form.cleaned_data["kommune"].slug)
    context = {"form": form, "municipalities": municipalities}
    status = 422 if form.is_bound else 200
    return render(request, "initiatives/getting_started/choose.html", context, status=status)


@require_GET
def steps(request: Request, slug: str) -> HttpResponse:
    municipality = administered_municipality(request.user, slug)
    facts = read_facts(municipality, timezone.localdate())
    found = standings(facts, skipped_steps(municipality))
    context = {
        "municipality": municipality,
        "facts": facts,
        "standings": found,
        "next": next_step(found),
        "left": sum(one.is_left for one in found),
    }
    return render(request, "initiatives/getting_started/steps.html", context)


@require_POST
def skip(request: Request, slug: str) -> HttpResponse:
    municipality = administered_municipality(request.user, slug)
    form = SkipForm(request.POST)
    if not form.is_valid():
        raise Http404
    step, skipped = form.cleaned_data["step"], bool(form.cleaned_data["skipped"])
    skip_step(municipality=municipality, step=step, skipped=skipped, by=request.user)
    return redirect(f"{steps_of(municipality)}#{step.value}")


@require_http_methods(["GET", "POST"])
def department(request: Request, slug: str) -> HttpResponse:
    """A department of the municipality; then its facilities."""
    municipality = administered_municipality(request.user, slug)
    form = DepartmentForm(request.POST or None)
    if form.is_bound and form.is_valid():
        made = open_department(
            municipality=municipality, name=form.cleaned_data["name"], by=request.user
        )
        messages.success(request, _("%(department)s is there.") % {"department": made})
        return redirect("initiatives:getting-started-facilities", made.slug)
    if not form.is_bound:
        form.fields["name"].widget.attrs["autofocus"] = True
    context = {
        "municipality": municipality,
        "form": form,
        "departments": municipality.departments.all(),
    }
    status = 422 if form.is_bound else 200
    return render(request, "initiatives/getting_started/department.html", context, status=status)


def steps_of(municipality: Authority) -> str:
    return reverse("initiatives:getting-started", args=[municipality.slug])
