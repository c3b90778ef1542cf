"""Counts requests, and tells a monitor what was counted: ``/metrics``, where METRICS_TOKEN is set.

It stands outermost, as ``krams.web.health`` does: a monitor asks each process by its own address,
by plain HTTP and without a session. docs/monitoring.md lists the numbers.
"""

import secrets
import sys
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.core.signals import got_request_exception
from django.db import connections
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from ..database.away import is_away
from . import counters
from .processes import collect_all
from .standing import Standing

PATH = "/metrics"
METHODS = {"GET", "HEAD", "POST", "OPTIONS"}
KINDS = {True: "database_away", False: "portal"}


class MetricsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        if not settings.METRICS_TOKEN:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.expected = f"Bearer {settings.METRICS_TOKEN}".encode()
        self.registry = CollectorRegistry()
        if not collect_all(self.registry):
            self.registry = counters.OWN
        self.standing = CollectorRegistry()
        self.standing.register(Standing())
        got_request_exception.connect(_count_error, dispatch_uid="krams.operation")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == PATH:
            return self._tell(request)
        started = time.perf_counter()
        counters.IN_FLIGHT.inc()
        try:
            response = self.get_response(request)
        finally:
            counters.IN_FLIGHT.dec()
        counters.answered(
            view=_view(request),
            method=request.method if request.method in METHODS else "other",
            status=response.status_code,
            seconds=time.perf_counter() - started,
        )
        _look_at_pool()
        return response

    def _tell(self, request: HttpRequest) -> HttpResponse:
        """All numbers; 401 for whoever does not know the token."""
        given = request.headers.get("Authorization", "").encode()
        if not secrets.compare_digest(given, self.expected):
            return _said("the token is missing or wrong", 401, **{"WWW-Authenticate": "Bearer"})
        if request.method not in ("GET", "HEAD"):
            return _said("ask by GET", 405, Allow="GET, HEAD")
        _look_at_pool()
        text = generate_latest(self.registry) + generate_latest(self.standing)
        return _said(text, content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _view(request: HttpRequest) -> str:
    """The name of the address: as many as there are in ``urls.py``, whatever is asked for."""
    match = request.resolver_match
    if match is not None:
        return match.view_name
    return "static" if request.path.startswith(settings.STATIC_URL) else "other"


def _look_at_pool() -> None:
    pool = getattr(connections["default"], "pool", None)
    if pool is not None:
        counters.saw_pool(pool.get_stats())


def _count_error(**_signal: Any) -> None:
    counters.ERRORS.labels(KINDS[is_away(sys.exception())]).inc()


def _said(
    text: str | bytes, status: int = 200, content_type: str = "text/plain", **headers: str
) -> HttpResponse:
    headers |= {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(text, status=status, content_type=content_type, headers=headers)
