"""Whether a message of SAML has the one shape that is taken, whatever its signatures say.

python3-saml finds what was signed by its ID, takes an assertion without audience, receiver or time
of its own, and knows what is too weak, not what is strong enough. Here stands what is strong enough
and nothing else is. Wrapped signatures (Somorovsky et al., "On Breaking SAML", 2012) need a second
element with the same ID, a second assertion, or a signature somewhere else: each is refused.
"""

import base64
import re
from typing import Any

from onelogin.saml2.constants import OneLogin_Saml2_Constants as Names
from onelogin.saml2.utils import OneLogin_Saml2_Utils as Tools
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML as Xml

from .refused import Refused

# An assertion with many groups; the largest of real ones have some 30,000 characters.
MOST_CHARACTERS = 400_000
# How far the clocks of two servers may be apart.
LEEWAY_SECONDS = 60
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
MORE = "http://www.w3.org/2001/04/xmldsig-more#"
PSS = "http://www.w3.org/2007/05/xmldsig-more#"
SIGNATURES = {
    *(f"{MORE}rsa-sha{bits}" for bits in (256, 384, 512)),
    *(f"{PSS}sha{bits}-rsa-MGF1" for bits in (256, 384, 512)),
}
DIGESTS = {Names.SHA256, Names.SHA384, Names.SHA512}
# What content is encrypted with, and its key: no 3DES, and no PKCS #1 v1.5, which tells too much.
ENCRYPTION = {
    *(Names.AES128_CBC, Names.AES192_CBC, Names.AES256_CBC),
    *(f"http://www.w3.org/2009/xmlenc11#aes{bits}-gcm" for bits in (128, 192, 256)),
    *(Names.RSA_OAEP_MGF1P, "http://www.w3.org/2009/xmlenc11#rsa-oaep"),
}
CONDITIONS = {"AudienceRestriction", "OneTimeUse", "ProxyRestriction"}


def decoded(encoded: str) -> bytes:
    """XML from base64. Raises ``Refused`` where it is none, or declares entities."""
    if len(encoded) > MOST_CHARACTERS:
        raise Refused("too long")
    try:
        return plain(base64.b64decode(re.sub(r"\s", "", encoded), validate=True))
    except ValueError as error:
        raise Refused("base64") from error


def plain(written: bytes) -> bytes:
    """The same, if it is UTF-8 and has no document type."""
    try:
        text = written.decode()
    except UnicodeDecodeError as error:
        raise Refused("encoding") from error
    if "<!DOCTYPE" in text or "<!ENTITY" in text or "\0" in text:
        raise Refused("document type")
    return written


def must_be_sound(document: Any) -> None:
    """Each ID once, each signature of its own parent, and only strong algorithms."""
    ids = document.xpath("//@ID | //@Id | //@AssertionID")
    if len(ids) != len(set(ids)):
        raise Refused("same ID twice")
    for signature in _found(document, "//ds:Signature"):
        _must_be_of_its_parent(signature)
    for method in _found(document, "//xenc:EncryptionMethod"):
        if method.get("Algorithm") not in ENCRYPTION:
            raise Refused("weak encryption")


def _must_be_of_its_parent(signature: Any) -> None:
    references = _found(signature, "ds:SignedInfo/ds:Reference")
    if len(_found(signature, ".//ds:Reference")) != 1 or len(references) != 1:
        raise Refused("signature of several things")
    # It signs all but itself: what it brings of keys could hold a message of anybody's.
    content = ".//*[starts-with(namespace-uri(), 'urn:oasis:names:tc:SAML:')]"
    if _found(signature, ".//ds:Object") or _found(signature, content):
        raise Refused("signature with content")
    name = signature.getparent().get("ID")
    if not name or references[0].get("URI") != f"#{name}":
        raise Refused("signature of another element")
    strong = {"ds:SignatureMethod": SIGNATURES, "ds:CanonicalizationMethod": {EXCLUSIVE}}
    for path, allowed in strong.items():
        _must_be_one_of(_found(signature, f"ds:SignedInfo/{path}"), allowed)
    _must_be_one_of(_found(references[0], "ds:DigestMethod"), DIGESTS)
    transforms = _found(references[0], "ds:Transforms/ds:Transform")
    if sorted(one.get("Algorithm") for one in transforms) != sorted([ENVELOPED, EXCLUSIVE]):
        raise Refused("transforms")


