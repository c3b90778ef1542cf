"""How a session ends by itself, ways in that are closed, and who must take a second step."""

from collections.abc import Callable
from typing import Any, TypeAlias

from allauth.account.signals import authentication_step_completed
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from ..models import User
from ..web import unsent_forms
from ..web.addresses import leads_to_a_page
from ..web.htmx import HtmxRequest, is_partial
from . import idle, second_step
from .idle import SHARED_COMPUTER
from .organisation import again

GetResponse: TypeAlias = Callable[[HttpRequest], HttpResponse]

# What sets one up, and the ways out. Public pages stay public.
OPEN = {
    *("second-step", "account_logout", "account_reauthenticate", "mfa_reauthenticate"),
    *("mfa_reauthenticate_webauthn", "mfa_activate_totp", "mfa_add_webauthn", again.PAGE),
}
WAYS_IN = {"account_login", "mfa_login_webauthn", "openid_connect_login", "saml_login"}
# What no browser keeps, on whosever computer: docs/security.md, "Levels of protection".
NEVER_KEPT = {"audit-log", "own-data", "invitation-show", "leaving", "second-step"}
NEVER_KEPT_BELOW = ("account_", "mfa_", "socialaccount_", "admin:")
# On a request: somebody was logged out by it.
LEFT = "somebody_left"
# On a request: somebody has just logged in.
CAME = "somebody_came"
REMOVING = {"mfa_deactivate_totp", "mfa_remove_webauthn"}


class IdleMiddleware:
    """Log out after some minutes without use: ``SHARED_COMPUTER_MINUTES`` where the person said
    that the computer is shared, elsewhere ``IDLE_MINUTES``, which may be none. And after
    ``SESSION_HOURS``, used or not.

    Whoever logs out, or is logged out, leaves nothing in the browser. A session can end unseen,
    so whoever logs in finds no form that waits in a tab of the person before.
    """

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and (why := _why_over(request)):
            setattr(request, unsent_forms.LOGGED_OUT, request.user.pk)
            logout(request)
            messages.info(request, why)
        response = self.get_response(request)
        if request.user.is_authenticated:
            # On a shared computer "Back" must not show the next person what the last one read.
            # Elsewhere the browser may keep the page, and with it what was typed there: decision 12
            never = request.session.get(SHARED_COMPUTER) or is_never_kept(request)
            patch_cache_control(response, private=True, **({"no_store": True} if never else {}))
        elif hasattr(request, LEFT):
            # Pages that "Back" would show, also from memory. The language stays.
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        if hasattr(request, CAME):
            response.headers["Clear-Site-Data"] = '"storage"'
        return response

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> None:
        """Every way in (password, passkey, the organisation's log-in) posts the tick."""
        match = request.resolver_match
        name = match.view_name if match else ""
        # What asks how long is left is no use.
        if request.user.is_authenticated and (name != idle.NAME or request.method == "POST"):
            idle.used(request)
        if request.method == "POST" and name in WAYS_IN:
            if request.POST.get(SHARED_COMPUTER):
                request.session[SHARED_COMPUTER] = True
            elif not request.user.is_authenticated:
                # Who is in already, and is asked once more who it is, said it at the log-in.
                request.session.pop(SHARED_COMPUTER, None)


def is_never_kept(request: HttpRequest) -> bool:
    """Whether the page shows what opens an account, or all of what people did."""
    match = request.resolver_match
    name = match.view_name if match else ""
    return name in NEVER_KEPT or name.startswith(NEVER_KEPT_BELOW)


def _why_over(request: HttpRequest) -> str:
    """What the person is told; "" for a session that goes on."""
    if idle.seconds_left(request) == 0:
        return _("You were logged out because nothing happened for a while.")
    if idle.has_lasted(request):
        return _("You were logged out because you had been logged in for as long as one may.")
    return ""


@receiver(user_logged_out)
def _left(sender: object, request: HttpRequest, **_more: Any) -> None:
    setattr(request, LEFT, True)


@receiver(user_logged_in)
def _came(sender: object, request: HttpRequest | None, **_more: Any) -> None:
    if request is not None:
        setattr(request, CAME, True)


@receiver(authentication_step_completed)
def _asked_again(sender: object, request: HttpRequest, **more: Any) -> None:
    """Who has given the password once more goes on under another key: whoever had the old one may
    not do what it was asked for."""
    if more.get("reauthenticated"):
        request.session.cycle_key()


# Without passwords: what takes, changes or sends one, and the key that opens an account alone.
OF_PASSWORDS = {
    *("account_reset_password", "account_reset_password_done", "account_reset_password_from_key"),
    *("account_reset_password_from_key_done", "account_change_password", "account_set_password"),
    "mfa_login_webauthn",
}


class PasswordLoginMiddleware:
    """404 for the pages of passwords where ``PASSWORD_LOGIN`` is off."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> None:
        match = request.resolver_match
        if not settings.PASSWORD_LOGIN and match and match.view_name in OF_PASSWORDS:
            raise Http404


class SecondStepMiddleware:
    def __init__(self, get_response: GetResponse):
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
            return self._refuse_last(request, name, user)
        if name in OPEN or not getattr(view, "login_required", True):
            return None
        return self._lead(request)

    def _refuse_last(self, request: HtmxRequest, name: str, user: User) -> HttpResponse | None:
        if name not in REMOVING or request.method != "POST" or not second_step.is_last(user):
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
