"""Setting a cluster up: create it, its facts and members."""

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from krams.history.actions.locking import LARGEST_VERSION, StaleVersion
from krams.models import Cluster, ClusterMembership

from ..actions.clusters import (
    add_member,
    create_cluster,
    may_create,
    move_member,
    regions_to_create_in,
    regions_to_move_to,
    save_cluster,
    save_member,
)
from ..forms import AddMemberForm, MemberForm, NewClusterForm, OldClusterForm

PREVIEW = "vis"
# Two forms of the page have fields of the same name.
ADD_ID = "ny_%s"


def get_coordinated(user, slug: str) -> Cluster:
    """404 where the cluster is not visible, 403 where the person does not coordinate it."""
    coordinated = Cluster.objects.coordinated_by(user).filter(pk=OuterRef("pk"))
    visible = Cluster.objects.visible_to(user).select_related("region")
    cluster = get_object_or_404(visible.annotate(is_mine=Exists(coordinated)), slug=slug)
    if not cluster.is_mine:
        raise PermissionDenied
    return cluster


@require_http_methods(["GET", "POST"])
def new(request):
    """Create a cluster. The button that shows a region's municipalities saves nothing."""
    if not may_create(request.user):
        raise PermissionDenied
    initial, regions = {"valid_from": timezone.localdate()}, regions_to_create_in(request.user)
    form = filled_or_shown(request, NewClusterForm, initial, regions=regions)
    if form.is_bound and form.is_valid():
        try:
            cluster = create_cluster(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The cluster was created. Add its proposals."))
            return redirect("clusters:setup", cluster.slug)
    return render(request, "clusters/setup/setup_new.html", {"form": form}, status=status_of(form))


def filled_or_shown(request, form_class, initial: dict, **options):
    """The form bound to what was sent, or, where only another region is asked for, unbound."""
    if request.method != "POST":
        return form_class(initial=initial, **options)
    if PREVIEW not in request.POST:
        return form_class(request.POST, **options)
    lists = {"authorities", "columns"}
    typed = {
        name: request.POST.getlist(name) if name in lists else request.POST.get(name)
        for name in request.POST
    }
    return form_class(initial=typed, **options)


def status_of(form) -> int:
    return 422 if form.errors else 200


@require_http_methods(["GET", "POST"])
def setup(request, slug: str):
    """Facts and members of a cluster; the form here saves the facts."""
    cluster = get_coordinated(request.user, slug)
    form = _facts_form(request, cluster)
    if request.method != "POST" or not form.is_valid():
        return _setup(request, cluster, status_of(form), form=form)
    try:
        saved = save_cluster(cluster=cluster, by=request.user, **form.cleaned_data)
    except StaleVersion as stale:
        theirs = renew(form, stale.current)
        return _setup(request, cluster, 409, form=form, theirs=theirs)
    except ValidationError as error:
        form.add_error(None, error)
        return _setup(request, cluster, 422, form=form)
    messages.success(request, _("Saved."))
    return redirect("clusters:setup", saved.slug)


def renew(form, current, part=None) -> list[tuple[str, object]]:
    """Let the next save go through, and say what ``part`` (``current``) holds where it differs."""
    form.data = form.data.copy()
    form.data["version"] = current.version
    now = part or current
    return [
        (form.fields[name].label, _shown(now, name))
        for name, value in form.cleaned_data.items()
        if name != "version" and getattr(now, name) != value
    ]


def _shown(instance, name: str):
    """A choice by its label."""
    label = getattr(instance, f"get_{name}_display", None)
    return label() if label else getattr(instance, name)


@require_POST
def member_add(request, slug: str):
    """An authority joins from a day."""
    cluster = get_coordinated(request.user, slug)
    form = AddMemberForm(request.POST, cluster=cluster, auto_id=ADD_ID)
    if not form.is_valid():
        return _setup(request, cluster, 422, add_form=form)
    try:
        column = add_member(cluster=cluster, by=request.user, **form.cleaned_data)
    except StaleVersion as stale:
        return _setup(request, cluster, 409, add_form=form, theirs=renew_only(form, stale))
    except ValidationError as error:
        form.add_error("authority", error)
        return _setup(request, cluster, 422, add_form=form)
    return redirect(f"{reverse('clusters:setup', args=[slug])}#m-{column.pk}")


def renew_only(form, stale: StaleVersion) -> list:
    """As ``renew`` for a form that adds: there is nothing of others to compare it with."""
    form.data = form.data.copy()
    form.data["version"] = stale.current.version
    return []


@require_http_methods(["GET", "POST"])
def member(request, slug: str, pk: int):
    """The dates of one membership."""
    cluster = get_coordinated(request.user, slug)
    columns = ClusterMembership.objects.filter(cluster=cluster).select_related("authority")
    column = get_object_or_404(columns, pk=pk)
    initial = {"version": cluster.version}
    initial |= {name: getattr(column, name) for name in ("valid_from", "valid_until")}
    form = MemberForm(request.POST or None, initial=initial, cluster=cluster)
    context = {"cluster": cluster, "column": column, "form": form}
    status = status_of(form)
    if request.method == "POST" and form.is_valid():
        column.cluster = cluster
        try:
            save_member(column=column, by=request.user, **form.cleaned_data)
        except StaleVersion as stale:
            context["theirs"] = renew(form, stale.current, columns.get(pk=pk))
            context["is_stale"], status = True, 409
        except ValidationError as error:
            form.add_error("valid_from", error)
            status = 422
        else:
            return redirect(f"{reverse('clusters:setup', args=[slug])}#m-{pk}")
    return render(request, "clusters/setup/setup_member.html", context, status=status)


@require_POST
def member_move(request, slug: str):
    """A column changes places with its neighbour."""
    cluster = get_coordinated(request.user, slug)
    key = move(request, move_member, cluster=cluster, name="column_id")
    return redirect(f"{reverse('clusters:setup', args=[slug])}#m-{key}")


def move(request, action, *, cluster: Cluster, name: str) -> int:
    """Do the move that was asked for (``op=12`` or ``ned=12``) and return what was moved.

    A page that is out of date moves nothing and says so: twice sent is moved once.
    """
    step = -1 if "op" in request.POST else 1
    key = _number(request.POST.get("op" if step == -1 else "ned"))
    version = _number(request.POST.get("version"))
    try:
        action(cluster=cluster, step=step, version=version, by=request.user, **{name: key})
    except StaleVersion:
        messages.warning(
            request, _("Nothing was moved: the cluster was changed meanwhile. See the order below.")
        )
    except ObjectDoesNotExist as none:
        raise Http404 from none
    return key


def _number(raw: str | None) -> int:
    if not (raw and raw.isascii() and raw.isdecimal() and len(raw) <= 10):
        raise Http404
    if int(raw) > LARGEST_VERSION:
        raise Http404
    return int(raw)


def _facts_form(request, cluster: Cluster) -> OldClusterForm:
    is_sent = request.resolver_match.url_name == "setup" and request.method == "POST"
    data = request.POST if is_sent else None
    return OldClusterForm(data, cluster=cluster, regions=regions_to_move_to(cluster, request.user))


def _setup(request, cluster: Cluster, status: int, *, form=None, add_form=None, theirs=None):
    today = timezone.localdate()
    columns = list(cluster.memberships.select_related("authority"))
    for column in columns:
        column.is_over = column.valid_until is not None and column.valid_until < today
    context = {
        "cluster": cluster,
        "columns": columns,
        "form": form or _facts_form(request, cluster),
        "add_form": add_form
        or AddMemberForm(
            initial={"version": cluster.version, "valid_from": today},
            cluster=cluster,
            auto_id=ADD_ID,
        ),
        "theirs": theirs,
        "is_stale": status == 409,
        "may_create": may_create(request.user),
    }
    return render(request, "clusters/setup/setup.html", context, status=status)
