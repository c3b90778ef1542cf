"""The way in by an invitation's link: the secret is exchanged for the session at once.

So it stands in no address that a page has: not in the log, the history of a shared browser nor in
what is sent to the next page. What a mail scanner opens accepts nothing.
"""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from ...log_in.idle import SHARED_COMPUTER
from ...models import Invitation, User
from .. import places
from ..actions.invitations import NoLonger, accept, is_opened, refuse_dead
from ..actions.links import hash_of
from ..forms.accepting import PasswordForm
from ..queries.granting import locate
from ..queries.people import PLACES

KEY = "invitation"


@login_not_required
@require_safe
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """What an e-mail leads to."""
    hashed = hash_of(secret)
    found = Invitation.objects.filter(secret_hash=hashed).values_list("pk", flat=True).first()
    if found is None:
        return _dead(request, 404, "")
    request.session[KEY] = [found, hashed]
    return _private(redirect("invitation"))


@sensitive_post_parameters()
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    """Who invites, to what and as what; and saying yes."""
    pk, hashed = request.session.get(KEY, (None, ""))
    rows = Invitation.objects.select_related("user", "invited_by", *PLACES)
    found = rows.filter(pk=pk, secret_hash=hashed).first()
    if found is None:
        return _dead(request, 404, "")
    try:
        refuse_dead(found, locate(places.of(found)))
        if request.method == "POST":
            return _accepted(request, found)
    except (NoLonger, ObjectDoesNotExist) as reason:
        gone = isinstance(reason, NoLonger)
        return _dead(request, 410 if gone else 404, str(reason) if gone else "")
    form = None if request.user.is_authenticated else PasswordForm(account=found.user)
    return _page(request, found, form)


def _accepted(request: HttpRequest, found: Invitation) -> HttpResponse:
    """Raises ``NoLonger``, ``DoesNotExist`` for a link that has been replaced meanwhile."""
    user = request.user if isinstance(request.user, User) else None
    told: dict[str, Any] = {"invitation_id": found.pk, "secret_hash": found.secret_hash or ""}
    if user:
        accept(**told, user=user, password="")
    else:
        if is_opened(found.user) or not settings.PASSWORD_LOGIN:
            raise PermissionDenied
        form = PasswordForm(request.POST, account=found.user)
        if not form.is_valid():
            return _page(request, found, form, status=422)
        account = accept(**told, user=None, password=form.cleaned_data["password1"])
        login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
        if form.cleaned_data[SHARED_COMPUTER]:
            request.session[SHARED_COMPUTER] = True
    request.session.pop(KEY, None)
    messages.success(request, _("Welcome. You now have the role: %(role)s.") % {"role": found})
    return redirect("home")


def _page(
    request: HttpRequest, found: Invitation, form: PasswordForm | None, status: int = 200
) -> HttpResponse:
    context = {
        "invitation": found,
        "form": form,
        "is_opened": is_opened(found.user),
        "is_other": request.user.is_authenticated and request.user.pk != found.user_id,
    }
    return _private(render(request, "krams/roles/invitation.html", context, status=status))


def _dead(request: HttpRequest, status: int, reason: str) -> HttpResponse:
    context = {"reason": reason, "status": status}
    return _private(render(request, "krams/roles/invitation_dead.html", context, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    # Not "no-referrer": with it a browser sends ``Origin: null`` along with the forms of the page,
    # which the protection against forged requests refuses.
    response.headers["Referrer-Policy"] = "strict-origin"
    add_never_cache_headers(response)
    return response
