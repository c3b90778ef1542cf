"""The page "Holder det?" of a facility: twelve weeks by factor and by activity."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from krams.people.requests import Request

from ... import access
from ..queries.rhythm import read_rhythm


@require_GET
def rhythm(request: Request, slug: str) -> HttpResponse:
    facility = access.visible_facility(request.user, slug)
    page = read_rhythm(facility, timezone.localdate())
    context = {"facility": facility, "page": page}
    return render(request, "initiatives/log/rhythm.html", context)
