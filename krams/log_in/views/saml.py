"""The addresses of a SAML log-in. Where there is none of that name each is 404."""

import logging

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.socialaccount.helpers import complete_social_login, render_authentication_error
from allauth.socialaccount.providers.base.constants import AuthError
from allauth.socialaccount.providers.base.views import BaseLoginView
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from ..actions import end_by_organisation
from ..organisation.told import is_of_another_issuer, of_session
from ..saml import assertions, leaving, trust, waiting
from ..saml.provider import StrictProvider
from ..saml.refused import Refused

logger = logging.getLogger("krams.log_in")


def _provider(request: HttpRequest, slug: str) -> StrictProvider:
    return StrictProvider(request, app=trust.app_of(request, slug))


@method_decorator([never_cache, login_not_required], name="dispatch")
class LoginView(BaseLoginView):
    """Sends the browser to the organisation's log-in, by POST; GET shows the button.

    Nothing else does: our script asks by OPTIONS whether the portal is there, and must be answered
    by the portal.
    """

    http_method_names = ("get", "head", "post")

    def get_provider(self) -> StrictProvider:
        return _provider(self.request, self.kwargs["organization_slug"])

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if (request.method or "").lower() not in self.http_method_names:
            return self.http_method_not_allowed(request)
        try:
            return super().dispatch(request, *args, **kwargs)
        except Refused as refused:
            return _refuse(request, self.get_provider(), refused)


log_in = LoginView.as_view()


@csrf_exempt
@never_cache
@login_not_required
@require_POST
def answer(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Where the organisation's page posts to, without a cookie of ours: all of it is checked here,
    but whose browser this is.
    """
    provider = _provider(request, organization_slug)
    try:
        proof = assertions.read(request, provider.app, request.POST.get("SAMLResponse", ""))
        assertions.remember(proof)
    except Refused as refused:
        return _refuse(request, provider, refused)
    except assertions.Cancelled:
        return render_authentication_error(request, provider, error=AuthError.CANCELLED)
    waiting.keep(proof)
    return redirect("saml_finish_acs", organization_slug)


@never_cache
@login_not_required
@require_safe
def come_back(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Lets in the browser whose request was answered."""
    provider = _provider(request, organization_slug)
    if (proof := waiting.take(request)) is None:
        return _refuse(request, provider, Refused("no request of this browser"))
    state = provider.unstash_redirect_state(request, proof.request_id)
    login = provider.sociallogin_from_response(request, proof)
    if is_of_another_issuer(login.account, proof.issuer):
        return _refuse(request, provider, Refused("subject of another issuer"))
    login.state, login.claims, login.told = state, proof.claims, leaving.told_of(proof)
    login.authenticated_at = proof.authenticated_at
    return complete_social_login(request, login)


@never_cache
@login_not_required
@require_safe
def log_out(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """The organisation says that somebody has logged out there, or that it has done so for us."""
    app = trust.app_of(request, organization_slug)
    try:
        if "SAMLRequest" not in request.GET:
            leaving.must_be_answered(request, app)
            messages.success(request, _("You are logged out of your organisation's log-in too."))
            return redirect("account_login")
        asked = leaving.read_request(request, app)
    except Refused as refused:
        _tell(request, refused)
        return render(request, "krams/log_in/log_out_refused.html", status=400)
    if asked.names(of_session(request)):
        logout(request)
    for index_hash in asked.index_hashes or [""]:
        end_by_organisation(subject_hash=asked.name_hash, sid_hash=index_hash)
    # The address is the organisation's own, by its metadata or the settings.
    return redirect(asked.answer)


@login_not_required
@require_safe
def metadata(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """What the organisation's log-in has to know of the portal."""
    written = trust.metadata(request, trust.app_of(request, organization_slug))
    return HttpResponse(written, content_type="application/samlmetadata+xml")


def _refuse(request: HttpRequest, provider: StrictProvider, refused: Refused) -> HttpResponse:
    _tell(request, refused)
    return render_authentication_error(request, provider, exception=refused)


def _tell(request: HttpRequest, refused: Refused) -> None:
    """Which check it was, for whoever sets it up; nothing of what was sent."""
    where = get_account_adapter(request).get_client_ip(request)
    logger.warning("SAML refused", extra={"reason": refused.why, "address": where})
