"""Logged out by the organisation: OpenID Connect Back-Channel Logout 1.0.

The provider posts a signed token that names a session (``sid``) or a person (``sub``). It is
checked as section 2.6 asks, and each is taken once.
"""

import hashlib
import time
from dataclasses import dataclass
from typing import Any

import jwt
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.core.cache import cache
from django.http import HttpRequest
from requests import RequestException

from ..oidc import StrictAdapter
from .told import LEEWAY_SECONDS, name_hash

EVENT = "http://schemas.openid.net/event/backchannel-logout"
REQUIRED = ["iss", "aud", "iat", "exp", "jti", "events"]
LONGEST_TOKEN = 16_384
# A token says itself until when it counts; none counts longer, so that each can be remembered.
LONGEST_SECONDS = 3600


class Refused(Exception):
    """The token logs nobody out; the message says why, for the log."""


@dataclass(frozen=True)
class Named:
    """Whose sessions end: all of the person's, or the one that is named."""

    subject_hash: str
    sid_hash: str


def read(request: HttpRequest, provider_id: str, token: str) -> Named:
    """Whom a token logs out. Raises ``Refused``, and ``DoesNotExist`` without a provider."""
    adapter = StrictAdapter(request, provider_id)
    app = adapter.get_provider().app
    if not token or len(token) > LONGEST_TOKEN:
        raise Refused("no token")
    _refuse_strange(token, app)
    try:
        claims = adapter.decode(app, token, REQUIRED)
    except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
        raise Refused(type(error).__name__) from error
    except (OAuth2Error, RequestException) as error:
        raise Refused("the provider does not answer, or the key is not its own") from error
    return _named(claims)


def _refuse_strange(token: str, app: SocialApp) -> None:
    """Before the provider is asked for its keys: what does not even claim to be for us."""
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError) as error:
        raise Refused("no token") from error
    audience = claims.get("aud")
    if app.client_id not in (audience if isinstance(audience, list) else [audience]):
        raise Refused("another audience")


def _named(claims: dict[str, Any]) -> Named:
    events, subject, sid = claims["events"], claims.get("sub"), claims.get("sid")
    if not isinstance(events, dict) or not isinstance(events.get(EVENT), dict):
        raise Refused("no log-out")
    if "nonce" in claims:
        # An ID token, which a browser has seen.
        raise Refused("a nonce")
    texts = [one for one in (subject, sid) if one is not None]
    if not texts or not all(isinstance(one, str) and one for one in texts):
        raise Refused("nobody is named")
    # The library takes a text of digits too.
    seconds = int(claims["exp"]) + LEEWAY_SECONDS - time.time()
    if seconds > LONGEST_SECONDS:
        raise Refused("counts too long")
    jti = hashlib.sha256(f"{claims['iss']}\0{claims['jti']}".encode()).hexdigest()
    if not cache.add(f"oidc-logout:{jti}", True, max(1, seconds)):
        raise Refused("used before")
    issuer = claims["iss"]
    return Named(name_hash(issuer, subject or ""), name_hash(issuer, sid or ""))
