"""Log-in: how allauth behaves here."""

from typing import Any
from urllib.parse import urlsplit

import requests
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base.constants import AuthError, AuthProcess
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from ..letters.actions import post
from ..models import User
from ..people import secrets
from ..web.addresses import leads_to_a_page, portal_address
from . import attempts, claims, letters, refusals
from .organisation import again
from .organisation.told import STATE

NO_LOG_IN = {AuthProcess.CONNECT, AuthProcess.REDIRECT}
# What allauth asks for the password with.
BY_PASSWORD = "reauthenticate"
# On a request: the ways to ask an account, by its key.
WAYS = "ways_to_ask"


def frame(email: str, about: dict) -> dict[str, str]:
    """The words around a message of django-allauth's: ``krams/templates/account/email/``."""
    words = {"greeting": gettext("Hello")}
    if at := about.get("timestamp"):
        at = timezone.localtime(at)
        words["occasion"] = gettext(
            "It is about your account %(email)s in KRAMS & Klynge,"
            " and was done %(day)s at %(time)s."
        ) % {
            "email": email,
            "day": date_format(at, "SHORT_DATE_FORMAT"),
            "time": date_format(at, "TIME_FORMAT"),
        }
        words["advice"] = gettext(
            "Was it you? Then you need not do anything. If not, choose a new password at once, and"
            " tell your administrator:"
        )
    return words


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes and try again."),
    }

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Instead of allauth's one limit: ``attempts`` has several, and their reasons."""
        email = str(credentials.get("email", ""))
        try:
            attempts.begin(email, self.get_client_ip(request))
        except attempts.Locked as locked:
            refusals.tell(request, email, "waits")
            minutes = -(-locked.seconds // 60)
            text = ngettext(
                "Too many attempts. Wait %(minutes)d minute and try again, or choose a new"
                " password.",
                "Too many attempts. Wait %(minutes)d minutes and try again, or choose a new"
                " password.",
                minutes,
            )
            raise ValidationError(text % {"minutes": minutes}, "too_many_attempts") from locked

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        user = super().authenticate(request, **credentials)
        if user:
            attempts.succeeded(str(credentials.get("email", "")), self.get_client_ip(request))
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        email = str(credentials.get("email", ""))
        refusals.tell(request, email, "password")
        refusals.keep(email, "password")

    def _rollback_login_failed_rl_usage(self) -> None:
        """Allauth's own count, which is not used here."""

    def get_reauthentication_methods(
        self, user: AbstractBaseUser | AnonymousUser
    ) -> list[dict[str, Any]]:
        """The organisation's log-in beside allauth's own. Whoever has no way is led to its page
        too, which says so.
        """
        if not user.is_authenticated:
            return []
        # A page asks more than once.
        kept: dict[int, list[dict[str, Any]]] = vars(context.request).setdefault(WAYS, {})
        if user.pk not in kept:
            kept[user.pk] = self._ways(user)
        return kept[user.pk]

    def _ways(self, user: AbstractBaseUser) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if not settings.PASSWORD_LOGIN:
            found = [one for one in found if one["id"] != BY_PASSWORD]
        providers = again.providers_of(context.request, user)
        if providers or not found:
            there = {"id": again.PAGE, "url": reverse(again.PAGE), "providers": providers}
            found.append({**there, "description": _("Use your organisation's log-in")})
        return found

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Never as allauth has it, which lets pass whoever has neither a password nor a second
        step: who has not been asked is sent to be asked from here.
        """
        if super().is_reauthentication_required(app=app) and not again.was_asked(context.request):
            # What somebody else wanted at an open page is not done when its owner is asked later.
            context.request.session.pop(STATE_SESSION_KEY, None)
            raise ReauthenticationRequired
        return False

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Who has chosen a new one need not wait because of the old one."""
        super().set_password(user, password)
        attempts.forget(user.get_username(), self.get_client_ip(context.request))

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by an administrator."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Of the portal, and no address that only takes forms: a log-in would end at a 405."""
        return super().is_safe_url(url) and leads_to_a_page(url)

    def get_reset_password_from_key_url(self, key: str) -> str:
        path = urlsplit(super().get_reset_password_from_key_url(key)).path
        return portal_address(self.request) + path

    def send_password_reset_mail(self, user: User, email: str, context: dict) -> None:
        """Its link is made when it leaves, so that no key of an account waits anywhere."""
        post(kind=letters.PASSWORD_LINK, to=user)

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """What allauth tells of an account, to whom has it."""
        user = User.objects.get(email__iexact=email)
        portal = portal_address(self.request)
        with translation.override(user.digest_language):
            words = {**context, **frame(email, context), "portal": portal}
            message = self.render_mail(template_prefix, email, words)
        post(kind=letters.NOTICE, to=user, about=message.subject, text=str(message.body))


class MFAAdapter(DefaultMFAAdapter):
    """Secrets of second steps do not stand in clear in the database."""

    def encrypt(self, text: str) -> str:
        return secrets.to_write(text)

    def decrypt(self, encrypted_text: str) -> str:
        return secrets.to_check(encrypted_text)


def _must_be_known_anew(request: HttpRequest) -> None:
    """Who connects one more log-in to an account is asked who it is, by allauth. Whoever cannot be
    asked connects none: anybody at an open page could, and would come back with a log-in of theirs.
    """
    if again.can_be_asked(request):
        return
    messages.error(request, _("No other log-in can be connected to your account here."))
    raise ImmediateHttpResponse(redirect("socialaccount_connections"))


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def get_requests_session(self) -> requests.Session:
        """What asks the organisation's log-in goes where the settings say, and not on from there.

        Raises ``requests.TooManyRedirects`` for an answer that leads elsewhere.
        """
        session = super().get_requests_session()
        session.max_redirects = 0
        return session

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """The organisation has said who it is: roles follow its claims before anybody is let in.

        ``claims`` and ``told`` are what OpenID Connect or SAML has put there. The access token has
        been used: it waits in no session.
        """
        sociallogin.token = None
        if session := getattr(sociallogin, "told", None):
            sociallogin.state[STATE] = session
        if sociallogin.state.get("process") == again.PROCESS:
            raise ImmediateHttpResponse(again.answer(request, sociallogin))
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            _must_be_known_anew(request)
        told = getattr(sociallogin, "claims", None)
        # What the address asks for beside these two allauth takes for a log-in.
        if told is None or sociallogin.state.get("process") in NO_LOG_IN:
            return
        if not sociallogin.is_existing:
            proven = [one.email for one in sociallogin.email_addresses if one.verified]
            if not any(claims.open_account(email, told) for email in proven[:1]):
                return
            # By the address, as one that was there before.
            sociallogin.lookup()
        if sociallogin.is_existing:
            claims.apply(sociallogin.user, told, account=sociallogin.account)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict | None = None,
    ) -> None:
        """Who presses Cancel there is no attack; all else is a line and an entry."""
        if error != AuthError.CANCELLED:
            refusals.tell(request, "", "organisation")
            refusals.keep("", "organisation")

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """The organisation's log-in opens accounts that exist; it makes none."""
        return False
