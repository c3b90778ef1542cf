"""What the organisation's log-in said at a log-in, kept in the session as long as that lasts."""

import hashlib
from collections.abc import Mapping
from typing import Any, TypedDict

from allauth.account.signals import user_logged_in
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.dispatch import receiver
from django.http import HttpRequest

from ...people.sessions import ORGANISATION

# In the state of a ``SocialLogin``, which outlives a second step of our own.
STATE = "organisation"
# How far the clocks of two servers may be apart.
LEEWAY_SECONDS = 60


class Named(TypedDict):
    """How a SAML log-in names the person (value, format and qualifiers) and its session."""

    name: dict[str, str]
    index: str


class Told(TypedDict, total=False):
    """``subject_hash`` and ``sid_hash`` are how its log-out names the session here.

    ``hint`` and ``end`` are for logging out there: whose session (the ID token, encrypted), and the
    address; ``named`` is the same for SAML. ``strong``: it took a second step, by what ``OIDC_ACR``
    says.
    """

    subject_hash: str
    sid_hash: str
    hint: str
    end: str
    strong: bool
    named: Named


def name_hash(issuer: str, name: str) -> str:
    """Of a subject or a session of the issuer's; "" for none."""
    return hashlib.sha256(f"{issuer}\0{name}".encode()).hexdigest() if name else ""


def is_strong(claims: Mapping[str, Any]) -> bool:
    """Whether ``acr`` or one of ``amr`` is a value of ``OIDC_ACR``.

    Of the ID token: OpenID Connect Core 1.0, section 2; RFC 8176.
    """
    amr = claims.get("amr")
    values = [claims.get("acr"), *(amr if isinstance(amr, list) else [amr])]
    return any(isinstance(one, str) and one in settings.OIDC_ACR for one in values)


def is_of_another_issuer(account: SocialAccount, issuer: str) -> bool:
    """Whether the subject came from another one so far, where it may be somebody else.

    Asked before allauth writes what came now. An account from before it was kept may be anybody's.
    """
    rows = SocialAccount.objects.filter(provider=account.provider, uid=account.uid)
    kept = rows.values_list("extra_data", flat=True).first() or {}
    return bool(kept.get("iss", issuer) != issuer)


def of_session(request: HttpRequest) -> Told:
    """Empty for a log-in of another way."""
    found: Told = request.session.get(ORGANISATION, {})
    return found


@receiver(user_logged_in)
def _came_in(sender: object, request: HttpRequest, **more: Any) -> None:
    login = more.get("sociallogin")
    if login is not None and (told := login.state.get(STATE)):
        request.session[ORGANISATION] = told
