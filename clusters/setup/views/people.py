"""The page on which people get and lose their roles in a cluster: the portal's rules, one place."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from krams.enums import Role
from krams.models import Authority, Cluster, Membership
from krams.people.requests import Request
from krams.roles.actions.grants import end_role, give_role
from krams.roles.places import Place
from krams.roles.queries.granting import agreed_authorities, awaiting_consent
from krams.roles.rules import Kind
from krams.roles.views.people import tell

from ...access import get_coordinated
from ...form_page import status_of
from ..forms.people import AppointForm
from ..queries import appointed, given_in, invited


def _place(cluster: Cluster, authority: Authority | None) -> tuple[Place, Role]:
    if authority is None:
        return Place(Kind.CLUSTER, cluster.pk), Role.COORDINATOR
    return Place(Kind.COLUMN, authority.pk, cluster.pk), Role.EDITOR


@require_http_methods(["GET", "POST"])
def people(request: Request, slug: str) -> HttpResponse:
    """Coordinators and editors; the form here gives a role."""
    cluster = get_coordinated(request.user, slug)
    offered = agreed_authorities(cluster, request.user)
    form = AppointForm(request.POST or None, authorities=offered)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        place, role = _place(cluster, asked.pop("authority"))
        try:
            given = give_role(place=place, role=role, by=request.user, **asked)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            tell(request, given)
            return redirect("clusters:setup-people", slug)
    waiting = awaiting_consent().filter(cluster=cluster).select_related("authority")
    context = {
        "cluster": cluster,
        "form": form,
        "people": appointed(cluster, request.user),
        "invited": invited(cluster),
        "readers_at": Place(Kind.CLUSTER, cluster.pk),
        "waiting": [column.authority for column in waiting],
    }
    return render(request, "clusters/setup/setup_people.html", context, status=status_of(form))


@require_POST
def person_end(request: Request, slug: str, pk: int) -> HttpResponse:
    """End a role as of now; one's own only where the portal asks whether one is sure."""
    cluster = get_coordinated(request.user, slug)
    mine = Q(may_end=True) | Q(user=request.user)
    if not given_in(cluster, request.user).filter(mine, pk=pk).exists():
        raise Http404
    try:
        end_role(role_id=pk, by=request.user, own=False)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except Membership.DoesNotExist as none:
        # Given today, and ended by somebody else a moment ago.
        raise Http404 from none
    else:
        messages.success(request, _("The role was ended."))
    return redirect("clusters:setup-people", slug)
