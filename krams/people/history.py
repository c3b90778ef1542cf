"""What the history tells of roles."""

from django.utils.translation import gettext_lazy as _

from ..history import registry
from ..models import Membership


def register() -> None:
    registry.register(
        Membership,
        key="rolle",
        visible=Membership.objects.overseen_by,
        names={"user": _("account")},
    )
