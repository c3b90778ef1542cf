"""The organisation's SAML log-in as django-allauth sees it: who somebody is, and nothing more."""

import time
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from onelogin.saml2.auth import OneLogin_Saml2_Auth

from ..organisation import again
from . import trust
from .assertions import Proof


class StrictProvider(SAMLProvider):
    def redirect(
        self,
        request: HttpRequest,
        process: str,
        next_url: str | None = None,
        data: Any = None,
        **kwargs: Any,
    ) -> HttpResponse:
        """Send the browser there with a signed request; its ID is noted in the session.

        Raises ``Refused``. RelayState stays empty: where to go on stands in the session.
        """
        auth = OneLogin_Saml2_Auth({}, trust.settings_of(request, self.app))
        is_again = process == again.PROCESS
        address = auth.login(return_to="", force_authn=is_again)
        if is_again:
            kwargs[again.ASKED_AT] = int(time.time())
        state_id = auth.get_last_request_id()
        self.stash_redirect_state(request, process, next_url, data, state_id=state_id, **kwargs)
        return HttpResponseRedirect(address)

    def extract_uid(self, data: Proof) -> str:
        return data.subject

    def extract_common_fields(self, data: Proof) -> dict[str, Any]:
        return {"email": data.email}

    def extract_email_addresses(self, data: Proof) -> list[EmailAddress]:
        """Proven where ``SAML_EMAIL_DOMAINS`` has its domain: allauth looks."""
        return [EmailAddress(email=data.email, verified=False, primary=True)] if data.email else []

    def extract_extra_data(self, data: Proof) -> dict[str, Any]:
        """What is kept beside the subject: by what address it came, and whose subject it is."""
        return {"sub": data.subject, "email": data.email, "iss": data.issuer}
