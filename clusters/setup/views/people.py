"""The page on which people get and lose their roles in a cluster."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from krams.models import Membership
from krams.people.invitations import invite
from krams.people.requests import Request

from ...access import get_coordinated
from ...form_page import status_of
from ..actions.people import Appointment, appoint, end_role
from ..forms.people import AppointForm
from ..queries import (
    agreed_authorities,
    appointed,
)


@require_http_methods(["GET", "POST"])
def people(request: Request, slug: str) -> HttpResponse:
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


def _tell(request: Request, given: Appointment) -> None:
    """Invite a new account, and say what happened."""
    if given.is_new and invite(request, given.membership.user):
        text = _("The account was made, and an e-mail with a link to choose a password was sent.")
    else:
        text = _("The role was given.")
    messages.success(request, text)


@require_POST
def person_end(request: Request, slug: str, pk: int) -> HttpResponse:
    """End a role as of now."""
    cluster = get_coordinated(request.user, slug)
    try:
        end_role(cluster=cluster, membership_id=pk, by=request.user)
    except Membership.DoesNotExist as none:
        raise Http404 from none
    messages.success(request, _("The role was ended."))
    return redirect("clusters:setup-people", slug)
