"""What the history tells of roles and invitations."""

from django.utils.translation import gettext_lazy as _

from ..history import registry
from ..models import Invitation, Membership
from .queries.people import invitations_of, roles_of_others


def register() -> None:
    anywhere = {place: place for place in registry.PLACES}
    registry.register(
        Membership,
        key="rolle",
        not_restored=_("A right is given anew, never put back."),
        visible=roles_of_others,
        names={"user": _("account")},
        places=anywhere,
        titled="user__name",
        own_rules=True,
        without={"by_claims": "The reason tells it."},
    )
    secret = "Tells nobody anything."
    registry.register(
        Invitation,
        key="invitation",
        not_restored=_("A right is given anew, never put back."),
        visible=invitations_of,
        names={"user": _("account")},
        without={"secret_hash": secret, "round": secret, "handed_over": "The audit log tells it."},
        places=anywhere,
        titled="user__name",
        own_rules=True,
    )
