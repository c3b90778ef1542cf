"""The pages that open the cluster that follows another, or take columns along into it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from krams.enums import ClusterKind
from krams.models import Cluster
from krams.people.requests import Request

from ...access import get_coordinated
from ...form_page import status_of
from ...models import Succession
from ..actions.succession import join_successor, open_successor
from ..forms.succession import ColumnsForm, SuccessorForm
from ..queries import (
    first_day_after,
    has_content,
    missing_proposals,
    movable_columns,
    possible_successors,
    regions_to_move_to,
)
from .clusters import filled_or_shown


@require_http_methods(["GET", "POST"])
def successors(request: Request, slug: str) -> HttpResponse:
    """Open the cluster that follows this one, or take columns into one that is planned."""
    cluster = get_coordinated(request.user, slug)
    context = {"cluster": cluster, "done": list(_done(cluster)), "here": "successor"}
    if cluster.valid_until is None:
        # Nothing can follow a cluster without an end; the page says where to set it.
        status = 422 if request.method == "POST" else 200
        return render(request, "clusters/setup/setup_successors.html", context, status=status)
    columns = [column.authority for column in movable_columns(cluster)]
    kept = [authority.pk for authority in columns]
    initial = {
        "kind": ClusterKind.HEALTH_COUNCIL,
        "region": cluster.region_id,
        "valid_from": first_day_after(cluster),
        "confirmation_interval_months": cluster.confirmation_interval_months,
        "authorities": kept,
        "columns": kept,
    }
    whose = {
        "predecessor": cluster,
        "columns": columns,
        "regions": regions_to_move_to(cluster, request.user),
        # Others cannot be made members of something new this way.
        "members": None if request.user.is_superuser else cluster.memberships.values("authority"),
    }
    form = filled_or_shown(request, SuccessorForm, initial, **whose)
    if form.is_bound and form.is_valid():
        try:
            done = open_successor(predecessor=cluster, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None if hasattr(error, "error_dict") else "columns", error)
        else:
            return _opened(request, done)
    context |= {"form": form, "planned": possible_successors(cluster)}
    return render(request, "clusters/setup/setup_successors.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def successor(request: Request, slug: str, other: str) -> HttpResponse:
    """Take columns along into a successor that exists, for who coordinates both."""
    cluster = get_coordinated(request.user, slug)
    new = get_object_or_404(possible_successors(cluster), slug=other)
    if not Cluster.objects.coordinated_by(request.user).filter(pk=new.pk).exists():
        if request.method == "POST":
            raise PermissionDenied
        read_only = {"cluster": cluster, "new": new}
        return render(request, "clusters/setup/setup_successor.html", read_only)
    members = set(new.memberships.values_list("authority", flat=True))
    columns = [
        column.authority for column in movable_columns(cluster) if column.authority_id in members
    ]
    taken = has_content(new, [authority.pk for authority in columns])
    free = [authority for authority in columns if authority.pk not in taken]
    initial = {"columns": [authority.pk for authority in free]}
    form = ColumnsForm(request.POST or None, initial=initial, columns=free)
    if request.method == "POST" and form.is_valid():
        try:
            done = join_successor(
                predecessor=cluster, successor=new, by=request.user, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error("columns" if free else None, error)
        else:
            return _opened(request, done)
    context = {
        "cluster": cluster,
        "new": new,
        "is_all_there": not free and not missing_proposals(new, cluster),
        "form": form,
        "taken": [authority for authority in columns if authority.pk in taken],
        "free": free,
    }
    return render(request, "clusters/setup/setup_successor.html", context, status=status_of(form))


def _done(cluster: Cluster) -> QuerySet[Succession]:
    return cluster.successions.select_related("successor").prefetch_related("authorities")


def _opened(request: Request, done: Succession) -> HttpResponse:
    """To the new matrix, or back where the person has no role in it."""
    messages.success(
        request,
        _("Columns were taken along into %(cluster)s. They are to be confirmed there.")
        % {"cluster": done.successor},
    )
    if Cluster.objects.visible_to(request.user).filter(pk=done.successor_id).exists():
        return redirect(done.successor)
    return redirect("clusters:setup-successors", done.predecessor.slug)
