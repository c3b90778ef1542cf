"""Error pages in the portal's look.

500 and 503 are drawn without the request, so they need neither database nor session.
"""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

RETRY_AFTER_SECONDS = 600


def _bare(status: int) -> HttpResponse:
    return HttpResponse(render_to_string(f"{status}.html"), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def method_not_allowed(request: HttpRequest, methods: Iterable[str]) -> HttpResponse:
    """405; the address exists, but not for what was asked of it."""
    response = _bare(405)
    response.headers["Allow"] = ", ".join(methods)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    return _bare(500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503 during maintenance; browsers and monitors are told when to come back."""
    response = _bare(503)
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The log-in ran out, or the form comes from elsewhere: nothing was saved."""
    return render(request, "403_csrf.html", status=403)
