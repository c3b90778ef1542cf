"""Who speaks SAML with whom: the organisation as its metadata says, and the portal itself.

The portal's addresses are made of its own (``PORTAL_URL``, else what it is asked at), so that what
was sent to another host of ours counts for nothing here.
"""

import hashlib
import logging
from copy import deepcopy
from typing import Any

import requests
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from django.core.cache import cache
from django.http import Http404, HttpRequest
from django.urls import reverse
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Names
from onelogin.saml2.errors import OneLogin_Saml2_Error
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from ...settings.saml_metadata import BadMetadata, counts, organisation_of
from ...web.addresses import portal_address
from .refused import Refused
from .signed_metadata import must_be_signed

logger = logging.getLogger("krams.log_in")
# Asked again after an hour; while the address does not answer, what it said last counts for a week,
# and never longer than it says itself.
FRESH_SECONDS, LASTING_SECONDS = 3600, 7 * 24 * 3600
MOST_METADATA_BYTES = 5 * 1024 * 1024
# As OIOSAML names the levels of NSIS in a request.
LEVELS = "https://data.gov.dk/concept/core/nsis/loa/"


def app_of(request: HttpRequest, slug: str) -> SocialApp:
    """Raises ``Http404`` where there is no log-in of that name."""
    try:
        return get_adapter().get_app(request, provider="saml", client_id=slug)
    except SocialApp.DoesNotExist as none:
        raise Http404 from none


def address(request: HttpRequest, name: str, slug: str) -> str:
    """Of one of the portal's SAML addresses, with its host."""
    return portal_address(request) + reverse(name, args=[slug])


def entity_id(request: HttpRequest, app: SocialApp) -> str:
    """The portal's name: ``SAML_ENTITY_ID``, else where its metadata stands."""
    return app.settings["entity_id"] or address(request, "saml_metadata", app.client_id)


def organisation(app: SocialApp) -> dict[str, Any]:
    """What is known of the identity provider. Raises ``Refused`` where it cannot be had."""
    if known := app.settings["idp"]:
        if not counts(known):
            raise Refused("metadata is over")
        return deepcopy(known)
    url, wanted = app.settings["metadata_url"], app.settings["idp_entity_id"]
    # What was read before a key was named, or under another one, does not count.
    named = (url, wanted, *app.settings["metadata_certificates"])
    fresh, lasting = (metadata_key(kind, *named) for kind in ("fresh", "lasting"))
    if (found := cache.get(fresh)) and counts(found):
        return found
    try:
        found = _asked(app, url, wanted)
    except (requests.RequestException, BadMetadata) as error:
        why = str(error) if isinstance(error, BadMetadata) else type(error).__name__
        logger.warning("SAML metadata not renewed", extra={"reason": why})
        if (before := cache.get(lasting)) and counts(before):
            return before
        raise Refused("metadata") from error
    cache.set(fresh, found, FRESH_SECONDS)
    cache.set(lasting, found, LASTING_SECONDS)
    return found


def _asked(app: SocialApp, url: str, wanted: str) -> dict[str, Any]:
    """Signed by whom the operator has named, where one is named."""
    written = _fetched(url)
    if pinned := app.settings["metadata_certificates"]:
        must_be_signed(written, pinned)
    return organisation_of(written, wanted)


def metadata_key(kind: str, *named: str) -> str:
    """Its name in the cache, which takes 250 characters; an address of Entra ID has 160."""
    return f"saml:metadata:{kind}:" + hashlib.sha256("\0".join(named).encode()).hexdigest()


def settings_of(request: HttpRequest, app: SocialApp) -> OneLogin_Saml2_Settings:
    """Both sides, for python3-saml. Raises ``Refused``."""
    both = {"strict": True, "security": _security(app), "sp": _portal(request, app)}
    try:
        return OneLogin_Saml2_Settings(both | {"idp": organisation(app)})
    except OneLogin_Saml2_Error as error:
        # What the metadata holds is no address, or no certificate.
        raise Refused("metadata") from error


def metadata(request: HttpRequest, app: SocialApp) -> bytes:
    """What the organisation's log-in has to know of the portal; without asking it anything."""
    own = {"strict": True, "security": _security(app), "sp": _portal(request, app)}
    made = OneLogin_Saml2_Settings(own, sp_validation_only=True)
    builder = made.metadata_class
    # It does not run out: the organisation may keep it as a file.
    written = builder.builder(made.get_sp_data(), True, True, valid_until="", cache_duration="")
    found = builder.add_x509_key_descriptors(written, made.get_sp_cert(), add_encryption=True)
    return found.encode() if isinstance(found, str) else bytes(found)


def _fetched(url: str) -> bytes:
    with get_adapter().get_requests_session() as session:
        answer = session.get(url, allow_redirects=False, stream=True)
        answer.raise_for_status()
        if answer.status_code != 200:
            raise BadMetadata("the address leads elsewhere.")
        written = bytearray()
        # Not by ``raw``, whose errors are of another library.
        for part in answer.iter_content(64 * 1024):
            written += part
            if len(written) > MOST_METADATA_BYTES:
                raise BadMetadata("it is too long.")
    return bytes(written)


def _portal(request: HttpRequest, app: SocialApp) -> dict[str, Any]:
    slug = app.client_id
    return {
        "entityId": entity_id(request, app),
        "assertionConsumerService": {
            "url": address(request, "saml_acs", slug),
            "binding": Names.BINDING_HTTP_POST,
        },
        "singleLogoutService": {
            "url": address(request, "saml_sls", slug),
            "binding": Names.BINDING_HTTP_REDIRECT,
        },
        "NameIDFormat": Names.NAMEID_UNSPECIFIED
        if app.settings["subject_attribute"]
        else Names.NAMEID_PERSISTENT,
        "x509cert": app.settings["certificate"],
        "privateKey": app.settings["private_key"],
    }


def _security(app: SocialApp) -> dict[str, Any]:
    level, class_refs = app.settings["level"], app.settings["class_refs"]
    return {
        "authnRequestsSigned": True,
        "logoutRequestSigned": True,
        "logoutResponseSigned": True,
        "wantAssertionsSigned": True,
        "wantNameId": True,
        "wantAttributeStatement": False,
        "allowRepeatAttributeName": True,
        "rejectDeprecatedAlgorithm": True,
        "signatureAlgorithm": Names.RSA_SHA256,
        "digestAlgorithm": Names.SHA256,
        "requestedAuthnContext": [LEVELS + level.title()] if level else class_refs or False,
        "requestedAuthnContextComparison": "minimum" if level else "exact",
        "allowSingleLabelDomains": True,
    }
