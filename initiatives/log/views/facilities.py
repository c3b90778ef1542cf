"""The facilities that a person may see."""

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from krams.people.requests import Request

from ... import access


@require_GET
def facilities(request: Request) -> HttpResponse:
    today = Q(activities__held_on=timezone.localdate(), activities__removed_at=None)
    places = (
        access.facilities_of(request.user)
        .filter(closed_on=None)
        .annotate(registered_today=Count("activities", filter=today))
        .order_by("department__municipality__name", "department__name", "name", "pk")
    )
    return render(request, "initiatives/log/facilities.html", {"facilities": places})
