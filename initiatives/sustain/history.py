"""What the history tells of a municipality's thresholds."""

from django.utils.translation import gettext_lazy as _

from krams.history import registry

from ..access import municipalities_kept_by
from ..models import FollowUpSettings


def register() -> None:
    registry.register(
        FollowUpSettings,
        key="opfoelgning",
        not_restored=_("Thresholds judge all facilities at once. Choose them on their own page."),
        visible=lambda user: FollowUpSettings.objects.filter(
            municipality__in=municipalities_kept_by(user)
        ),
        without={"municipality": registry.PARENT},
        places={"authority": "municipality"},
        own_rules=True,
    )
