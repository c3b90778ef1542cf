"""A success criterion at one facility: its figures, the assessment, and adding to both."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from krams.history import word_differences
from krams.history.actions.locking import StaleVersion
from krams.web.htmx import is_partial

from ...enums import AssessmentLevel, IndicatorKind
from ..actions import measurements as actions
from ..forms.measurements import AssessmentForm, MeasurementForm, range_problem
from ..queries.criterion_page import (
    CriterionPage,
    read_criterion_page,
    visible_criterion,
    visible_place,
)


@require_GET
def criterion(request, slug: str, pk: int, facility: str):
    """The criterion's page."""
    return render_page(request, guarded_page(request, slug, pk, facility))


@require_http_methods(["GET", "POST"])
def assess(request, slug: str, pk: int, facility: str):
    """Change the assessment; GET without htmx is the page that has the form."""
    page = guarded_page(request, slug, pk, facility, managing=True)
    if request.method == "GET":
        return redirect(f"{address(page)}#vurdering")
    form = AssessmentForm(request.POST, newest=page.newest, computed=page.computed)
    if not form.is_valid():
        return render_page(request, page, "_assessment", status=422, assessment_form=form)
    try:
        actions.assess(
            criterion=page.criterion, facility=page.facility, by=request.user, **form.values()
        )
    except StaleVersion as stale:
        return render_conflict(request, page, form, stale.current)
    messages.success(request, _("The assessment is saved."))
    if not is_partial(request):
        return redirect(f"{address(page)}#vurdering")
    return render_page(request, fresh(request, page), "_assessment", saved=True)


@require_http_methods(["GET", "POST"])
def measurement_add(request, slug: str, pk: int, facility: str, indicator: int):
    """Add a measurement of one indicator."""
    page = guarded_page(request, slug, pk, facility, managing=True)
    part = next((part for part in page.parts if part.indicator.pk == indicator), None)
    if part is None or part.indicator.kind == IndicatorKind.LOG:
        raise Http404
    if request.method == "GET":
        form = MeasurementForm(indicator=part.indicator)
        return render_page(request, page, "_indicator", part=part, measurement_form=form)
    form = MeasurementForm(request.POST, indicator=part.indicator)
    if form.is_valid() and added(request, page, part, form):
        messages.success(request, _("The measurement is saved."))
        if not is_partial(request):
            return redirect(f"{address(page)}#maal-{indicator}")
        page = fresh(request, page)
        part = next(part for part in page.parts if part.indicator.pk == indicator)
        return render_page(request, page, "_indicator", part=part, saved=True)
    return render_page(request, page, "_indicator", status=422, part=part, measurement_form=form)


def guarded_page(request, slug, pk, facility, *, managing=False) -> CriterionPage:
    """Not visible is 404; visible, but not the person's to manage, is 403."""
    place = visible_place(request.user, facility)
    found = visible_criterion(request.user, slug, pk, place)
    if managing and not place.may_manage:
        raise PermissionDenied
    return read_criterion_page(found, place, request.user, timezone.localdate())


def fresh(request, page: CriterionPage) -> CriterionPage:
    return read_criterion_page(page.criterion, page.facility, request.user, timezone.localdate())


def address(page: CriterionPage) -> str:
    place = [page.department.slug, page.criterion.pk, page.facility.slug]
    return reverse("initiatives:criterion", args=place)


def added(request, page: CriterionPage, part, form: MeasurementForm) -> bool:
    try:
        actions.add_measurement(
            indicator=part.indicator, facility=page.facility, by=request.user, **form.values()
        )
    except (actions.AlreadyMeasured, IntegrityError):
        form.add_error("measured_on", _("There is already a measurement on that day."))
        return False
    except actions.OutOfRange as refused:
        form.add_error(refused.field, range_problem(refused.indicator))
        return False
    return True


def render_conflict(request, page: CriterionPage, form: AssessmentForm, theirs) -> HttpResponse:
    """409: the saved assessment beside one's own, and the form on top of what stands."""
    mine = form.values()
    saved, own = word_differences.side_by_side(theirs.reason, mine["reason"])
    data = form.data.copy()
    data[form.add_prefix("base")] = theirs.pk
    data[form.add_prefix("version")] = theirs.version
    page = fresh(request, page)
    again = AssessmentForm(data, newest=page.newest, computed=page.computed)
    conflict = {
        "saved": saved,
        "own": own,
        "theirs": theirs,
        "their_level": AssessmentLevel(theirs.level),
        "my_level": mine["level"],
    }
    return render_page(
        request, page, "_assessment", status=409, assessment_form=again, conflict=conflict
    )


def render_page(request, page: CriterionPage, template="", status=200, **context) -> HttpResponse:
    """The whole page, or for htmx the ``template`` of the part that changes."""
    whole = not template or not is_partial(request)
    if page.facility.may_manage and "assessment_form" not in context:
        context["assessment_form"] = AssessmentForm(newest=page.newest, computed=page.computed)
    form = context.get("measurement_form") or context.get("assessment_form")
    context |= {
        "page": page,
        "form": form,
        "levels": list(AssessmentLevel),
        "open_part": context.get("part"),
    }
    name = "criterion" if whole else template
    return render(request, f"initiatives/criteria/{name}.html", context, status=status)
