"""Pages of the account where django-allauth's own do not suffice."""

import time

from allauth.account.views import PasswordResetView
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse

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
