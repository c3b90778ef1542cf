"""The first page after log-in."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ...enums import Role
from ...people.requests import Request
from ..halves import halves_of
from ..queries import clusters_of, places_of


@require_safe
def home(request: Request) -> HttpResponse:
    """Staff of one facility go straight to its day; everybody else chooses from what is theirs."""
    user = request.user
    roles = {membership.role for membership in user.scopes}
    slug = halves_of(user).facility_slug
    if roles == {Role.STAFF} and slug:
        return redirect(reverse("initiatives:today", args=[slug]))
    return render(
        request,
        "krams/pages/home.html",
        {
            "departments": places_of(user),
            "clusters": clusters_of(user),
            "manages": Role.MANAGER in roles or Role.ADMINISTRATOR in roles or user.is_superuser,
            "registers": roles & {Role.STAFF, Role.MANAGER, Role.ADMINISTRATOR},
            "administers": user.is_superuser,
        },
    )
