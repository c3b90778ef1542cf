"""Log-in: how allauth behaves here."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..letters.actions import post
from ..models import User
from ..web.addresses import portal_address
from . import account_letters


class Backend(AuthenticationBackend):
    """allauth's, but whoever is logged in is read together with their roles: one query."""

    def get_user(self, user_id: int) -> User | None:
        try:
            user = User.objects.get_with_scopes(user_id)
        except User.DoesNotExist:
            return None
        return user if self.user_can_authenticate(user) else None


def frame(email: str, context: dict) -> dict[str, str]:
    """The words around a message of django-allauth's: ``krams/templates/account/email/``."""
    words = {"greeting": gettext("Hello")}
    if at := context.get("timestamp"):
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
        "too_many_login_attempts": _(
            "Too many attempts. Wait five minutes and try again, or choose a new password."
        ),
    }

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Without the host, which allauth puts in front of the address.

        It is what the browser says it is, so "portal:1", "portal:2" … had five tries each.
        """
        return str(credentials.get("email", "")).lower()

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by an administrator."""
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        path = urlsplit(super().get_reset_password_from_key_url(key)).path
        return portal_address(self.request) + path

    def send_password_reset_mail(self, user: User, email: str, context: dict) -> None:
        """Its link is made when it leaves, so that no key of an account waits anywhere."""
        post(kind=account_letters.PASSWORD_LINK, to=user)

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """What allauth tells of an account, to whom has it."""
        user = User.objects.get(email__iexact=email)
        portal = portal_address(self.request)
        with translation.override(user.digest_language):
            words = {**context, **frame(email, context), "portal": portal}
            message = self.render_mail(template_prefix, email, words)
        post(kind=account_letters.NOTICE, to=user, about=message.subject, text=str(message.body))


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """The organisation's log-in opens accounts that exist; it makes none."""
        return False
