"""429 for who asks too often for what costs much."""

import hashlib
import logging
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ..log_in.attempts import whose
from ..web import errors
from ..web.htmx import HtmxRequest
from ..web.logs import safe_path
from .counting import take
from .table import limit_of

logger = logging.getLogger("krams.limits")


class LimitsMiddleware:
    """Stands after what refuses: what nobody may ask for is not counted.

    One query more where there is a limit, and two where it is reached.
    """

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
        match = request.resolver_match
        if not settings.RATE_LIMITS or match is None:
            return None
        limit = limit_of(match.view_name, request.method or "", request.user.is_authenticated)
        seconds = take(limit, _whose(request)) if limit else 0
        if not limit or not seconds:
            return None
        logger.warning(
            "too many requests",
            extra={
                "path": safe_path(request),
                "user_id": request.user.pk,
                "reason": limit.name,
            },
        )
        return errors.too_many(request, seconds)


def _whose(request: HttpRequest) -> str:
    """The account; without one the address in the network, which the key does not tell."""
    if request.user.is_authenticated:
        return f"account:{request.user.pk}"
    address = whose(get_adapter(request).get_client_ip(request))
    return f"address:{hashlib.sha256(address.encode()).hexdigest()[:32]}"
