"""What managers look at across facilities, as files."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from krams.danish.quarters import Quarter
from krams.documents import papers
from krams.documents.spreadsheets import WRITERS, download
from krams.people.requests import Request
from krams.replica.reading import allow_replica

from ...access import OwnDepartment
from ...models import FollowUpSettings
from .. import spreadsheet
from ..factor_matrix import factor_rows
from ..forms import QuarterFilter
from ..paper import overview_paper
from ..queries.attention import read_concerns
from ..queries.comparison import read_comparison
from ..queries.completeness import read_completeness
from ..queries.overview import read_tables, visible_department
from .overview import MOST_SHOWN


def _department(request: Request, slug: str, kind: str) -> OwnDepartment:
    """The department. Raises ``Http404``, also for a kind of file that nobody writes."""
    if kind not in WRITERS:
        raise Http404
    return visible_department(request.user, slug)


@require_GET
def completeness_export(request: Request, slug: str, kind: str) -> HttpResponse:
    department = _department(request, slug, kind)
    allow_replica(request)
    today = timezone.localdate()
    found = read_completeness(department, request.user, today)
    return download(spreadsheet.completeness_table(department, found, today), kind)


@require_GET
def compare_export(request: Request, slug: str, kind: str) -> HttpResponse:
    """Same quarter as the page; one that means nothing goes back to the page, which says so."""
    department = _department(request, slug, kind)
    allow_replica(request)
    today = timezone.localdate()
    form = QuarterFilter(request.GET or None, quarters=Quarter.latest(today))
    if form.is_bound and not form.is_valid():
        page = reverse("initiatives:compare", args=[slug])
        return redirect(f"{page}?{request.GET.urlencode()}")
    smallest = FollowUpSettings.of(department.municipality).smallest_shown
    found = read_comparison(department, request.user, form.quarter, today, smallest)
    return download(spreadsheet.comparison_table(department, form.quarter, found), kind)


@require_GET
def overview_export(request: Request, slug: str, kind: str) -> HttpResponse:
    """The overview as a document, or its criteria by facility for a spreadsheet."""
    if kind in papers.WRITERS:
        return _overview_paper(request, slug, kind)
    department = _department(request, slug, kind)
    allow_replica(request)
    today = timezone.localdate()
    found = read_tables(department, request.user, today)
    return download(spreadsheet.criteria_table(department, found, today), kind)


def _overview_paper(request: Request, slug: str, kind: str) -> HttpResponse:
    department = visible_department(request.user, slug)
    allow_replica(request)
    today = timezone.localdate()
    tables = read_tables(department, request.user, today)
    thresholds = FollowUpSettings.of(department.municipality).thresholds()
    concerns, verdicts, courses = read_concerns(department, request.user, tables, today, thresholds)
    shown = concerns if "alle" in request.GET else concerns[:MOST_SHOWN]
    factors = factor_rows(courses, tables, thresholds)
    left_out = len(concerns) - len(shown)
    found = overview_paper(department, shown, left_out, verdicts, factors, tables)
    return papers.download(found, kind)


@require_GET
def factors_export(request: Request, slug: str, kind: str) -> HttpResponse:
    """Whether each factor holds at each facility, as the overview shows it."""
    department = _department(request, slug, kind)
    allow_replica(request)
    today = timezone.localdate()
    found = read_tables(department, request.user, today)
    thresholds = FollowUpSettings.of(department.municipality).thresholds()
    _concerns, _verdicts, courses = read_concerns(
        department, request.user, found, today, thresholds
    )
    rows = factor_rows(courses, found, thresholds)
    return download(spreadsheet.factors_table(department, rows, today), kind)
