"""The page of a department's curves: each criterion as one small picture a facility."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from krams.people.requests import Request
from krams.replica.reading import allow_replica

from ..curves import panels_of
from ..queries.overview import read_tables, visible_department


@require_GET
def curves(request: Request, slug: str) -> HttpResponse:
    """Curves of what is measured, on one scale for each indicator."""
    department = visible_department(request.user, slug)
    allow_replica(request)
    tables = read_tables(department, request.user, timezone.localdate())
    context = {
        "department": department,
        "tables": [(table, list(panels_of(table))) for table in tables],
    }
    return render(request, "initiatives/followup/curves.html", context)
