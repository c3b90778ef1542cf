"""The tour of Today: started, and closed for good."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from krams.models import Facility
from krams.people.actions import close_tour
from krams.people.requests import Request


@require_GET
def start(request: Request) -> HttpResponse:
    """From its first step, at the person's first facility. Raises ``Http404`` without any."""
    slug = _own_facility(request)
    return redirect(reverse("initiatives:today", args=[slug], query={"rundtur": 1}))


@require_POST
def close(request: Request) -> HttpResponse:
    """For good, and back to Today."""
    slug = _own_facility(request)
    close_tour(by=request.user)
    return redirect("initiatives:today", slug)


def _own_facility(request: Request) -> str:
    """That of the person's role, or else the first by name."""
    for scope in request.user.scopes:
        if scope.facility:
            return scope.facility.slug
    found = Facility.objects.visible_to(request.user).open().order_by("name", "pk").first()
    if found is None:
        raise Http404
    return found.slug
