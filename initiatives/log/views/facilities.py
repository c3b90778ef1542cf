"""The facilities that a person may see."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from krams.people.requests import Request

from ..queries.facilities import places_of


@require_GET
def facilities(request: Request) -> HttpResponse:
    departments = places_of(request.user, timezone.localdate())
    return render(request, "initiatives/log/facilities.html", {"departments": departments})
