"""What the organisation's log-in says of a person, taken from an answer when all is checked."""

from dataclasses import dataclass
from typing import Any

import xmlsec
from allauth.socialaccount import app_settings
from allauth.socialaccount.models import SocialApp
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from lxml import etree
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Names
from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.utils import OneLogin_Saml2_Utils as Tools
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML as Xml

from ...settings.saml import NSIS
from . import structure, trust
from .refused import Refused

# What a message that is not as it should be makes the libraries raise.
BROKEN = (
    *(OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError, xmlsec.Error, etree.LxmlError),
    *(ValueError, TypeError, KeyError, IndexError, AttributeError),
)


@dataclass(frozen=True)
class Proof:
    """Who somebody is. ``name`` is how log-out names them; ``subject`` is whose account it is.

    ``claims`` is what roles are made of, and no more: an organisation may tell a CPR number too.
    ``authenticated_at``: when the person logged in there; 0 in what an earlier version has kept.
    """

    request_id: str
    assertion_id: str
    ends_at: int
    subject: str
    email: str
    name: dict[str, str]
    session_index: str
    issuer: str
    claims: dict[str, Any]
    authenticated_at: int = 0


class Cancelled(Exception):
    """The person did not log in there; nothing was forged."""


def read(request: HttpRequest, app: SocialApp, encoded: str) -> Proof:
    """The proof in an answer. Raises ``Refused``, or ``Cancelled``."""
    written = structure.decoded(encoded)
    known = trust.settings_of(request, app)
    receiver = trust.address(request, "saml_acs", app.client_id)
    try:
        document = Xml.to_etree(written)
        structure.must_be_sound(document)
        _must_have_worked(document)
        response = OneLogin_Saml2_Response(known, Tools.b64encode(written))
        structure.must_be_sound(response.get_xml_document())
        response.is_valid(_as_asked(receiver), raise_exceptions=True)
        [assertion] = Xml.query(response.get_xml_document(), "/samlp:Response/saml:Assertion")
        return _proof(app, known, response, assertion, receiver)
    except BROKEN as error:
        raise Refused(_why(error)) from error


def remember(proof: Proof) -> None:
    """Raises ``Refused`` for an assertion that was shown before, here or in another process."""
    shown = salted_hmac("krams.saml", proof.assertion_id, algorithm="sha256").hexdigest()
    if not cache.add(f"saml:shown:{shown}", True, max(1, proof.ends_at - Tools.now())):
        raise Refused("shown before")


def _proof(app: SocialApp, known: Any, response: Any, assertion: Any, receiver: str) -> Proof:
    document, wanted = response.document, app.settings
    issuer, audience = known.get_idp_data()["entityId"], known.get_sp_data()["entityId"]
    if structure.text_of(document, "saml:Issuer") not in ("", issuer):
        raise Refused("issuer")
    if document.get("Destination") != receiver:
        raise Refused("destination")
    structure.must_be_for_us(assertion, issuer=issuer, audience=audience, receiver=receiver)
    told = structure.attributes(assertion)
    _must_be_high_enough(wanted, told, response.get_authn_contexts())
    name = {key: value.strip() for key, value in response.get_nameid_data().items() if value}
    emails = [value for one in wanted["email_attributes"] for value in told.get(one, [])]
    return Proof(
        request_id=structure.answered_request(document, assertion),
        assertion_id=assertion.get("ID"),
        ends_at=structure.ends_at(assertion),
        subject=_subject(wanted["subject_attribute"], told, name),
        email=emails[0] if len(set(map(str.casefold, emails))) == 1 else "",
        name=name,
        session_index=(response.get_session_index() or "").strip(),
        issuer=issuer,
        claims=_claims(wanted, told),
        authenticated_at=structure.logged_in_at(assertion),
    )


def _claims(wanted: dict[str, Any], told: dict[str, list[str]]) -> dict[str, Any]:
    names = [value for one in wanted["name_attributes"] for value in told.get(one, [])]
    roles = settings.LOGIN_ROLES_CLAIM
    return {"name": names[0] if names else ""} | ({roles: told[roles]} if roles in told else {})


def _subject(attribute: str, told: dict[str, list[str]], name: dict[str, str]) -> str:
    """What stays the same person for ever: an address or a name of the day does not."""
    if attribute:
        values = told.get(attribute, [])
    else:
        values = [name["Value"]] if name.get("Format") == Names.NAMEID_PERSISTENT else []
    if len(values) != 1 or not 0 < len(values[0]) <= app_settings.UID_MAX_LENGTH:
        raise Refused("no lasting subject")
    return values[0]


def _must_be_high_enough(
    wanted: dict[str, Any], told: dict[str, list[str]], contexts: list[str]
) -> None:
    if wanted["level"]:
        # Written as "Substantial", or as its address.
        values = [
            one.rpartition("/")[2].casefold() for one in told.get(wanted["level_attribute"], [])
        ]
        ranks = [NSIS.index(one) for one in values if one in NSIS]
        if len(values) != 1 or not ranks or ranks[0] < NSIS.index(wanted["level"]):
            raise Refused("level")
    if wanted["class_refs"] and not set(contexts) & set(wanted["class_refs"]):
        raise Refused("level")


def _must_have_worked(document: Any) -> None:
    """Raises ``Cancelled`` where the person gave up; its words stay unread."""
    path = "/samlp:Response/samlp:Status/samlp:StatusCode"
    codes = [one.get("Value") for one in Xml.query(document, f"{path} | {path}/samlp:StatusCode")]
    if codes[:1] == [Names.STATUS_SUCCESS]:
        return
    if any((one or "").endswith(":AuthnFailed") for one in codes):
        raise Cancelled
    raise Refused("status")


def _as_asked(address: str) -> dict[str, Any]:
    """The request as python3-saml takes it: at the address that the portal goes by."""
    scheme, _slashes, rest = address.partition("://")
    host, _slash, path = rest.partition("/")
    https = "on" if scheme == "https" else "off"
    return {"https": https, "http_host": host, "script_name": "", "path_info": f"/{path}"}


def _why(error: Exception) -> str:
    """A word for the log: the name of the check that failed, never its text, which quotes."""
    if isinstance(error, OneLogin_Saml2_ValidationError):
        names = {
            value: name
            for name, value in vars(OneLogin_Saml2_ValidationError).items()
            if isinstance(value, int)
        }
        return names.get(error.code, "invalid").replace("_", " ").lower()
    # Only what is decrypted raises it; a wrong signature has a name of its own.
    return "not for our key" if isinstance(error, xmlsec.Error) else type(error).__name__
