"""What is written to somebody about their own account."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from ..letters import composers
from ..models import Letter

PASSWORD_LINK = "password_link"
NOTICE = "account_notice"


def register() -> None:
    composers.register(PASSWORD_LINK, password_link)
    composers.register(NOTICE, notice)


def password_link(letter: Letter) -> EmailMultiAlternatives | None:
    """The link through which a new password is chosen, made now: it opens the account once.

    None where passwords have been switched off since.
    """
    if not settings.PASSWORD_LOGIN:
        return None
    user = letter.to
    path = reverse(
        "account_reset_password_from_key",
        args=[user_pk_to_url_str(user), default_token_generator.make_token(user)],
    )
    context = {"user": user, "password_reset_url": letter.link(path)}
    subject, text = (
        render_to_string(f"account/email/password_reset_key_{part}.txt", context).strip()
        for part in ("subject", "message")
    )
    return EmailMultiAlternatives(subject, text, to=[user.email])


def notice(letter: Letter) -> EmailMultiAlternatives:
    """That something about the account was changed, as allauth wrote it when it happened."""
    return EmailMultiAlternatives(letter.about, letter.text, to=[letter.to.email])
