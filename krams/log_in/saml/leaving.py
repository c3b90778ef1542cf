"""Logging out there when one logs out here, and here when one logs out there.

Both go through the person's browser, with messages that are signed as a part of the address
(HTTP-Redirect, saml-bindings-2.0, section 3.4).
"""

import base64
import zlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus
from xml.sax.saxutils import escape

from allauth.socialaccount.models import SocialApp
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from django.core.cache import cache
from django.http import Http404, HttpRequest
from django.utils.crypto import salted_hmac
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Names
from onelogin.saml2.logout_request import OneLogin_Saml2_Logout_Request
from onelogin.saml2.logout_response import OneLogin_Saml2_Logout_Response
from onelogin.saml2.utils import OneLogin_Saml2_Utils as Tools
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML as Xml

from ...settings.saml import SLUG
from ..organisation.told import Named, Told, name_hash
from . import structure, trust
from .assertions import BROKEN, Proof
from .refused import Refused

# How long an answer to our log-out may take.
LEAVING_SECONDS = 600
HASHES: dict[str, hashes.HashAlgorithm] = {
    Names.RSA_SHA256: hashes.SHA256(),
    Names.RSA_SHA384: hashes.SHA384(),
    Names.RSA_SHA512: hashes.SHA512(),
}
MOST_BYTES = 64 * 1024
PARTS = {"SAMLRequest", "SAMLResponse", "RelayState", "SigAlg", "Signature"}
# A request without an end of its own.
LASTS_SECONDS = 300


@dataclass(frozen=True)
class Asked:
    """That the organisation ends somebody's log-in, and the address that answers it."""

    name_hash: str
    index_hashes: list[str]
    answer: str

    def names(self, told: Told) -> bool:
        """Whether it is about the log-in of which that is known."""
        is_one = not self.index_hashes or told.get("sid_hash") in self.index_hashes
        return told.get("subject_hash") == self.name_hash and is_one


def told_of(proof: Proof) -> Told:
    """What the session keeps of the log-in: by what it is ended there and here."""
    return {
        "subject_hash": name_hash(proof.issuer, proof.name["Value"]),
        "sid_hash": name_hash(proof.issuer, proof.session_index),
        "named": {"name": proof.name, "index": proof.session_index},
    }


def address_to_leave(request: HttpRequest, named: Named) -> str:
    """Where the organisation logs the person out; "" where it does not."""
    try:
        known = trust.settings_of(request, trust.app_of(request, SLUG))
    except (Refused, Http404):
        # It does not answer today, or is no more: the portal's own log-out goes on.
        return ""
    if not known.get_idp_slo_url():
        return ""
    name, auth = named["name"], OneLogin_Saml2_Auth({}, known)
    address = auth.logout(
        return_to="",
        name_id=name["Value"],
        session_index=escape(named["index"]) or None,
        nq=name.get("NameQualifier"),
        name_id_format=name.get("Format"),
        spnq=name.get("SPNameQualifier"),
    )
    cache.set(_left(auth.get_last_request_id()), True, LEAVING_SECONDS)
    return str(address)


def read_request(request: HttpRequest, app: SocialApp) -> Asked:
    """That somebody has logged out there. Raises ``Refused``."""
    known = trust.settings_of(request, app)
    parts, root = _message(request, app, known, "SAMLRequest", "LogoutRequest")
    issued = structure.moment(root.get("IssueInstant"))
    ends = root.get("NotOnOrAfter")
    last = structure.moment(ends) if ends else issued + LASTS_SECONDS
    now = Tools.now()
    if issued > now + structure.LEEWAY_SECONDS or last + structure.LEEWAY_SECONDS <= now:
        raise Refused("expired")
    shown = "saml:shown:" + _hash(root.get("ID"))
    if not cache.add(shown, True, max(1, last + 2 * structure.LEEWAY_SECONDS - now)):
        raise Refused("shown before")
    try:
        key = known.get_sp_key()
        name = OneLogin_Saml2_Logout_Request.get_nameid_data(root, key)["Value"].strip()
        indexes = OneLogin_Saml2_Logout_Request.get_session_indexes(root)
    except BROKEN as error:
        raise Refused(type(error).__name__) from error
    if not name:
        raise Refused("no name")
    issuer = known.get_idp_data()["entityId"]
    hashed = [name_hash(issuer, one.strip()) for one in indexes if one]
    return Asked(
        name_hash(issuer, name), hashed, _answer(known, root.get("ID"), parts.get("RelayState"))
    )


