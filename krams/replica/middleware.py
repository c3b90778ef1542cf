"""Around each request: it begins on the primary, and no failure of a replica reaches anybody."""

from collections.abc import Callable

from django.core.exceptions import MiddlewareNotUsed
from django.db import Error
from django.http import HttpRequest, HttpResponse

from .reading import Course, course, give_up, is_configured, remember_write

SAFE = ("GET", "HEAD", "OPTIONS")


class ReplicaMiddleware:
    """Not there without ``REPLICA_URL``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        if not is_configured():
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = Course()
        token = course.set(now)
        try:
            response = self.get_response(request)
            # Whatever is sent may write, also in ways that no router sees.
            if now.has_written or request.method not in SAFE:
                remember_write(request)
            return response
        finally:
            course.reset(token)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A view that the replica failed is answered again, from the primary.

        It may have stopped, cancelled a query in the way of what it has to replay, or not know a
        new table yet.
        """
        now, match = course.get(), request.resolver_match
        if now is None or match is None or not now.on_replica or not isinstance(exception, Error):
            return None
        give_up(now)
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        return response
