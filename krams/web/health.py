"""Whether the portal lives, and whether it can serve: for service managers and load balancers.

Both are answered before anything else looks at the request: under every host name, by plain HTTP,
also during maintenance, and without a session, which is in the database. Their headers are those of
every page.
"""

import logging
from collections.abc import Callable
from typing import cast

from csp.middleware import CSPMiddleware
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware

from .middleware import PolicyMiddleware

logger = logging.getLogger("krams.health")

GetResponse = Callable[[HttpRequest], HttpResponse]


class HealthMiddleware:
    def __init__(self, get_response: GetResponse):
        self.get_response = get_response
        self.answers = {"/healthz": self.live, "/readyz": self.ready}
        # SECURE_REDIRECT_EXEMPT lets them be asked for by plain HTTP.
        self.answer: GetResponse = self._answer
        for outer in (XFrameOptionsMiddleware, CSPMiddleware, PolicyMiddleware, SecurityMiddleware):
            self.answer = cast(GetResponse, outer(self.answer))
        # Migrations that were seen do not go again: an upgrade restarts the process.
        self.is_migrated = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return (self.answer if request.path in self.answers else self.get_response)(request)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        return self.answers[request.path]()

    def live(self) -> HttpResponse:
        """200 "ok" as long as the process answers: what is away elsewhere restarts nothing here."""
        return _said("ok")

    def ready(self) -> HttpResponse:
        """200 "ready" when the database answers and has all migrations; else 503 and why."""
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            if not self._has_all_migrations():
                return _said("migrations are missing", 503)
        except (DatabaseError, InterfaceError) as error:
            logger.warning("not ready: %s", type(error).__name__)
            return _said("the database does not answer", 503)
        return _said("ready")

    def _has_all_migrations(self) -> bool:
        if not self.is_migrated:
            executor = MigrationExecutor(connection)
            self.is_migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        return self.is_migrated


def _said(text: str, status: int = 200) -> HttpResponse:
    headers = {"Cache-Control": "no-store"}
    kind = "text/plain; charset=utf-8"
    return HttpResponse(text, status=status, content_type=kind, headers=headers)
