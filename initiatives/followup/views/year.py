"""The page of a department's year: when did it fade, and where?"""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from krams.people.requests import Request
from krams.replica.reading import allow_replica

from ..queries.overview import visible_department
from ..queries.year import read_department_year


@require_GET
def year(request: Request, slug: str) -> HttpResponse:
    """A strip of 53 weeks for each facility."""
    department = visible_department(request.user, slug)
    allow_replica(request)
    page = read_department_year(department, request.user, timezone.localdate())
    context = {"department": department, "page": page}
    return render(request, "initiatives/followup/year.html", context)
