"""The pages that create a cluster and show its facts and members."""

from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from krams.history.actions.locking import StaleVersion
from krams.models import Cluster
from krams.people.requests import Request
from krams.web.forms import PortalForm

from ...access import get_coordinated, may_create
from ...form_page import renew, status_of
from ..actions.clusters import create_cluster, save_cluster
from ..forms.clusters import NewClusterForm, OldClusterForm
from ..forms.members import AddMemberForm
from ..queries import regions_to_create_in, regions_to_move_to

PREVIEW = "vis"
# Two forms of the page have fields of the same name.
ADD_ID = "ny_%s"
F = TypeVar("F", bound=PortalForm)


@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
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


def filled_or_shown(
    request: Request, form_class: type[F], initial: dict[str, Any], **options: Any
) -> F:
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


@require_http_methods(["GET", "POST"])
def setup(request: Request, slug: str) -> HttpResponse:
    """Facts and members of a cluster; the form here saves the facts."""
    cluster = get_coordinated(request.user, slug)
    if request.method != "POST":
        return show_setup(request, cluster, 200)
    form = _facts_form(request, cluster, request.POST)
    if not form.is_valid():
        return show_setup(request, cluster, 422, form=form)
    try:
        saved = save_cluster(cluster=cluster, by=request.user, **form.cleaned_data)
    except StaleVersion as stale:
        theirs = renew(form, stale.current)
        return show_setup(request, cluster, 409, form=form, theirs=theirs)
    except ValidationError as error:
        form.add_error(None, error)
        return show_setup(request, cluster, 422, form=form)
    messages.success(request, _("Saved."))
    return redirect("clusters:setup", saved.slug)


def _facts_form(
    request: Request, cluster: Cluster, data: QueryDict | None = None
) -> OldClusterForm:
    return OldClusterForm(data, cluster=cluster, regions=regions_to_move_to(cluster, request.user))


def show_setup(
    request: Request,
    cluster: Cluster,
    status: int,
    *,
    form: OldClusterForm | None = None,
    add_form: AddMemberForm | None = None,
    theirs: list[tuple[str | Promise | None, object]] | None = None,
) -> HttpResponse:
    """Facts and members, each with its form; ``theirs`` is what was saved meanwhile."""
    today = timezone.localdate()
    columns = list(cluster.memberships.select_related("authority"))
    context = {
        "cluster": cluster,
        "columns": columns,
        "over": {one.pk for one in columns if one.valid_until and one.valid_until < today},
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
