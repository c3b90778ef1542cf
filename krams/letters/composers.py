"""Who writes which kind of letter: told by the subjects, in their ``ready``.

``krams.letters.actions`` posts and sends them.
"""

from collections.abc import Callable
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.functional import Promise

from ..models import Letter

Compose = Callable[[Letter], EmailMultiAlternatives | None]
_COMPOSERS: dict[str, Compose] = {}


def register(kind: str, compose: Compose) -> None:
    """Have ``compose(letter)`` write what a letter of ``kind`` says, in the receiver's language.

    It is asked when the letter is sent, outside of the transaction that posted it. None says that
    the letter has become pointless: what it asks for was done or withdrawn.
    """
    _COMPOSERS[kind] = compose


def compose(letter: Letter) -> EmailMultiAlternatives | None:
    """The letter as it is sent. Raises ``KeyError`` for a kind that nobody writes."""
    return _COMPOSERS[letter.kind](letter)


def is_known(kind: str) -> bool:
    return kind in _COMPOSERS


def written(
    letter: Letter, subject: str | Promise, template: str, context: dict[str, Any]
) -> EmailMultiAlternatives:
    """A letter of ``template``.txt, and .html beside it; both get the subject and the language."""
    known = {
        "subject": subject,
        "user": letter.to,
        "portal": letter.portal,
        "language": letter.to.digest_language,
    }
    message = EmailMultiAlternatives(
        str(subject),
        render_to_string(f"{template}.txt", known | context),
        to=[letter.to.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string(f"{template}.html", known | context), "text/html")
    return message
