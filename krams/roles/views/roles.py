"""Changing and ending a role, and what is done about an invitation."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ...models import Invitation, Membership, User
from ...people.requests import Request
from ...web.addresses import portal_address
from .. import places
from ..actions.grants import ChangedSince, change_role, end_role
from ..actions.invitations import link_to_hand_over, send_again, withdraw
from ..forms.roles import ChangeForm, EndForm
from ..queries.granting import locate, roles_to_give
from ..queries.people import invitation_of, role_of
from .people import refuse_others


def get_role(user: User, pk: int, *, own: bool = False) -> Membership:
    """A role that the person may change (404 where it is not seen, 403 where it is only read).

    ``own``: also one's own.
    """
    refuse_others(user)
    try:
        role = role_of(user, pk)
    except Membership.DoesNotExist as none:
        raise Http404 from none
    # The plugin does not see what a queryset of our own was annotated with.
    if not (role.may_change or (own and role.user_id == user.pk)):  # type: ignore[attr-defined]
        raise PermissionDenied
    return role


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, pk: int) -> HttpResponse:
    """Another role at the same place, or another last day."""
    role = get_role(request.user, pk)
    place = locate(places.of(role))
    options: dict[str, Any] = {
        "roles": roles_to_give(request.user, place),
        "kind": place.place.kind,
        "initial": {
            "role": role.role,
            "valid_until": role.valid_until,
            "seen": role.seen,  # type: ignore[attr-defined]
        },
    }
    form = ChangeForm(request.POST or None, **options)
    return _answer(
        request,
        form,
        role,
        place,
        "krams/roles/change.html",
        change_role,
        _("The role was changed."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: Request, pk: int) -> HttpResponse:
    """End a role, also one's own."""
    role = get_role(request.user, pk, own=True)
    place = locate(places.of(role))
    initial = {"seen": role.seen}  # type: ignore[attr-defined]
    form = EndForm(request.POST or None, is_own=role.user_id == request.user.pk, initial=initial)

    def ends(*, valid_until: Any, sure: bool = False, **told: Any) -> Membership:
        return end_role(last_day=valid_until, **told)

    return _answer(
        request, form, role, place, "krams/roles/end.html", ends, _("The role was ended.")
    )


def _answer(
    request: Request,
    form: ChangeForm | EndForm,
    role: Membership,
    place: Any,
    page: str,
    action: Callable[..., Membership],
    done: str,
) -> HttpResponse:
    """The page of the form, or what comes of it: 409 keeps what was typed, as 422 does."""
    context = {"form": form, "role": role, "place": place, "now": None}
    if request.method == "POST" and form.is_valid():
        try:
            action(role_id=role.pk, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        except Membership.DoesNotExist as none:
            raise Http404 from none
        except ChangedSince as since:
            form.data = {**form.data.dict(), "seen": role.seen}  # type: ignore[attr-defined]
            context["now"] = since.role
            return render(request, page, context, status=409)
        else:
            messages.success(request, done)
            return redirect(_after(request, role))
    return render(request, page, context, status=422 if form.errors else 200)


def _after(request: Request, role: Membership) -> str:
    """Who has ended an own role may have nobody here any more."""
    user = User.objects.get_with_scopes(request.user.pk)
    return "people" if user.may_have_people else "home"


def get_invitation(user: User, pk: int) -> Invitation:
    """One that the person may do something about; 404 where it is not seen, 403 where only read."""
    refuse_others(user)
    try:
        found = invitation_of(user, pk)
    except Invitation.DoesNotExist as none:
        raise Http404 from none
    if not found.may_change:  # type: ignore[attr-defined]
        raise PermissionDenied
    return found


@require_POST
def invitation_again(request: Request, pk: int) -> HttpResponse:
    """Another letter; its link makes the one before dead."""
    invitation = get_invitation(request.user, pk)
    try:
        send_again(invitation_id=pk, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(
            request, _("A new e-mail is on its way. The link of the one before it is dead.")
        )
    return redirect("person", invitation.user_id)


@require_POST
def invitation_withdraw(request: Request, pk: int) -> HttpResponse:
    """The link is dead from now on."""
    get_invitation(request.user, pk)
    try:
        withdraw(invitation_id=pk, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The invitation is withdrawn."))
    return redirect("people")


@require_POST
def invitation_show_link(request: Request, pk: int) -> HttpResponse:
    """A link to hand over oneself: made here, and shown this once."""
    found = get_invitation(request.user, pk)
    try:
        invitation, path = link_to_hand_over(invitation_id=pk, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("person", found.user_id)
    context = {"invitation": invitation, "link": portal_address(request) + path}
    response = render(request, "krams/roles/link.html", context)
    add_never_cache_headers(response)
    return response
