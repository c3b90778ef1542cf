"""The page "Holder det?" of a facility: twelve weeks by factor and by activity."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from krams.people.requests import Request

from ... import access
from ..queries.today import read_day
from .today import day_context


@require_GET
def rhythm(request: Request, slug: str) -> HttpResponse:
    facility = access.visible_facility(request.user, slug)
    return render(request, "initiatives/log/rhythm.html", day_context(read_day(facility)))
