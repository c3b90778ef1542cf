"""Keep what happened, in the transaction of what happened."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.db.models.functions import Coalesce

from ..enums import AuditKind
from ..models import AuditEntry, Authority, User
from ..privacy.cpr import find_cpr
from .networks import network_of

LONGEST_ABOUT = 200
# Whose a person is: that of the first of their roles.
HOME = Coalesce(
    F("memberships__authority"),
    F("memberships__department__municipality"),
    F("memberships__facility__department__municipality"),
)
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
        address=network(),
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


def network() -> str:
    """Of the request that is answered just now; "" for a command."""
    request = getattr(context, "request", None)
    if request is None:
        return ""
    try:
        return network_of(get_adapter().get_client_ip(request))
    except PermissionDenied:
        # allauth's word for an address that the proxy did not tell.
        return ""


def listen() -> None:
    """To log-ins and log-outs, as Django tells of them: one trail for all.

    What was refused is kept by ``krams.log_in.refusals``, which knows why.
    """
    user_logged_in.connect(_came_in, dispatch_uid="krams.audit")
    user_logged_out.connect(_went_out, dispatch_uid="krams.audit")


def _came_in(sender: object, user: User, **_more: Any) -> None:
    _of_account(AuditKind.LOG_IN, user)


def _went_out(sender: object, user: User | None, **_more: Any) -> None:
    if user is not None:
        _of_account(AuditKind.LOG_OUT, user)


def _of_account(kind: AuditKind, user: User) -> None:
    _key, authority = account_and_authority(pk=user.pk)
    record(kind, actor=user, about=f"account:{user.pk}", authority=authority)


def account_and_authority(**which: Any) -> tuple[int | None, Authority | None]:
    """The key of the account and its authority, as far as there are any."""
    rows = User.objects.filter(**which).annotate(home=HOME).order_by("memberships__pk")
    found = rows.values_list("pk", "home").first()
    if found is None:
        return None, None
    pk, home = found
    return pk, Authority(pk=home) if home else None
