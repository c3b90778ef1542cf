"""Every file that leaves the portal is kept in the audit log, whichever page it is of."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from ..audit.actions import record
from ..enums import AuditKind
from ..models import Authority, User
from ..replica.reading import beside_the_request

# What of an address opens something is kept nowhere.
SECRETS = {"token", "key"}


class ExportsMiddleware:
    """Stands innermost, where the request of the audit log is known.

    Empty templates to fill in are no exports.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        sent = response.headers.get("Content-Disposition", "")
        is_answer = request.method == "GET" and response.status_code == 200
        if is_answer and sent.startswith("attachment") and not _is_empty(request):
            keep(request, sent.partition("filename=")[2].strip('"'))
        return response


def _is_empty(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is None or (match.url_name or "").endswith("template")


def keep(request: HttpRequest, name: str) -> None:
    match = request.resolver_match
    assert match is not None, "asked by who calls"
    known = [str(value) for key, value in match.kwargs.items() if key not in SECRETS]
    user = request.user if isinstance(request.user, User) else None
    with beside_the_request():
        record(
            AuditKind.EXPORT,
            actor=user,
            about=" ".join([match.view_name, *known]),
            authority=_home(user) if user else None,
            file=name,
        )


def _home(user: User) -> Authority | None:
    """Of whom somebody takes it out: by the roles already read."""
    for scope in user.scopes:
        if scope.facility:
            return scope.facility.department.municipality
        if scope.department:
            return scope.department.municipality
        if scope.authority:
            return scope.authority
    return None
