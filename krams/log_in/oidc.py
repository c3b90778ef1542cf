"""Log-in with the organisation's own OpenID Connect, stricter than django-allauth has it.

allauth sends no nonce, trusts an ID token unread where it came over TLS, and takes what the user
info says. Here, as OpenID Connect Core 1.0 asks (sections 3.1.3.7 and 5.3.2), signature, issuer,
audience, nonce and times of the token are checked, and the user info must be of the same person.
Whose account it is follows from the subject; the first time from an e-mail address that is proven.
"""

import logging
import secrets
import time
from typing import Any

import jwt
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_http_methods
from requests import RequestException

from .organisation import again, log_out
from .organisation.told import (
    LEEWAY_SECONDS,
    Told,
    is_of_another_issuer,
    is_strong,
    name_hash,
)

logger = logging.getLogger("krams.log_in")
REQUIRED = ["iss", "sub", "aud", "exp", "iat"]


class StrictProvider(OpenIDConnectProvider):
    """Sends a nonce along; what it asks for is ours to say, not the address's."""

    def redirect(
        self,
        request: HttpRequest,
        process: str,
        next_url: str | None = None,
        data: Any = None,
        **kwargs: Any,
    ) -> HttpResponse:
        nonce = secrets.token_urlsafe(32)
        asked = {**self.get_auth_params(), "nonce": nonce}
        if process == again.PROCESS:
            asked |= {"prompt": "login", "max_age": "0"}
            kwargs[again.ASKED_AT] = int(time.time())
        kwargs["auth_params"] = asked
        kwargs |= {"scope": self.get_scope()}
        return super().redirect(request, process, next_url, data, nonce=nonce, **kwargs)

    def get_oauth2_adapter(self, request: HttpRequest) -> "StrictAdapter":
        return StrictAdapter(request, self.app.provider_id)

    def extract_uid(self, data: dict[str, Any]) -> str:
        return str(data["sub"])

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"email": data.get("email")}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        """Proven where the provider says true, not "false" or the like; see ``VERIFIED_EMAIL``."""
        if not isinstance(email := data.get("email"), str):
            return []
        return [
            EmailAddress(email=email, verified=data.get("email_verified") is True, primary=True)
        ]

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """What is kept beside the subject: by what address it came, and whose subject it is."""
        return {"sub": data["sub"], "email": data.get("email", ""), "iss": data["iss"]}


class StrictAdapter(OpenIDConnectOAuth2Adapter):
    # What was noted when the browser was sent away; set by the view.
    state: dict[str, Any]

    def get_provider(self) -> StrictProvider:
        found = super().get_provider()
        return StrictProvider(self.request, app=found.app)

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself. Raises ``OAuth2Error`` where that is of another one."""
        try:
            config: dict[str, Any] = super().openid_config
        except RequestException as error:
            raise OAuth2Error("The organisation's log-in does not answer.") from error
        asked = self.get_provider().server_url.split("/.well-known/")[0]
        if str(config.get("issuer")).rstrip("/") != asked.rstrip("/"):
            raise OAuth2Error("The issuer is not the one of OIDC_URL.")
        return config

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> Any:
        id_token = kwargs["response"].get("id_token")
        if not isinstance(id_token, str):
            raise OAuth2Error("The answer has no ID token.")
        claims = self._decode_id_token(app, id_token)
        about = claims
        if "userinfo_endpoint" in self.openid_config:
            info = self._fetch_user_info(token.token)
            if info.get("sub") != claims["sub"]:
                raise OAuth2Error("The user info is of another person.")
            about = {**claims, **info, "iss": claims["iss"]}
        found = self.get_provider().sociallogin_from_response(request, about)
        if is_of_another_issuer(found.account, claims["iss"]):
            logger.warning("subject of another issuer")
            raise OAuth2Error("The subject is known from another issuer.")
        found.claims = about
        # Of the signed token alone: what the user info adds proves none of it.
        found.told = self._told(id_token, claims)
        found.authenticated_at = claims.get("auth_time")
        return found

    def _told(self, id_token: str, claims: dict[str, Any]) -> Told:
        sid = claims.get("sid")
        found = Told(
            subject_hash=name_hash(claims["iss"], str(claims["sub"])),
            sid_hash=name_hash(claims["iss"], sid if isinstance(sid, str) else ""),
            strong=is_strong(claims),
        )
        end = log_out.end_address(self.openid_config.get("end_session_endpoint"))
        if settings.OIDC_LOGOUT and end:
            found["end"], found["hint"] = end, log_out.hint(id_token)
        return found

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        """Raises ``OAuth2Error`` for a token that is forged, of another, used elsewhere or old."""
        try:
            claims = self.decode(app, id_token, REQUIRED)
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
            raise OAuth2Error(f"The ID token is refused: {type(error).__name__}") from error
        if not constant_time_compare(str(claims.get("nonce")), self.state["nonce"]):
            raise OAuth2Error("The nonce is not the one that was sent.")
        others = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if others else app.client_id) != app.client_id:
            raise OAuth2Error("The ID token was made for another client.")
        return claims

    def decode(self, app: SocialApp, token: str, required: list[str]) -> dict[str, Any]:
        """What the provider signed for us, with the claims ``required``.

        Raises ``PyJWTError``, ``KeyError``, ``TypeError`` or ``ValueError`` for what is forged, of
        another or old, and ``OAuth2Error`` where no key of the provider signed it.
        """
        claims: dict[str, Any] = jwt.decode(
            token,
            key=self._key_of(token),
            algorithms=settings.OIDC_ALGORITHMS,
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            leeway=LEEWAY_SECONDS,
            # RSA of 2048 bits at least (RFC 7518, 3.3).
            options={"require": required, "enforce_minimum_key_length": True},
        )
        return claims

    def _key_of(self, token: str) -> jwt.PyJWK:
        """The provider's key that the token names; where there is one key it need not.

        A key that does not say what it signs with signs as the token says, if that is allowed.
        """
        header = jwt.get_unverified_header(token)
        if (algorithm := header["alg"]) not in settings.OIDC_ALGORITHMS:
            raise OAuth2Error("The ID token is signed in a way that is not allowed.")
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
            told = [{"alg": algorithm, **key} for key in answer.json()["keys"]]
        keys, name = jwt.PyJWKSet.from_dict({"keys": told}).keys, header.get("kid")
        signing = [key for key in keys if key.public_key_use in (None, "sig")]
        found = [key for key in signing if name is None or key.key_id == name]
        if len(found) != 1:
            raise OAuth2Error("The ID token names no key of the provider.")
        return found[0]


class CallbackView(OAuth2CallbackView):
    adapter: StrictAdapter

    def _get_state(self, request: HttpRequest, provider: StrictProvider) -> Any:
        state, response = super()._get_state(request, provider)
        if state is not None:
            self.adapter.state = state
        return state, response


# Our script asks by OPTIONS whether the portal is there: the answer must be the portal's own.
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Sends the browser to the organisation's log-in, if that answers."""
    adapter = StrictAdapter(request, provider_id)
    try:
        return OAuth2LoginView.adapter_view(adapter)(request)
    except SocialApp.DoesNotExist as none:
        raise Http404 from none
    except OAuth2Error as error:
        return render_authentication_error(request, adapter.get_provider(), exception=error)


@login_not_required
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Where the organisation's log-in sends the browser back to."""
    try:
        return CallbackView.adapter_view(StrictAdapter(request, provider_id))(request)
    except SocialApp.DoesNotExist as none:
        raise Http404 from none
