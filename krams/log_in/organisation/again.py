"""Whether it is still the same person, asked at the organisation: for whoever has no password here.

django-allauth asks for the password or the second step before a way in is added, and lets pass
whoever has neither. Here the organisation's log-in asks them: it is told to ask anew, whoever is
logged in there (``prompt=login`` and ``max_age=0``; of SAML ``ForceAuthn``), and must say that it
has done so since. The same account must answer. Another person's log-in opens and ends nothing.
"""

import logging
import time
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.account.utils import get_next_redirect_url
from allauth.core.internal.httpkit import add_query_params
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ...people.sessions import ORGANISATION
from .. import refusals
from .told import LEEWAY_SECONDS, STATE

logger = logging.getLogger("krams.log_in")
# What the browser is sent there for, beside allauth's "login" and "connect"; and since when.
PROCESS, ASKED_AT = "again", "asked_at"
PAGE = "account_reauthenticate_organisation"
WORDS: dict[str, Promise] = {
    "another_account": _("That log-in belongs to another account than yours."),
    "not_fresh": _(
        "Your organisation's log-in did not say that you have just logged in there. Try again. If"
        " it goes on, tell your administrator."
    ),
}


def providers_of(request: HttpRequest, user: AbstractBaseUser) -> list[Any]:
    """The organisation's log-ins of today that the account is connected to."""
    accounts = SocialAccount.objects.filter(user=user)
    connected = set(accounts.values_list("provider", flat=True))
    return [one for one in get_adapter().list_providers(request) if one.sub_id in connected]


def can_be_asked(request: HttpRequest) -> bool:
    """Whether the account has any way to show whose it is."""
    return any(one["id"] != PAGE or one["providers"] for one in _ways(request))


def _ways(request: HttpRequest) -> list[dict[str, Any]]:
    """As the adapter knows them: of the organisation's there are the ``providers`` too."""
    found: list[dict[str, Any]] = get_account_adapter().get_reauthentication_methods(request.user)
    return found


def was_asked(request: HttpRequest) -> bool:
    """Whether whoever is logged in has shown within some minutes that it is still them."""
    records = get_authentication_records(request, request.user)
    times = [one["at"] for one in records if one.get("reauthenticated")]
    return bool(times) and time.time() - times[-1] < REAUTHENTICATION_TIMEOUT


def page(
    request: HttpRequest, *, onwards: str = "", why: str = "", status: int = 200
) -> HttpResponse:
    """Asks, with a button for each log-in of the account; who has no way at all is told so.

    ``why`` of ``WORDS`` says why the last answer was not taken.
    """
    ways = _ways(request)
    on = {REDIRECT_FIELD_NAME: onwards} if onwards else {}
    context = {
        "providers": [
            (one.name, one.get_login_url(request, process=PROCESS, **on))
            for way in ways
            for one in way.get("providers", [])
        ],
        "why": WORDS.get(why, ""),
        "reauthentication_alternatives": [
            {**one, "url": add_query_params(one["url"], on)} for one in ways if one["id"] != PAGE
        ],
    }
    return render(request, "account/reauthenticate_organisation.html", context, status=status)


def answer(request: HttpRequest, login: Any) -> HttpResponse:
    """What the organisation has said: who it is, and by ``login.authenticated_at`` since when."""
    if not request.user.is_authenticated:
        # Logged out meanwhile, or never in: there is nothing to go on with.
        return redirect("account_login")
    onwards = login.state.get("next") or ""
    if why := _why_not(request, login):
        logger.warning("not confirmed", extra={"user_id": request.user.pk, "reason": why})
        refusals.keep(request.user.email, "organisation")
        return page(request, onwards=onwards, why=why, status=403)
    if ORGANISATION in request.session:
        # What logs out there and here goes by this log-in from now on.
        request.session[ORGANISATION] = login.state[STATE]
    account = {"provider": login.account.provider, "uid": login.account.uid}
    record_authentication(request, request.user, "socialaccount", **account, reauthenticated=True)
    # allauth reads from the address where to go on; here that has waited in the session.
    request.GET = QueryDict(urlencode({REDIRECT_FIELD_NAME: onwards}))
    return resume_request(request) or redirect("settings")


def asked_for(request: HttpRequest) -> str:
    """Where the address says to go on, if that is a page of ours."""
    return get_next_redirect_url(request) or ""


def _why_not(request: HttpRequest, login: Any) -> str:
    """A word of ``WORDS``; "" where it is the same person, asked since. An address proves nothing
    here: the account must be connected.
    """
    if login.account.pk is None or login.account.user_id != request.user.pk:
        return "another_account"
    asked, since = login.state.get(ASKED_AT), login.authenticated_at
    if not isinstance(asked, int) or isinstance(since, bool) or not isinstance(since, int):
        return "not_fresh"
    is_since = asked - LEEWAY_SECONDS <= since <= time.time() + LEEWAY_SECONDS
    return "" if is_since else "not_fresh"
