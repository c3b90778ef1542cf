"""Who edits and coordinates a cluster, and the cluster that follows it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from krams.enums import ClusterKind
from krams.models import Cluster, Membership
from krams.people.invitations import invite

from ..actions.clusters import regions_to_move_to
from ..actions.people import agreed_authorities, appoint, appointed, end_role
from ..actions.proposals import missing_proposals
from ..actions.succession import (
    first_day_after,
    has_content,
    join_successor,
    movable_columns,
    open_successor,
    possible_successors,
)
from ..forms import AppointForm, ColumnsForm, SuccessorForm
from .clusters import filled_or_shown, get_coordinated, status_of


@require_http_methods(["GET", "POST"])
def people(request, slug: str):
    """Coordinators and editors; the form here gives a role."""
    cluster = get_coordinated(request.user, slug)
    offered = agreed_authorities(cluster, request.user)
    form = AppointForm(request.POST or None, authorities=offered)
    if request.method == "POST" and form.is_valid():
        try:
            given = appoint(cluster=cluster, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            _tell(request, given)
            return redirect("clusters:setup-people", slug)
    waiting = cluster.memberships.filter(awaits_consent=True).select_related("authority")
    context = {
        "cluster": cluster,
        "form": form,
        "people": appointed(cluster, request.user),
        "waiting": [column.authority for column in waiting],
    }
    return render(request, "clusters/setup/setup_people.html", context, status=status_of(form))


def _tell(request, given) -> None:
    """Invite a new account, and say what happened."""
    if given.is_new and invite(request, given.membership.user):
        text = _("The account was made, and an e-mail with a link to choose a password was sent.")
    else:
        text = _("The role was given.")
    messages.success(request, text)


@require_POST
def person_end(request, slug: str, pk: int):
    """End a role as of now."""
    cluster = get_coordinated(request.user, slug)
    try:
        end_role(cluster=cluster, membership_id=pk, by=request.user)
    except Membership.DoesNotExist as none:
        raise Http404 from none
    messages.success(request, _("The role was ended."))
    return redirect("clusters:setup-people", slug)


@require_http_methods(["GET", "POST"])
def successors(request, slug: str):
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
def successor(request, slug: str, other: str):
    """Take columns along into a successor that exists, for who coordinates both."""
    cluster = get_coordinated(request.user, slug)
    new = get_object_or_404(possible_successors(cluster), slug=other)
    if not Cluster.objects.coordinated_by(request.user).filter(pk=new.pk).exists():
        if request.method == "POST":
            raise PermissionDenied
        context = {"cluster": cluster, "new": new}
        return render(request, "clusters/setup/setup_successor.html", context)
    members = set(new.memberships.values_list("authority", flat=True))
    columns = [
        column.authority for column in movable_columns(cluster) if column.authority_id in members
    ]
    taken = has_content(new, columns)
    free = [authority for authority in columns if authority.pk not in taken]
    initial = {"columns": [authority.pk for authority in free]}
    form = ColumnsForm(request.POST or None, initial=initial, columns=free)
    if request.method == "POST" and form.is_valid():
        key = {"predecessor": cluster, "successor": new, "by": request.user}
        try:
            done = join_successor(**key, **form.cleaned_data)
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


def _done(cluster: Cluster):
    return cluster.successions.select_related("successor").prefetch_related("authorities")


def _opened(request, done):
    """To the new matrix, or back where the person has no role in it."""
    messages.success(
        request,
        _("Columns were taken along into %(cluster)s. They are to be confirmed there.")
        % {"cluster": done.successor},
    )
    if Cluster.objects.visible_to(request.user).filter(pk=done.successor_id).exists():
        return redirect(done.successor)
    return redirect("clusters:setup-successors", done.predecessor.slug)