def _must_be_one_of(nodes: list[Any], allowed: set[str]) -> None:
    if len(nodes) != 1 or nodes[0].get("Algorithm") not in allowed:
        raise Refused("weak signature")


def must_be_for_us(assertion: Any, *, issuer: str, audience: str, receiver: str) -> None:
    """Who says it, to whom, and when. Raises ``Refused``."""
    if text_of(assertion, "saml:Issuer") != issuer:
        raise Refused("issuer")
    [conditions] = _found(assertion, "saml:Conditions") or [None]
    if conditions is None:
        raise Refused("no conditions")
    if {one.tag.rpartition("}")[2] for one in conditions} - CONDITIONS:
        raise Refused("unknown condition")
    _must_be_in_time(conditions, must_end=True)
    restrictions = _found(conditions, "saml:AudienceRestriction")
    if not restrictions:
        raise Refused("no audience")
    for one in restrictions:
        if audience not in [_text(node) for node in _found(one, "saml:Audience")]:
            raise Refused("audience")
    confirmed = _found(
        assertion, f"saml:Subject/saml:SubjectConfirmation[@Method='{Names.CM_BEARER}']"
    )
    data = [node for one in confirmed for node in _found(one, "saml:SubjectConfirmationData")]
    if len(data) != 1 or data[0].get("Recipient") != receiver:
        raise Refused("receiver")
    _must_be_in_time(data[0], must_end=True)
    if logged_in_at(assertion) > Tools.now() + LEEWAY_SECONDS:
        raise Refused("time of the log-in")


def logged_in_at(assertion: Any) -> int:
    """When the person logged in at the organisation, in seconds since 1970."""
    statements = _found(assertion, "saml:AuthnStatement")
    if len(statements) != 1:
        raise Refused("time of the log-in")
    return moment(statements[0].get("AuthnInstant"))


def answered_request(document: Any, assertion: Any) -> str:
    """The request that both the message and the assertion answer."""
    path = "saml:Subject/saml:SubjectConfirmation/saml:SubjectConfirmationData/@InResponseTo"
    message, told = document.get("InResponseTo"), _found(assertion, path)
    if not message or set(told) != {message}:
        raise Refused("answers no request")
    return str(message)


def ends_at(assertion: Any) -> int:
    """Until when it may be shown, in seconds since 1970; then nobody need remember it."""
    path = "saml:Subject/saml:SubjectConfirmation/saml:SubjectConfirmationData/@NotOnOrAfter"
    times = [*_found(assertion, "saml:Conditions/@NotOnOrAfter"), *_found(assertion, path)]
    return max(map(moment, times)) + LEEWAY_SECONDS


def moment(written: str | None) -> int:
    """Seconds since 1970. Raises ``Refused``."""
    try:
        return int(Tools.parse_SAML_to_time(written))
    except (ValueError, TypeError, AttributeError) as error:
        raise Refused("no time") from error


def _must_be_in_time(node: Any, *, must_end: bool) -> None:
    now, begins, ends = Tools.now(), node.get("NotBefore"), node.get("NotOnOrAfter")
    if begins is not None and moment(begins) > now + LEEWAY_SECONDS:
        raise Refused("not yet")
    if ends is None and must_end:
        raise Refused("never ends")
    if ends is not None and moment(ends) + LEEWAY_SECONDS <= now:
        raise Refused("expired")


def text_of(element: Any, path: str) -> str:
    """Of the one node there; "" where there is none, or several."""
    nodes = _found(element, path)
    return _text(nodes[0]) if len(nodes) == 1 else ""


def attributes(assertion: Any) -> dict[str, list[str]]:
    """Name -> values that are plain text."""
    found: dict[str, list[str]] = {}
    for node in _found(assertion, "saml:AttributeStatement/saml:Attribute"):
        values = _found(node, "saml:AttributeValue")
        found.setdefault(node.get("Name", ""), []).extend(filter(None, map(_text, values)))
    return found


def _text(node: Any) -> str:
    """All of it, whatever comments stand between: they are no part of what is signed, and what was
    decrypted may have some.
    """
    return "" if _found(node, "*") else "".join(_found(node, "text()")).strip()


def _found(element: Any, path: str) -> list[Any]:
    return Xml.query(element, path)
