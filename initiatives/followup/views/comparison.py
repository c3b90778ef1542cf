"""What managers look at across facilities: who registers, and how they compare; also as files."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from krams.danish.quarters import Quarter
from krams.documents.tables import WRITERS, download

from ... import access
from ...models import FollowUpSettings
from ...plans.queries import read_week_plan
from ...sustain.queries import thresholds_of
from .. import tables
from ..attention import concerns_of
from ..factor_matrix import factor_rows
from ..forms import QuarterFilter
from ..queries.comparison import read_comparison
from ..queries.completeness import read_completeness
from ..queries.overview import departments_of, read_tables


def _department(request, slug: str):
    return get_object_or_404(departments_of(request.user), slug=slug)


def _known(kind: str) -> None:
    if kind not in WRITERS:
        raise Http404


@require_GET
def completeness(request, slug: str):
    """Which facility registered what was expected, in the last twelve complete weeks."""
    department = _department(request, slug)
    found = read_completeness(department, request.user, timezone.localdate())
    context = {"department": department, "found": found}
    return render(request, "initiatives/followup/completeness.html", context)


@require_GET
def completeness_export(request, slug: str, kind: str):
    department = _department(request, slug)
    _known(kind)
    today = timezone.localdate()
    found = read_completeness(department, request.user, today)
    return download(tables.completeness_table(department, found, today), kind)


@require_GET
def compare(request, slug: str):
    """Facilities by factor, with rates per place, in one quarter."""
    department = _department(request, slug)
    today = timezone.localdate()
    form = QuarterFilter(request.GET or None, quarters=Quarter.latest(today))
    context = {"department": department, "form": form, "today": today}
    if form.is_bound and not form.is_valid():
        return render(request, "initiatives/followup/compare.html", context, status=422)
    context["quarter"] = quarter = form.quarter
    smallest = _smallest(department)
    found = read_comparison(department, request.user, quarter, today, smallest)
    context |= {"found": found, "lines": _lines(found), "smallest": smallest}
    return render(request, "initiatives/followup/compare.html", context)


@require_GET
def compare_export(request, slug: str, kind: str):
    """Same quarter as the page; one that means nothing goes back to the page, which says so."""
    department = _department(request, slug)
    _known(kind)
    today = timezone.localdate()
    form = QuarterFilter(request.GET or None, quarters=Quarter.latest(today))
    if form.is_bound and not form.is_valid():
        page = reverse("initiatives:compare", args=[slug])
        return redirect(f"{page}?{request.GET.urlencode()}")
    found = read_comparison(department, request.user, form.quarter, today, _smallest(department))
    return download(tables.comparison_table(department, form.quarter, found), kind)


@require_GET
def overview_export(request, slug: str, kind: str):
    """The criteria by facility, as the overview shows them."""
    department = _department(request, slug)
    _known(kind)
    today = timezone.localdate()
    found = read_tables(department, request.user, today)
    return download(tables.criteria_table(department, found, today), kind)


@require_GET
def factors_export(request, slug: str, kind: str):
    """Whether each factor holds at each facility, as the overview shows it."""
    department = _department(request, slug)
    _known(kind)
    today = timezone.localdate()
    found = read_tables(department, request.user, today)
    thresholds = FollowUpSettings.of(department.municipality).thresholds()
    _concerns, _verdicts, courses = concerns_of(department, request.user, found, today, thresholds)
    rows = factor_rows(courses, found, thresholds)
    return download(tables.factors_table(department, rows, today), kind)


@require_GET
def plan_export(request, slug: str, kind: str):
    """The weekly plan of a facility with whether it holds."""
    facility = access.visible_facility(request.user, slug)
    _known(kind)
    today = timezone.localdate()
    found = read_week_plan(facility, today, thresholds_of(facility))
    return download(tables.plan_table(facility, found, today), kind)


def _lines(found):
    """Facilities with their rates by factor; None is all of them together."""
    rows = [*zip(found.facilities, found.rates, strict=True)]
    if found.totals:
        rows.append((None, found.totals))
    return [(facility, list(zip(found.factors, rates, strict=True))) for facility, rates in rows]


def _smallest(department) -> int:
    return FollowUpSettings.of(department.municipality).smallest_shown_count
