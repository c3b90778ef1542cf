"""Pages of the account where django-allauth's own do not suffice."""

import time

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.views import LogoutView, PasswordResetView, PasswordSetView
from allauth.core import ratelimit
from allauth.socialaccount.models import SocialApp
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ...audit.networks import in_words
from ...models import LogIn
from ...people.actions import end_sessions
from ...people.requests import Request
from ...web.htmx import is_partial
from .. import idle, refusals, second_step
from ..actions import end_by_organisation, end_log_in
from ..organisation import again
from ..organisation import log_out as there
from ..organisation.back_channel import Refused
from ..organisation.back_channel import read as read_token
from ..queries import Open, open_log_ins

# Longer than it takes to post a letter, also on a busy database.
EVEN_SECONDS = 0.4
_ask_for_link = PasswordResetView.as_view()
_set_password = PasswordSetView.as_view()
_log_out = LogoutView.as_view()


@login_not_required
def reset_password(request: HttpRequest) -> HttpResponse:
    """An address that has an account and one that has none are answered alike, and as fast.

    For the one a letter is posted, for the other nothing: who measures would tell them apart.
    """
    started = time.monotonic()
    response = _ask_for_link(request)
    if request.method == "POST":
        time.sleep(max(0.0, EVEN_SECONDS - (time.monotonic() - started)))
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def set_password(request: Request) -> HttpResponse:
    """A first password is one way in more, so it is asked who it is; allauth does not. Whoever has
    one changes it with the old one.
    """
    if not request.user.has_usable_password() and not again.was_asked(request):
        if request.method == "POST":
            # Asked by the page itself: what allauth keeps meanwhile would be the password.
            return redirect("account_set_password")
        raise_if_reauthentication_required(request, app="krams.log_in")
    return _set_password(request)


@require_safe
def set_up_second_step(request: Request) -> HttpResponse:
    """The two ways of having one; who has one goes on to what was asked for."""
    if second_step.was_taken(request):
        return redirect(request.session.pop(second_step.ASKED_FOR, None) or "home")
    context = {"is_required": second_step.is_required_of(request.user)}
    return render(request, "krams/log_in/second_step.html", context)


@require_safe
def reauthenticate_there(request: Request) -> HttpResponse:
    """Whether it is still the same person, asked at the organisation's log-in."""
    return again.page(request, onwards=again.asked_for(request))


@require_http_methods(["GET", "HEAD", "POST"])
def log_ins(request: Request) -> HttpResponse:
    """Where one is logged in; POST ends one of them, or all.

    Whoever has the open page of another computer may look, and is asked for the password to end.
    """
    if request.method == "POST":
        raise_if_reauthentication_required(request, app="krams.log_in")
        return _end(request, request.POST.get("end", ""))
    context = {
        "log_ins": open_log_ins(request.user),
        "here": request.session.session_key,
        "log_in_name": _name,
        "network_in_words": in_words,
        "has_password": settings.PASSWORD_LOGIN and request.user.has_usable_password(),
    }
    return render(request, "krams/log_in/log_ins.html", context)


def _name(one: Open) -> str:
    if one.browser and one.system:
        return _("%(browser)s on %(system)s") % {"browser": one.browser, "system": one.system}
    return one.browser or one.system or _("Unknown browser")


def _end(request: Request, which: str) -> HttpResponse:
    if which == "all":
        onward = there.address(request)
        end_sessions(request.user, by=request.user)
        logout(request)
        messages.success(request, _("You are logged out everywhere."))
        return redirect(onward or "account_login")
    own = {str(one.pk): one for one in open_log_ins(request.user)}
    chosen = own.get(which)
    if chosen and chosen.key == request.session.session_key:
        return log_out(request)
    try:
        end_log_in(log_in_id=chosen.pk if chosen else 0, by=request.user)
        messages.success(request, _("The log-in was ended."))
    except LogIn.DoesNotExist:
        # Ended in another window, or by itself; what is not one's own is told the same.
        messages.info(request, _("That log-in is over already."))
    return redirect("log-ins")


@login_not_required
def log_out(request: HttpRequest) -> HttpResponse:
    """Here, and at the organisation for a log-in of its own, where ``OIDC_LOGOUT`` says so."""
    onward = there.address(request) if request.method == "POST" else ""
    response = _log_out(request)
    return redirect(onward) if onward else response


@never_cache
@csrf_exempt
@login_not_required
@require_POST
def back_channel(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The organisation's log-in logs somebody out, without a browser.

    200 where the token was right, also for who is not logged in; else 400, as the standard says.
    """
    if not settings.OIDC_LOGOUT:
        raise Http404
    if not ratelimit.consume(request, action="back_channel"):
        return JsonResponse({"error": "too_many_requests"}, status=429)
    try:
        named = read_token(request, provider_id, request.POST.get("logout_token", ""))
    except SocialApp.DoesNotExist as none:
        raise Http404 from none
    except Refused as why:
        refusals.of_token(request, str(why))
        return JsonResponse({"error": "invalid_request"}, status=400)
    end_by_organisation(subject_hash=named.subject_hash, sid_hash=named.sid_hash)
    return HttpResponse()


@require_http_methods(["GET", "HEAD", "POST"])
def time_left(request: Request) -> HttpResponse:
    """Asked when it is nearly over: a warning, or when to ask again. POST begins anew.

    Another tab may have been used meanwhile, so the server says, not the page.
    """
    if request.method == "POST":
        idle.go_on(request)
    left = idle.seconds_left(request)
    if left is None or not is_partial(request):
        return redirect("home")
    warning = left <= idle.warning_seconds(request)
    context = {
        "is_near": warning,
        "minutes": max(1, round(left / 60)),
        "ask_in": left + 1 if warning else left - idle.warning_seconds(request),
    }
    return render(request, "krams/log_in/_time_left.html", context)
