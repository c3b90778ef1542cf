"""The first page after log-in: what needs the person."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from ...enums import Role
from ...people.requests import Request
from ...worklist.registry import sections_for
from ...worklist.sections import Kind, by_place
from ..halves import halves_of


@require_safe
def home(request: Request) -> HttpResponse:
    """Staff of one facility go straight to its day; everybody else sees what waits for them."""
    user = request.user
    roles = {membership.role for membership in user.scopes}
    slug = halves_of(user).facility_slug
    if roles == {Role.STAFF} and slug:
        return redirect(reverse("initiatives:today", args=[slug]))
    found = sections_for(user, timezone.localdate())
    places = by_place(one for one in found if one.kind is not Kind.WAYS)
    ways = by_place(one for one in found if one.kind is Kind.WAYS)
    number = sum(place.needs for place in places)
    context = {"places": places, "ways": ways, "number": number}
    return render(request, "krams/pages/home.html", context)
