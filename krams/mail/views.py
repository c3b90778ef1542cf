"""Stopping an e-mail by its link, without a log-in."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from ..enums import DigestFrequency
from . import actions, queries, unsubscribe_links


@never_cache
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, for programs that look for viruses open every link; POST stops the e-mail.

    Mail programs post from their one button (RFC 8058) and follow no redirect.
    """
    try:
        person = queries.person_of(token)
    except unsubscribe_links.TooOld:
        return render(request, "krams/mail/unsubscribe.html", {"state": "old"}, status=410)
    except unsubscribe_links.NotOurs:
        return render(request, "krams/mail/unsubscribe.html", {"state": "unknown"}, status=404)
    if request.method == "POST":
        person = actions.stop_digest(person)
    is_stopped = person.digest_frequency == DigestFrequency.NEVER
    return render(
        request, "krams/mail/unsubscribe.html", {"state": "stopped" if is_stopped else "ask"}
    )
