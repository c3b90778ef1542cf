"""An authority says yes to being a member of a cluster, or takes its yes back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from krams.models import Cluster, ClusterMembership
from krams.people.requests import Request

from ..actions.consent import agree, take_back
from ..queries import given_through, may_take_back


@require_POST
def member_agree(request: Request, slug: str, pk: int) -> HttpResponse:
    """Somebody who speaks for the authority says yes to its being a member."""
    column = _column(request, slug, pk)
    agree(column=column, by=request.user)
    messages.success(
        request,
        _("%(authority)s is a member. The coordinator can now name editors for its column.")
        % {"authority": column.authority},
    )
    return redirect(column.cluster)


@require_http_methods(["GET", "POST"])
def member_take_back(request: Request, slug: str, pk: int) -> HttpResponse:
    """The authority's administrator takes its yes back; the page says first what ends."""
    column = _column(request, slug, pk)
    if not may_take_back(column=column, by=request.user):
        raise PermissionDenied
    if request.method == "POST":
        take_back(column=column, by=request.user)
        messages.success(
            request,
            _("The consent was taken back. Only people of %(authority)s fill in its column.")
            % {"authority": column.authority},
        )
        return redirect(column.cluster)
    context = {"cluster": column.cluster, "column": column, "editors": given_through(column)}
    return render(request, "clusters/setup/consent.html", context)


def _column(request: Request, slug: str, pk: int) -> ClusterMembership:
    columns = ClusterMembership.objects.select_related("authority", "cluster").filter(
        cluster__slug=slug, cluster__in=Cluster.objects.visible_to(request.user)
    )
    return get_object_or_404(columns, pk=pk)
