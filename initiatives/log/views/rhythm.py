"""The pages "Holder det?" of a facility, of twelve weeks, and of its year."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from krams.people.requests import Request

from ... import access
from ..queries.rhythm import read_rhythm
from ..queries.year import read_year


@require_GET
def rhythm(request: Request, slug: str) -> HttpResponse:
    facility = access.visible_facility(request.user, slug)
    page = read_rhythm(facility, timezone.localdate())
    context = {"facility": facility, "page": page}
    return render(request, "initiatives/log/rhythm.html", context)


@require_GET
def year(request: Request, slug: str) -> HttpResponse:
    """The last year, week by week: when did it fade?"""
    facility = access.visible_facility(request.user, slug)
    page = read_year(facility, timezone.localdate())
    context = {"facility": facility, "page": page}
    return render(request, "initiatives/log/year.html", context)
