"""What the history tells of a calendar's address: that it was opened or closed, and by whom."""

from django.utils.translation import gettext_lazy as _

from krams.history import registry
from krams.models import Facility

from ..models import CalendarLink


def register() -> None:
    registry.register(
        CalendarLink,
        key="kalender",
        not_restored=_("A secret address is made anew, never put back."),
        visible=lambda user: CalendarLink.objects.filter(
            facility__in=Facility.objects.managed_by(user)
        ).select_related("facility"),
        without={
            "facility": registry.PARENT,
            "token_hash": "It says nothing to people; each entry says when the address was new.",
        },
        places={"facility": "facility"},
        own_rules=True,
    )
