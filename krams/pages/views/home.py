"""The first page after log-in."""

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ...enums import Role
from ...models import Cluster, ClusterMembership, DatedQuerySet, Department, Facility
from ...people.requests import Request
from ..halves import halves_of


@require_safe
def home(request: Request) -> HttpResponse:
    """Staff of one facility go straight to its day; everybody else chooses from what is theirs."""
    user = request.user
    roles = {membership.role for membership in user.scopes}
    slug = halves_of(user).facility_slug
    if roles == {Role.STAFF} and slug:
        return redirect(reverse("initiatives:today", args=[slug]))
    facilities = Facility.objects.visible_to(user).open()
    return render(
        request,
        "krams/pages/home.html",
        {
            "departments": Department.objects.filter(facilities__in=facilities)
            .distinct()
            .select_related("municipality")
            .prefetch_related(Prefetch("facilities", facilities, to_attr="mine")),
            "clusters": Cluster.objects.visible_to(user)
            .valid_on()
            .prefetch_related(Prefetch("memberships", _members(), to_attr="members")),
            "manages": Role.MANAGER in roles or Role.ADMINISTRATOR in roles or user.is_superuser,
            "registers": roles & {Role.STAFF, Role.MANAGER, Role.ADMINISTRATOR},
            "administers": user.is_superuser,
        },
    )


def _members() -> DatedQuerySet[ClusterMembership]:
    return ClusterMembership.objects.valid_on().select_related("authority")
