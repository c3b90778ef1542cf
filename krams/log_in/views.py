"""Pages of the account where django-allauth's own do not suffice."""

import time

from allauth.account.views import PasswordResetView
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..people.requests import Request
from ..web.htmx import is_partial
from . import idle, second_step
from .actions import end_sessions

# Longer than it takes to post a letter, also on a busy database.
EVEN_SECONDS = 0.4
_ask_for_link = PasswordResetView.as_view()


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


@require_safe
def set_up_second_step(request: Request) -> HttpResponse:
    """The two ways of having one; who has one goes on to what was asked for."""
    if second_step.was_taken(request):
        return redirect(request.session.pop(second_step.ASKED_FOR, None) or "home")
    context = {"is_required": second_step.is_required_of(request.user)}
    return render(request, "krams/log_in/second_step.html", context)


@require_POST
def log_out_everywhere(request: Request) -> HttpResponse:
    """Here too: whoever has the open page of another computer has nothing."""
    end_sessions(request.user, by=request.user)
    logout(request)
    messages.success(request, _("You are logged out everywhere."))
    return redirect("account_login")


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
