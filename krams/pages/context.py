"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from ..enums import AuthorityKind, Role
from ..log_in import idle
from ..people.models import Membership
from .halves import halves_of
from .help_places import help_for


def portal(request: HttpRequest) -> dict[str, Any]:
    """The halves and places in the page head, from the person's memberships (one query)."""
    match = request.resolver_match
    installation = {
        "is_demo": settings.DEBUG,
        "organisation": settings.ORGANISATION,
        "has_passwords": settings.PASSWORD_LOGIN,
        "help_here": help_for(match.view_name) if match else "",
    }
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return installation
    facility = department = cluster = None
    for membership in user.scopes:
        facility = facility or membership.facility
        department = department or membership.department
        cluster = cluster or membership.cluster
    if facility and not department:
        department = facility.department
    return {
        "ask_in": _seconds_until_warning(request),
        "my_facility": facility,
        "my_department": department,
        "my_cluster": cluster,
        # Whoever administers a municipality comes back to what is left of its set-up.
        "sets_up": user.is_superuser or any(map(_administers, user.scopes)),
        "my_roles": {Role(membership.role) for membership in user.scopes},
        **installation,
        "halves": halves_of(user, match.app_name if match else ""),
    }


def _seconds_until_warning(request: HttpRequest) -> int | None:
    """When the page asks how long is left of a session that ends when nobody uses it."""
    left = idle.seconds_left(request)
    return None if left is None else max(1, left - idle.warning_seconds(request))


def _administers(membership: Membership) -> bool:
    authority = membership.authority
    return (
        membership.role == Role.ADMINISTRATOR
        and authority is not None
        and authority.kind == AuthorityKind.MUNICIPALITY
    )
