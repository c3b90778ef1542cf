"""What the history tells of meetings, their agenda and their decisions."""

from django.utils.translation import gettext_lazy as _

from krams.history import registry

from ..models import AgendaItem, Decision, LaterPoint, Meeting

HERE = {"facility": "facility", "department": "department"}
OF_MEETING = {"facility": "meeting__facility", "department": "meeting__department"}


def register() -> None:
    registry.register(
        Meeting,
        key="moede",
        visible=Meeting.objects.visible_to,
        without={"facility": registry.PARENT, "department": registry.PARENT},
        names={"closed_at": _("closed"), "removed_at": _("cancelled")},
        places=HERE,
        titled="held_on",
        restoring=registry.Restoring(("place", "wishes", "minutes"), Meeting.objects.editable_by),
    )
    registry.register(
        AgendaItem,
        key="dagsordenspunkt",
        visible=lambda user: AgendaItem.objects.visible_to(user).select_related("meeting"),
        places=OF_MEETING,
        restoring=registry.Restoring(
            ("text",), lambda user: AgendaItem.objects.editable_by(user).standing()
        ),
    )
    registry.register(
        Decision,
        key="beslutning",
        visible=lambda user: Decision.objects.visible_to(user).select_related("meeting"),
        places=OF_MEETING,
        restoring=registry.Restoring(
            ("text", "responsible_role"),
            lambda user: Decision.objects.editable_by(user).standing(),
        ),
    )
    registry.register(
        LaterPoint,
        key="senere-punkt",
        visible=lambda user: LaterPoint.objects.visible_to(user).select_related(
            "facility", "department"
        ),
        without={"facility": registry.PARENT, "department": registry.PARENT},
        places=HERE,
        restoring=registry.Restoring(
            ("text",), lambda user: LaterPoint.objects.editable_by(user).waiting()
        ),
    )
