"""What the organisation's log-in says of a person, handed to who makes roles of it.

Roles are a later room, so they register themselves here: ``roles.actions.claims``. Whatever speaks
to an organisation (OpenID Connect, SAML) sets ``claims`` on its ``SocialLogin``, a dict of names
and values, and the adapter hands them on before the person is let in.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from allauth.socialaccount.models import SocialAccount

from ..models import User

Claims = Mapping[str, Any]


class Receiver(Protocol):
    def apply(self, user: User, claims: Claims, *, account: SocialAccount) -> None:
        """Make the person's roles that came by claims equal to what the claims say.

        ``account`` is the one at the organisation that has just logged in.
        """

    def open_account(self, email: str, claims: Claims) -> User | None:
        """An account for a proven address that has none, where the installation allows it."""


_receivers: list[Receiver] = []


def register(receiver: Receiver) -> None:
    if receiver not in _receivers:
        _receivers.append(receiver)


def apply(user: User, claims: Claims, *, account: SocialAccount) -> None:
    for one in _receivers:
        one.apply(user, claims, account=account)


def open_account(email: str, claims: Claims) -> User | None:
    found = (one.open_account(email, claims) for one in _receivers)
    return next((user for user in found if user), None)
