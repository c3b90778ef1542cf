"""The secret part of an address, and what is kept of it. Pure but for chance."""

import hashlib
import secrets

# Of chance: 256 bits, which nobody guesses, so that SHA-256 without salt is enough.
BYTES = 32


def new_token() -> str:
    return secrets.token_urlsafe(BYTES)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
