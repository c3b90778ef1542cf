"""What the history tells of meetings, their agenda and their decisions."""

from django.utils.translation import gettext_lazy as _

from krams.history import registry

from ..models import AgendaItem, Decision, LaterPoint, Meeting


def register() -> None:
    registry.register(
        Meeting,
        key="moede",
        visible=Meeting.objects.visible_to,
        without={"facility": registry.PARENT, "department": registry.PARENT},
        names={"closed_at": _("closed"), "removed_at": _("cancelled")},
    )
    registry.register(
        AgendaItem,
        key="dagsordenspunkt",
        visible=AgendaItem.objects.visible_to,
        called=_("agenda item"),
    )
    registry.register(Decision, key="beslutning", visible=Decision.objects.visible_to)
    registry.register(
        LaterPoint,
        key="senere-punkt",
        visible=lambda user: LaterPoint.objects.visible_to(user).select_related(
            "facility", "department"
        ),
        without={"facility": registry.PARENT, "department": registry.PARENT},
    )
