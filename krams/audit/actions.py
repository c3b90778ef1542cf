"""Keep what happened, in the transaction of what happened."""

from allauth.account.adapter import get_adapter
from allauth.core import context
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from ..enums import AuditKind
from ..models import AuditEntry, Authority, User
from ..privacy.cpr import find_cpr
from .networks import network_of

LONGEST_ABOUT = 200
Detail = str | int | bool | None | list[str]


def record(
    kind: AuditKind,
    *,
    actor: User | AnonymousUser | None,
    about: str = "",
    authority: Authority | None = None,
    **details: Detail,
) -> AuditEntry:
    """Keep that ``actor`` (None: nobody, or a command) did something of ``kind``.

    ``about`` names the object, ``details`` are short facts (a role, a number of rows, the name of a
    file): no text that a person wrote, no secret. What looks like a CPR number is left out.
    """
    person = actor if isinstance(actor, User) and actor.pk else None
    return AuditEntry.objects.create(
        kind=kind,
        actor=person,
        actor_name=str(person or "")[:120],
        about=_without_cpr(about)[:LONGEST_ABOUT],
        authority=authority,
        details={name: _plain(value) for name, value in details.items()},
        address=_network(),
    )


def _plain(value: Detail) -> Detail:
    if isinstance(value, list):
        return [_without_cpr(one) for one in value]
    return _without_cpr(value) if isinstance(value, str) else value


def _without_cpr(text: str) -> str:
    """An entry is not refused for what somebody called a file."""
    for start, end in reversed(find_cpr(text)):
        text = f"{text[:start]}…{text[end:]}"
    return text


def _network() -> str:
    """Of the request that is answered just now; "" for a command."""
    request = getattr(context, "request", None)
    if request is None:
        return ""
    try:
        return network_of(get_adapter().get_client_ip(request))
    except PermissionDenied:
        # allauth's word for an address that the proxy did not tell.
        return ""
