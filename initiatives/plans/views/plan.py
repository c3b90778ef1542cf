"""The weekly plan of a facility: read by all who may see it, changed by those who manage it."""

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import reswap, retarget

from krams.danish.weeks import Week
from krams.history.actions.locking import StaleVersion
from krams.models import Facility
from krams.people.requests import Request
from krams.web.addresses import number_of
from krams.web.htmx import is_partial

from ... import access
from ...form_page import clash, on_top
from ...models import PlannedActivity
from ...sustain.queries import thresholds_of
from ..actions import plans as actions
from ..activity_types import Kind
from ..forms.plans import EndForm, PlanForm, initial_of
from ..queries.activity_types import offered_types
from ..queries.choices import last_registered_on, plan_of, titles_of_initiatives
from ..queries.facility_pauses import facility_pauses
from ..queries.week_plan import read_week_plan


@require_GET
def plan(request: Request, slug: str) -> HttpResponse:
    facility = access.visible_facility(request.user, slug)
    return render_plan(request, facility, focus=number_of(request, "fokus"))


@require_http_methods(["GET", "POST"])
def add(request: Request, slug: str) -> HttpResponse:
    """A new line; ``?fra=`` begins again what has ended."""
    facility = access.managed_facility(request.user, slug)
    if request.method == "GET":
        form = _plan_form(facility, initial=_again(request, facility))
        return render_form(request, facility, form)
    form = _plan_form(facility, data=request.POST)
    if not form.is_valid():
        return render_form(request, facility, form, status=422)
    planned = actions.add_plan(
        facility=facility,
        values=form.values(),
        submission_id=form.cleaned_data["submission_id"],
        by=request.user,
    )
    return saved(request, facility, planned, _("Added to the plan: %(activity)s."))


def _again(request: Request, facility: Facility) -> dict[str, Any]:
    pk = number_of(request, "fra")
    before = facility.planned_activities.filter(pk=pk).first() if pk else None
    if before is None:
        return {}
    kept = initial_of(before)
    return {name: kept[name] for name in kept if name not in ("starts_on", "ends_on", "version")}


@require_GET
def factors(request: Request, slug: str) -> HttpResponse:
    """The ticks for the factors of the type that was just chosen."""
    facility = access.managed_facility(request.user, slug)
    if not is_partial(request):
        return redirect("initiatives:plan-add", slug)
    chosen = number_of(request, "activity_type")
    offered = offered_types(facility.department.municipality_id)
    kinds = [kind for kind in offered if kind.pk == chosen]
    form = PlanForm(
        facility=facility,
        types=kinds,
        initiatives=[],
        initial={"factors": list(kinds[0].factors) if kinds else []},
    )
    return render(request, "initiatives/plans/_plan_factors.html", {"form": form})


@require_http_methods(["GET", "POST"])
def edit(request: Request, slug: str, pk: int) -> HttpResponse:
    facility = access.managed_facility(request.user, slug)
    planned = plan_of(facility, pk)
    if request.method == "GET":
        if hasattr(planned, "replacement"):
            return redirect("initiatives:plan-edit", slug, planned.replacement.pk)
        return render_form(request, facility, _plan_form(facility, planned), planned)
    form = _plan_form(facility, planned, request.POST)
    if not form.is_valid():
        return render_form(request, facility, form, planned, status=422)
    try:
        planned = actions.edit_plan(
            planned=planned,
            version=form.cleaned_data["version"],
            values=form.values(),
            changes_on=form.cleaned_data.get("changes_on"),
            by=request.user,
        )
    except StaleVersion as stale:
        return _stale_edit(request, facility, stale.current, form)
    return saved(request, facility, planned, _("Saved: %(activity)s."))


def _stale_edit(
    request: Request, facility: Facility, current: PlannedActivity, form: BaseForm
) -> HttpResponse:
    """What they saved beside what you wrote; saving once more lets yours stand."""
    empty = _plan_form(facility, current)
    data = on_top(form, current.version)
    # Theirs may have a start or a change of rhythm to give where yours had none.
    for name in {"starts_on", "changes_on"} & set(empty.fields) - set(data):
        data[name] = date_format(empty[name].initial, "SHORT_DATE_FORMAT")
    more = clash(form, current, initial_of(current))
    return render_form(request, facility, _plan_form(facility, current, data), current, **more)


