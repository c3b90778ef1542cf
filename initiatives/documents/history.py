"""What the history tells of initiatives and policies."""

from krams.history import registry
from krams.history.queries import Lines

from ..access import municipalities_kept_by, municipalities_seen_by
from ..models import Initiative, Policy, PolicyGoal
from .actions.restoring import TEXTS, restore_texts


def register() -> None:
    registry.register(
        Initiative,
        key="indsats",
        visible=Initiative.objects.visible_to,
        without={"department": registry.PARENT, "copied_from": registry.ORIGIN},
        places={"facility": "facility", "department": "department"},
        restoring=registry.Restoring(TEXTS, Initiative.objects.editable_by, restore_texts),
    )
    registry.register(
        Policy,
        key="politik",
        visible=lambda user: Policy.objects.filter(
            municipality__in=municipalities_seen_by(user)
        ).select_related("municipality"),
        without={"municipality": registry.PARENT},
        lines=Lines(PolicyGoal, of="policy", text="text"),
        places={"authority": "municipality"},
        restoring=registry.Restoring(
            ("title",),
            lambda user: Policy.objects.filter(municipality__in=municipalities_kept_by(user)),
        ),
    )
