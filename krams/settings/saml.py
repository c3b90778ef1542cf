"""What the environment says of a SAML 2.0 log-in; docs/log-in.md explains the variables.

A provider of django-allauth's, or none. Every function raises ``ImproperlyConfigured`` with the
variable's name and what it may hold.
"""

import datetime as dt
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from django.core.exceptions import ImproperlyConfigured

from ..env import Env
from .saml_metadata import LEAST_KEY_BITS, BadMetadata, has_long_key, is_safe, organisation_of

# The one organisation, in addresses; and what its accounts are kept under.
SLUG, PROVIDER_ID = "organisation", "organisation-saml"
# National standard for the levels of identities (NSIS), lowest first.
NSIS = ("low", "substantial", "high")
NSIS_ATTRIBUTE = "https://data.gov.dk/concept/core/nsis/loa"
# OIOSAML 3.0, then ADFS and Entra ID, then X.500.
EMAIL_ATTRIBUTES = (
    "https://data.gov.dk/model/core/eid/email",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
    "urn:oid:0.9.2342.19200300.100.1.3",
)
NAME_ATTRIBUTES = (
    "https://data.gov.dk/model/core/eid/fullName",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
    "urn:oid:2.16.840.1.113730.3.1.241",
)
NAMED = ("SAML_METADATA", "SAML_SSO_URL")
BY_HAND = ("SAML_IDP_ENTITY_ID", "SAML_SSO_URL", "SAML_IDP_CERTIFICATE")


def is_named(env: Env) -> bool:
    """Whether there is such a log-in at all."""
    return any(map(env.text, NAMED))


def provider(env: Env) -> dict[str, Any]:
    """``SOCIALACCOUNT_PROVIDERS`` for it; {} where no variable names one."""
    if not is_named(env):
        return {}
    if find_spec("onelogin") is None:
        raise ImproperlyConfigured(
            f"{NAMED[0]}: SAML needs two packages more: pip install -r requirements-saml.lock"
        )
    key, certificate = _own_key(env)
    app = {
        "provider_id": PROVIDER_ID,
        "name": env.text("SAML_NAME") or "Log ind med kommunens login",
        "client_id": SLUG,
        "settings": {
            "entity_id": env.text("SAML_ENTITY_ID"),
            "private_key": key,
            "certificate": certificate,
            **_organisation(env),
            "email_attributes": env.words("SAML_EMAIL_ATTRIBUTE") or [*EMAIL_ATTRIBUTES],
            "name_attributes": env.words("SAML_NAME_ATTRIBUTE") or [*NAME_ATTRIBUTES],
            "subject_attribute": _subject_attribute(env),
            **_level(env),
            # Whose addresses open an account; allauth reads it.
            "verified_email": _domains(env),
        },
    }
    return {"saml": {"APPS": [app], "EMAIL_AUTHENTICATION": True}}


def origins(env: Env) -> list[str]:
    """Where the log-in page may send the browser; of metadata elsewhere only ``SAML_ORIGINS``."""
    if not is_named(env):
        return []
    idp = _organisation(env)["idp"] or {}
    urls = [env.text("SAML_METADATA"), env.text("SAML_SSO_URL"), env.text("SAML_SLO_URL")]
    for name in ("singleSignOnService", "singleLogoutService"):
        urls.append(idp.get(name, {}).get("url", ""))
    parts = [urlsplit(url) for url in urls if "://" in url]
    own = dict.fromkeys(f"{one.scheme}://{one.netloc}" for one in parts)
    return [*own, *env.origins("SAML_ORIGINS")]


def _organisation(env: Env) -> dict[str, Any]:
    """``idp`` as python3-saml takes it, or where to get it: ``metadata_url``."""
    metadata, entity_id = env.text("SAML_METADATA"), env.text("SAML_IDP_ENTITY_ID")
    found: dict[str, Any] = {"metadata_url": "", "idp_entity_id": entity_id, "idp": None}
    pinned = env.words("SAML_METADATA_CERTIFICATE")
    if pinned and "://" not in metadata:
        raise ImproperlyConfigured(
            "SAML_METADATA_CERTIFICATE is for metadata at an address; whoever puts a file here has"
            " looked whose it is."
        )
    found["metadata_certificates"] = _certificates("SAML_METADATA_CERTIFICATE", pinned)
    if "'" in entity_id or '"' in entity_id:
        raise ImproperlyConfigured(f"SAML_IDP_ENTITY_ID={entity_id!r}: write it without quotes.")
    if not metadata:
        return found | {"idp": _by_hand(env)}
    if both := [name for name in (*BY_HAND[1:], "SAML_SLO_URL") if env.text(name)]:
        raise ImproperlyConfigured(f"SAML_METADATA has {', '.join(both)} already: write one.")
    if "://" in metadata:
        _must_be_safe("SAML_METADATA", metadata)
        return found | {"metadata_url": metadata}
    try:
        return found | {"idp": organisation_of(_file(env, "SAML_METADATA"), entity_id)}
    except BadMetadata as error:
        raise ImproperlyConfigured(f"SAML_METADATA={metadata!r}: {error}") from error


