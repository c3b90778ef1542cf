"""What an identity provider says of itself: the metadata of SAML 2.0, from a file or an answer.

Read at the start where it is a file, later where it is an address; python3-saml's own reading takes
the first of several providers, old metadata, and short keys.
"""

import base64
import binascii
import datetime as dt
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

LEAST_KEY_BITS = 2048
NAMES = {
    "md": "urn:oasis:names:tc:SAML:2.0:metadata",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}
REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"


class BadMetadata(Exception):
    """The metadata cannot be used; the message says why, in English, for an operator."""


def organisation_of(written: bytes, entity_id: str = "") -> dict[str, Any]:
    """Of one identity provider, in the form that python3-saml takes as ``idp``, and until when it
    counts (``valid_until``, the first of those that are told; None for ever).

    ``entity_id`` chooses among several. Raises ``BadMetadata``.
    """
    root = parsed(written)
    known = root.xpath("//md:EntityDescriptor[md:IDPSSODescriptor]", namespaces=NAMES)
    if entity_id:
        known = [one for one in known if one.get("entityID") == entity_id]
    if len(known) != 1:
        raise BadMetadata(
            f"{len(known)} identity providers; SAML_IDP_ENTITY_ID must name the one that counts."
        )
    [entity] = known
    [provider, *_more] = entity.xpath("md:IDPSSODescriptor", namespaces=NAMES)
    told = [one.get("validUntil") for one in (provider, entity, *entity.iterancestors())]
    ends = min((_moment(one) for one in told if one is not None), default=None)
    if not (sign_on := _location(entity, "SingleSignOnService")):
        raise BadMetadata("there is no SingleSignOnService with HTTP-Redirect.")
    found: dict[str, Any] = {
        "entityId": entity.get("entityID"),
        "singleSignOnService": {"url": sign_on},
        "x509certMulti": {"signing": _signing(entity)},
        "valid_until": ends,
    }
    if not counts(found):
        raise BadMetadata("validUntil is over.")
    if leaving := _location(entity, "SingleLogoutService"):
        service = {"url": leaving}
        if answers := _location(entity, "SingleLogoutService", "ResponseLocation"):
            service["responseUrl"] = answers
        found["singleLogoutService"] = service
    for url in (sign_on, *found.get("singleLogoutService", {}).values()):
        if not is_safe(url):
            raise BadMetadata(f"{url!r} is no address with https://.")
    return found


def is_safe(url: str) -> bool:
    """Whether to send a browser there: nobody on the way reads or changes what it brings."""
    parts = urlsplit(url)
    is_here = parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1"}
    return bool(parts.netloc) and (parts.scheme == "https" or is_here)


def has_long_key(certificate: x509.Certificate) -> bool:
    key = certificate.public_key()
    return isinstance(key, RSAPublicKey) and key.key_size >= LEAST_KEY_BITS


def parsed(written: bytes) -> Any:
    """Its root. Raises ``BadMetadata`` for what is no XML, or has a document type."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(written, parser)
    except etree.LxmlError as error:
        raise BadMetadata("it is no XML.") from error
    if root.getroottree().docinfo.doctype:
        raise BadMetadata("it has a document type (DTD).")
    return root


def counts(found: dict[str, Any]) -> bool:
    """Whether what was read some time ago may still be used: a key in it may be withdrawn since."""
    # What is written by hand, or was kept by an earlier version, tells no end.
    ends = found.get("valid_until")
    return ends is None or dt.datetime.now(dt.UTC) <= ends


def _moment(until: str) -> dt.datetime:
    try:
        last = dt.datetime.fromisoformat(until)
    except ValueError as error:
        raise BadMetadata("validUntil is no time.") from error
    return last.replace(tzinfo=last.tzinfo or dt.UTC)


def _location(entity: Any, service: str, name: str = "Location") -> str:
    """Of the first that takes a redirect: we send what is signed in the address."""
    path = f"md:IDPSSODescriptor/md:{service}[@Binding=$binding]/@{name}"
    found = entity.xpath(path, namespaces=NAMES, binding=REDIRECT)
    return str(found[0]) if found else ""


def _signing(entity: Any) -> list[str]:
    """PEM of each certificate that it may sign with; two while it changes them."""
    path = (
        "md:IDPSSODescriptor/md:KeyDescriptor[not(@use) or @use='signing']"
        "/ds:KeyInfo/ds:X509Data/ds:X509Certificate"
    )
    found = []
    for node in entity.xpath(path, namespaces=NAMES):
        try:
            certificate = x509.load_der_x509_certificate(base64.b64decode(node.text or ""))
        except (ValueError, binascii.Error) as error:
            raise BadMetadata("a certificate of it cannot be read.") from error
        if has_long_key(certificate):
            found.append(certificate.public_bytes(Encoding.PEM).decode())
    if not found:
        raise BadMetadata(f"it has no RSA key of {LEAST_KEY_BITS} bits or more to sign with.")
    return found