@require_http_methods(["GET", "POST"])
def end(request: Request, slug: str, pk: int) -> HttpResponse:
    facility = access.managed_facility(request.user, slug)
    planned = plan_of(facility, pk)
    if request.method == "GET":
        return _render_end(request, facility, planned)
    form = _end_form(planned, request.POST)
    if not form.is_valid():
        return _render_end(request, facility, planned, form, status=422)
    try:
        planned = actions.end_plan(
            planned=planned,
            version=form.cleaned_data["version"],
            ends_on=form.cleaned_data["ends_on"],
            by=request.user,
        )
    except StaleVersion as stale:
        current = stale.current
        again = _end_form(current, on_top(form, current.version))
        more = clash(form, current, initial_of(current))
        return _render_end(request, facility, current, again, **more)
    return saved(request, facility, planned, _("The last day is set: %(activity)s."))


def _end_form(planned: PlannedActivity, data: QueryDict | None = None) -> EndForm:
    return EndForm(
        data,
        planned=planned,
        last_registered_on=last_registered_on(planned),
        auto_id=f"slut{planned.pk}-%s",
    )


def _render_end(
    request: Request,
    facility: Facility,
    planned: PlannedActivity,
    form: EndForm | None = None,
    **more: Any,
) -> HttpResponse:
    return render_form(
        request, facility, form or _end_form(planned), planned, kind="plan_end_form", **more
    )


def _plan_form(
    facility: Facility,
    planned: PlannedActivity | None = None,
    data: QueryDict | None = None,
    initial: dict[str, Any] | None = None,
) -> PlanForm:
    types: list[Kind] = [*offered_types(facility.department.municipality_id)]
    # What it has now stays possible, whatever has become of the type.
    if planned and planned.activity_type_id not in {kind.pk for kind in types}:
        types.append(planned.activity_type)
    return PlanForm(
        data,
        facility=facility,
        types=types,
        initiatives=titles_of_initiatives(facility, planned),
        planned=planned,
        last_registered_on=last_registered_on(planned) if planned else None,
        initial=initial or {},
        auto_id=f"plan{planned.pk}-%s" if planned else "plan-ny-%s",
    )


def plan_url(facility: Facility, planned: PlannedActivity | None = None) -> str:
    anchor = f"plan-{planned.pk}" if planned else None
    return reverse("initiatives:plan", args=[facility.slug], fragment=anchor)


def saved(
    request: Request, facility: Facility, planned: PlannedActivity, message: str
) -> HttpResponse:
    """The plan as it now stands, with the line that was changed in focus."""
    messages.success(request, message % {"activity": planned})
    if not is_partial(request):
        return redirect(plan_url(facility, planned))
    response = render_plan(request, facility, focus=planned.pk, saved=True)
    return reswap(retarget(response, "#ugeplan"), "outerHTML")


def render_plan(request: Request, facility: Facility, **more: Any) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "facility": facility,
        "page": read_week_plan(facility, today, thresholds_of(facility)),
        "week": Week.of(today),
        "today": today,
        "facility_pauses": facility_pauses(facility, today),
        **more,
    }
    name = "plan.html#plan" if is_partial(request) else "plan.html"
    return render(request, f"initiatives/plans/{name}", context)


def render_form(
    request: Request,
    facility: Facility,
    form: BaseForm,
    planned: PlannedActivity | None = None,
    *,
    kind: str = "plan_form",
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """A form in its line of the plan, or on a page of its own."""
    in_place = is_partial(request)
    context = {"facility": facility, "form": form, "planned": planned, **more}
    # Below the heading of the list, or right below that of the page.
    context["heading"] = "h3" if in_place else "h2"
    if status == 200:
        # In place, what was opened is what one writes in next.
        form.visible_fields()[0].field.widget.attrs["data-focus"] = ""
    context["body"] = f"initiatives/plans/_{kind}.html"
    name = f"_{kind}" if in_place else "plan_form"
    return render(request, f"initiatives/plans/{name}.html", context, status=status)
