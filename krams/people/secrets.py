"""Secrets in the database, encrypted with keys made of ``SECRET_KEY``: those of second steps, and
the ID token that a log-out shows to the organisation.

The seeds of apps and of recovery codes cannot be hashed: codes are computed from them. Whoever has
the database or a backup alone can compute none (ASVS 6.5.2). A key of ``SECRET_KEY_FALLBACKS``
still opens what it closed; ``manage.py encrypt_secrets`` closes it with the newest.

As long as a secret stands there in clear, others are written so too: a version of the portal that
knows nothing of this may be serving beside, and cannot read what is encrypted.
"""

import base64
import logging
import secrets

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db.models import Q

PREFIX = "fernet:"
# What a key is for: each purpose has its own.
SECOND_STEP, LOG_OUT = b"krams second step", b"krams log-out"
# Which fact of an authenticator is the secret.
FIELDS = {Authenticator.Type.TOTP: "secret", Authenticator.Type.RECOVERY_CODES: "seed"}
logger = logging.getLogger("krams.log_in")


def _fernet(key: str, purpose: bytes) -> Fernet:
    """HKDF of RFC 5869, with SHA-256."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


def encrypted(text: str, purpose: bytes = SECOND_STEP) -> str:
    return PREFIX + _fernet(settings.SECRET_KEY, purpose).encrypt(text.encode()).decode()


def is_newest(text: str) -> bool:
    """Whether it is closed with the key of today."""
    try:
        _fernet(settings.SECRET_KEY, SECOND_STEP).decrypt(text.removeprefix(PREFIX))
    except InvalidToken:
        return False
    return text.startswith(PREFIX)


def decrypted(text: str, purpose: bytes = SECOND_STEP) -> str:
    """What stands in clear is as it is. Raises ``InvalidToken`` where no key fits."""
    if not text.startswith(PREFIX):
        return text
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    fitting = MultiFernet([_fernet(key, purpose) for key in keys])
    return fitting.decrypt(text.removeprefix(PREFIX)).decode()


def to_write(text: str) -> str:
    """Encrypted, where no other one stands in clear."""
    is_clear = Q(pk=None)
    for kind, field in FIELDS.items():
        is_clear |= Q(type=kind) & ~Q((f"data__{field}__startswith", PREFIX))
    return text if Authenticator.objects.filter(is_clear).exists() else encrypted(text)


def to_check(text: str) -> str:
    """The secret; where no key fits one that nobody knows, so that every code is wrong."""
    try:
        return decrypted(text)
    except InvalidToken:
        logger.exception("second step unreadable: its key is not in SECRET_KEY_FALLBACKS")
        return base64.b32encode(secrets.token_bytes(20)).decode()
