"""Logging out at the organisation too: OpenID Connect RP-Initiated Logout 1.0, or SAML 2.0."""

from urllib.parse import urlencode, urlsplit

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from ...people.secrets import LOG_OUT, decrypted, encrypted
from ...settings.saml_metadata import is_safe
from .told import of_session

# A longer hint would make an address that servers refuse; the log-out works without it.
LONGEST_HINT = 4096


def hint(id_token: str) -> str:
    """As it waits in the session: no row of the database tells what the organisation signed."""
    return encrypted(id_token, LOG_OUT) if len(id_token) <= LONGEST_HINT else ""


def _opened(kept: str) -> str:
    """ "" where its key has been replaced since: the log-out works without it."""
    try:
        return decrypted(kept, LOG_OUT)
    except InvalidToken:
        return ""


def end_address(endpoint: object) -> str:
    """The provider's ``end_session_endpoint``, where it is one to send a browser to."""
    if not isinstance(endpoint, str):
        return ""
    return endpoint if is_safe(endpoint) else ""


def address(request: HttpRequest) -> str:
    """Where to send the browser on, asked before the session is gone; "" to stay here."""
    told = of_session(request)
    if named := told.get("named"):
        # Only who has that log-in has its packages.
        from ..saml.leaving import address_to_leave

        return (
            address_to_leave(request, named) if settings.SOCIALACCOUNT_PROVIDERS.get("saml") else ""
        )
    if not settings.OIDC_LOGOUT or not told.get("end"):
        return ""
    [app] = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    sent = {
        "client_id": app["client_id"],
        "post_logout_redirect_uri": request.build_absolute_uri(reverse("account_login")),
    }
    if id_token := _opened(told.get("hint", "")):
        sent["id_token_hint"] = id_token
    joint = "&" if urlsplit(told["end"]).query else "?"
    return f"{told['end']}{joint}{urlencode(sent)}"