def must_be_answered(request: HttpRequest, app: SocialApp) -> None:
    """That the organisation has logged out whom we asked it to, once. Raises ``Refused``."""
    known = trust.settings_of(request, app)
    _parts, root = _message(request, app, known, "SAMLResponse", "LogoutResponse")
    if not cache.delete(_left(root.get("InResponseTo", ""))):
        raise Refused("answers no request")
    codes = Xml.query(root, "samlp:Status/samlp:StatusCode")
    if [one.get("Value") for one in codes] != [Names.STATUS_SUCCESS]:
        raise Refused("status")


def _answer(known: Any, request_id: str, relay_state: str | None) -> str:
    auth, made = OneLogin_Saml2_Auth({}, known), OneLogin_Saml2_Logout_Response(known)
    if not (there := auth.get_slo_response_url()):
        raise Refused("no address for log-out")
    made.build(request_id)
    parts = {"SAMLResponse": made.get_response()}
    if relay_state is not None:
        parts["RelayState"] = relay_state
    auth.add_response_signature(parts, Names.RSA_SHA256)
    return str(auth.redirect_to(there, parts))


def _message(
    request: HttpRequest, app: SocialApp, known: Any, part: str, element: str
) -> tuple[dict[str, str], Any]:
    """The parts of the address and the message in it, signed, of the organisation and to us."""
    raw = _raw_parts(request)
    parts = {name: unquote_plus(value) for name, value in raw.items()}
    if part not in parts or "Signature" not in parts or "SigAlg" not in parts:
        raise Refused("not signed")
    signed = "&".join(
        f"{name}={raw[name]}" for name in (part, "RelayState", "SigAlg") if name in raw
    )
    _must_be_signed(signed, parts, known.get_idp_data()["x509certMulti"]["signing"])
    try:
        root = Xml.to_etree(_inflated(parts[part]))
        is_valid = not isinstance(Xml.validate_xml(root, "saml-schema-protocol-2.0.xsd"), str)
    except BROKEN as error:
        raise Refused(type(error).__name__) from error
    if not is_valid or root.tag != f"{{{Names.NS_SAMLP}}}{element}":
        raise Refused("not that message")
    if structure.text_of(root, "saml:Issuer") != known.get_idp_data()["entityId"]:
        raise Refused("issuer")
    if root.get("Destination") != trust.address(request, "saml_sls", app.client_id):
        raise Refused("destination")
    return parts, root


def _raw_parts(request: HttpRequest) -> dict[str, str]:
    """As they were sent, since that was signed. What has another name, or one twice, is refused:
    what is read must be what was signed.
    """
    found: dict[str, str] = {}
    for one in request.META.get("QUERY_STRING", "").split("&"):
        name, _equals, value = one.partition("=")
        if name not in PARTS or name in found:
            raise Refused("parts of the address")
        found[name] = value
    if "SAMLRequest" in found and "SAMLResponse" in found:
        raise Refused("parts of the address")
    return found


def _must_be_signed(signed: str, parts: dict[str, str], certificates: list[str]) -> None:
    if (algorithm := HASHES.get(parts["SigAlg"])) is None:
        raise Refused("weak signature")
    try:
        signature = base64.b64decode(parts["Signature"], validate=True)
    except ValueError as error:
        raise Refused("base64") from error
    for one in certificates:
        key: Any = x509.load_pem_x509_certificate(one.encode()).public_key()
        try:
            key.verify(signature, signed.encode(), PKCS1v15(), algorithm)
        except InvalidSignature:
            continue
        return
    raise Refused("signature")


def _inflated(encoded: str) -> bytes:
    """No more than ``MOST_BYTES`` of what may be a bomb."""
    inflating = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        written = inflating.decompress(base64.b64decode(encoded, validate=True), MOST_BYTES)
    except (ValueError, zlib.error) as error:
        raise Refused("not deflated") from error
    if not inflating.eof:
        raise Refused("too long")
    return structure.plain(written)


def _left(request_id: str) -> str:
    return "saml:left:" + _hash(request_id)


def _hash(text: str) -> str:
    return salted_hmac("krams.saml", text, algorithm="sha256").hexdigest()