def _by_hand(env: Env) -> dict[str, Any]:
    if missing := [name for name in BY_HAND if not env.text(name)]:
        raise ImproperlyConfigured(f"{', '.join(missing)} is missing; or write SAML_METADATA.")
    for name in ("SAML_SSO_URL", "SAML_SLO_URL"):
        if env.text(name):
            _must_be_safe(name, env.text(name))
    name = "SAML_IDP_CERTIFICATE"
    signing = _certificates(name, env.words(name))
    idp: dict[str, Any] = {
        "entityId": env.text("SAML_IDP_ENTITY_ID"),
        "singleSignOnService": {"url": env.text("SAML_SSO_URL")},
        "x509certMulti": {"signing": signing},
    }
    if slo := env.text("SAML_SLO_URL"):
        idp["singleLogoutService"] = {"url": slo}
    return idp


def _own_key(env: Env) -> tuple[str, str]:
    """Our key and certificate as PEM: what we sign with, and what is encrypted for us."""
    if missing := [name for name in ("SAML_KEY", "SAML_CERTIFICATE") if not env.text(name)]:
        raise ImproperlyConfigured(f"{', '.join(missing)} is missing: the file with it (PEM).")
    written = _file(env, "SAML_KEY")
    try:
        key = load_pem_private_key(written, password=None)
    except (ValueError, TypeError) as error:
        raise ImproperlyConfigured("SAML_KEY is no key in PEM without a password.") from error
    if not isinstance(key, RSAPrivateKey) or key.key_size < LEAST_KEY_BITS:
        raise ImproperlyConfigured(f"SAML_KEY: write an RSA key of {LEAST_KEY_BITS} bits or more.")
    certificate = _certificate("SAML_CERTIFICATE", _file(env, "SAML_CERTIFICATE"))
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if certificate.public_key().public_bytes(*form) != key.public_key().public_bytes(*form):
        raise ImproperlyConfigured("SAML_CERTIFICATE is of another key than SAML_KEY.")
    return written.decode(), certificate.public_bytes(Encoding.PEM).decode()


def _certificate(name: str, written: bytes) -> x509.Certificate:
    try:
        found = x509.load_pem_x509_certificate(written)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is no certificate in PEM.") from error
    if not has_long_key(found):
        raise ImproperlyConfigured(f"{name}: it needs an RSA key of {LEAST_KEY_BITS} bits or more.")
    if found.not_valid_after_utc < dt.datetime.now(dt.UTC):
        raise ImproperlyConfigured(f"{name} has run out.")
    return found


def _certificates(name: str, files: list[str]) -> list[str]:
    """PEM of each; two while one replaces the other."""
    found = [_certificate(name, _read(name, one)) for one in files]
    return [one.public_bytes(Encoding.PEM).decode() for one in found]


def _level(env: Env) -> dict[str, Any]:
    """The least level, and what of a person tells it: an attribute or how they logged in."""
    wanted = env.words("SAML_LEVEL")
    attribute = env.text("SAML_LEVEL_ATTRIBUTE") or NSIS_ATTRIBUTE
    nsis = [one.casefold() for one in wanted if one.casefold() in NSIS]
    if nsis and len(wanted) > 1:
        raise ImproperlyConfigured(f"SAML_LEVEL={','.join(wanted)}: write one level, the least.")
    if not nsis and any(":" not in one for one in wanted):
        raise ImproperlyConfigured(
            "SAML_LEVEL: write Low, Substantial or High, or addresses of AuthnContextClassRef."
        )
    return {
        "level": nsis[0] if nsis else "",
        "level_attribute": attribute,
        "class_refs": [] if nsis else wanted,
    }


def _subject_attribute(env: Env) -> str:
    name = env.text("SAML_SUBJECT_ATTRIBUTE")
    if "cpr" in name.casefold():
        raise ImproperlyConfigured("SAML_SUBJECT_ATTRIBUTE: the portal keeps no CPR numbers.")
    return name


def _domains(env: Env) -> list[str]:
    found = env.words("SAML_EMAIL_DOMAINS")
    if wrong := [one for one in found if "@" in one or "." not in one or "*" in one]:
        raise ImproperlyConfigured(
            f"SAML_EMAIL_DOMAINS: {wrong[0]!r} is no domain like kommune.dk."
        )
    return found


def _must_be_safe(name: str, url: str) -> None:
    if not is_safe(url):
        raise ImproperlyConfigured(f"{name}={url!r}: write an address with https://.")


def _file(env: Env, name: str) -> bytes:
    return _read(name, env.text(name))


def _read(name: str, path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}={path!r} cannot be read: {error.strerror}.") from error
