"""Error pages in the portal's look.

500 and 503 are drawn without the request, so they need neither database nor session.
"""

import sys
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.shortcuts import render
from django.template.loader import render_to_string

from ..database.away import is_away
from . import unsent_forms
from .htmx import HtmxRequest, is_partial
from .logs import reference

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
RETRY_AFTER_SECONDS = 600
# A database that restarts is back within seconds.
AWAY_RETRY_AFTER_SECONDS = 5


def _bare(status: int, **context: Any) -> HttpResponse:
    return HttpResponse(render_to_string(f"{status}.html", context), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400; 413 for a form that is too large, or has too many fields or files."""
    if isinstance(exception, TOO_MUCH):
        return _bare(413)
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def refused(request: HttpRequest) -> HttpResponse:
    """422 for a CPR number that no field has told of; what was typed is still in the browser."""
    return render(request, "422.html", status=422)


def strange(status: int) -> HttpResponse:
    """414 for an address that is too long, 431 for cookies; 411 for a body without a length."""
    return _bare(status)


def method_not_allowed(request: HttpRequest, methods: Iterable[str]) -> HttpResponse:
    """405; the address exists, but not for what was asked of it."""
    response = _bare(405)
    response.headers["Allow"] = ", ".join(methods)
    return response


def too_many(request: HtmxRequest, seconds: int) -> HttpResponse:
    """429: try again in so many seconds. A form that was sent stands ready to be sent again.

    Within a page the script tells of it, and nothing of the page goes.
    """
    if is_partial(request):
        response = HttpResponse(status=429)
    else:
        response = _bare(429, seconds=seconds, sent=_sent(request))
    response.headers["Retry-After"] = str(seconds)
    response.headers["Cache-Control"] = "no-store"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500; 503 where the database cannot be reached, which is nobody's error here."""
    return away(request) if is_away(sys.exception()) else _bare(500, reference=reference())


def away(request: HttpRequest) -> HttpResponse:
    """503 while the database cannot be reached: what was sent stands ready to be sent again."""
    given = {"sent": _sent(request), "request": request, "reference": reference()}
    response = HttpResponse(render_to_string("503_away.html", given), status=503)
    response.headers["Retry-After"] = str(AWAY_RETRY_AFTER_SECONDS)
    response.headers["Cache-Control"] = "no-store"
    return response


class OwnForms(CsrfViewMiddleware):
    """Django's check whether a form is ours, where the request did not get as far as that."""

    def __init__(self) -> None:
        super().__init__(lambda request: HttpResponse())

    def sent(self, request: HttpRequest) -> bool:
        return self.process_view(request, _bare, (), {}) is None

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        # Its own page would ask the database who is logged in.
        return HttpResponse(status=403)


def _sent(request: HttpRequest) -> dict[str, Any] | None:
    """A form of the portal's own that did not get through.

    None for one that may come from elsewhere: nobody else puts words into our page. Nor for one
    with a password, which no page repeats: without it, it would be sent in vain.
    """
    is_ours = request.method == "POST" and OwnForms().sent(request)
    is_all = is_ours and unsent_forms.is_whole(request)
    fields = unsent_forms.fields_of(request) if is_all else []
    if not fields:
        return None
    return {
        "path": request.get_full_path(),
        "fields": fields,
        "typed": unsent_forms.typed(fields),
        "lacks_files": bool(request.FILES),
        "token": get_token(request),
    }


def unavailable(request: HttpRequest) -> HttpResponse:
    """503 during maintenance; browsers and monitors are told when to come back."""
    response = _bare(503)
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The log-in ran out, or the form comes from elsewhere: nothing was saved."""
    return render(request, "403_csrf.html", status=403)
