"""Pages of the account where django-allauth's own do not suffice."""

import time

from allauth.account.views import PasswordResetView
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from ..people.requests import Request
from . import second_step

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
