"""Django's sessions with the standard library alone: what the floor checks on each request."""

import base64
import hashlib
import hmac
import json
import zlib
from typing import Any

SALT = "django.contrib.sessions.SessionStore"


class BadSession(Exception):
    """Nobody is logged in with that."""


def signing_key(secret: str) -> bytes:
    """The key that follows from SECRET_KEY."""
    return hashlib.sha256((SALT + "signer" + secret).encode()).digest()


def decode(stored: str, key: bytes) -> dict[str, Any]:
    """What a row of the session table says. Raises ``BadSession`` where it was not signed so."""
    value, _, signature = stored.rpartition(":")
    wanted = hmac.new(key, value.encode(), hashlib.sha256).digest()
    if not hmac.compare_digest(_encoded(wanted), signature.encode()):
        raise BadSession
    data, _, _signed_at = value.rpartition(":")
    is_compressed = data.startswith(".")
    content = base64.urlsafe_b64decode(data.lstrip(".") + "=" * (-len(data.lstrip(".")) % 4))
    found: dict[str, Any] = json.loads(zlib.decompress(content) if is_compressed else content)
    return found


def cookie(header: str, name: str) -> str:
    """The value of a cookie; "" where it was not sent."""
    for part in header.split("; "):
        key, _, value = part.partition("=")
        if key == name:
            return value
    return ""


def _encoded(digest: bytes) -> bytes:
    return base64.urlsafe_b64encode(digest).rstrip(b"=")
