"""Whose role needs a second step of the log-in gets no further without one."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from ..web import unsent_forms
from ..web.addresses import leads_to_a_page
from ..web.htmx import HtmxRequest, is_partial
from . import second_step

# What sets one up, and the ways out. Public pages stay public.
OPEN = {
    *("second-step", "account_logout", "account_reauthenticate", "mfa_reauthenticate"),
    *("mfa_reauthenticate_webauthn", "mfa_activate_totp", "mfa_add_webauthn"),
}
REMOVING = {"mfa_deactivate_totp", "mfa_remove_webauthn"}


class SecondStepMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HtmxRequest,
        view: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        """Also for ``/admin/``. What was typed meanwhile is kept, as when a session has ended."""
        user, match = request.user, request.resolver_match
        if not user.is_authenticated or not second_step.is_required_of(user):
            return None
        name = match.view_name if match else ""
        if second_step.was_taken(request):
            return self._refuse_last(request, name)
        if name in OPEN or not getattr(view, "login_required", True):
            return None
        return self._lead(request)

    def _refuse_last(self, request: HtmxRequest, name: str) -> HttpResponse | None:
        if (
            name not in REMOVING
            or request.method != "POST"
            or not second_step.is_last(request.user)
        ):
            return None
        messages.error(
            request, _("Your role needs a second step of the log-in. Add another one first.")
        )
        return redirect("mfa_index")

    def _lead(self, request: HtmxRequest) -> HttpResponse:
        here = reverse("second-step")
        if request.method == "POST":
            if unsent_forms.keep(request):
                request.session[second_step.ASKED_FOR] = reverse("kept")
        elif not is_partial(request) and leads_to_a_page(request.get_full_path()):
            request.session[second_step.ASKED_FOR] = request.get_full_path()
        request.session.setdefault(second_step.ASKED_FOR, "/")
        return HttpResponseClientRedirect(here) if is_partial(request) else redirect(here)
