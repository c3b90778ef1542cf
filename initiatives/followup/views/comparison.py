"""The page that compares facilities factor by factor in a quarter."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from krams.danish.quarters import Quarter
from krams.people.requests import Request
from krams.replica.reading import allow_replica

from ...models import FollowUpSettings
from ..bars import bars_by_factor
from ..comparison import Comparison, Rate
from ..forms import QuarterFilter
from ..queries.comparison import read_comparison
from ..queries.overview import visible_department


@require_GET
def compare(request: Request, slug: str) -> HttpResponse:
    """Facilities by factor, with rates per place, in one quarter."""
    department = visible_department(request.user, slug)
    allow_replica(request)
    today = timezone.localdate()
    form = QuarterFilter(request.GET or None, quarters=Quarter.latest(today))
    context = {"department": department, "form": form, "today": today}
    if form.is_bound and not form.is_valid():
        return render(request, "initiatives/followup/compare.html", context, status=422)
    context["quarter"] = quarter = form.quarter
    smallest = FollowUpSettings.of(department.municipality).smallest_shown
    found = read_comparison(department, request.user, quarter, today, smallest)
    context |= {
        "found": found,
        "lines": _lines(found),
        "pictures": list(bars_by_factor(found)),
        "smallest": smallest,
    }
    return render(request, "initiatives/followup/compare.html", context)


def _lines(found: Comparison) -> list[tuple[Any, list[Any]]]:
    """Facilities with their rates by factor; None is all of them together."""
    rows: list[tuple[Any, tuple[Rate, ...]]] = [*zip(found.facilities, found.rates, strict=True)]
    if found.totals:
        rows.append((None, found.totals))
    return [(facility, list(zip(found.factors, rates, strict=True))) for facility, rates in rows]
