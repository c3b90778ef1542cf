"""The page that says which facility registers what was expected."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from krams.people.requests import Request
from krams.replica.reading import allow_replica

from ..queries.completeness import read_completeness
from ..queries.overview import visible_department


@require_GET
def completeness(request: Request, slug: str) -> HttpResponse:
    """Which facility registered what was expected, in the last twelve complete weeks."""
    department = visible_department(request.user, slug)
    allow_replica(request)
    found = read_completeness(department, request.user, timezone.localdate())
    context = {"department": department, "found": found}
    return render(request, "initiatives/followup/completeness.html", context)
