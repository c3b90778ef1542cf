"""What the history tells of the weekly plan, its pauses and the activity types."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from krams.history import registry
from krams.models import Facility

from ..access import municipalities_seen_by
from ..fields import factor_names
from ..models import ActivityType, FacilityPause, PlannedActivity, PlanPause
from ..weekdays import repeats_name, weekday_names


def register() -> None:
    registry.register(
        ActivityType,
        key="aktivitetstype",
        not_restored=_(
            "Plans and registrations have its name as it was. Correct the type on its own page."
        ),
        visible=lambda user: ActivityType.objects.filter(
            Q(municipality__in=municipalities_seen_by(user)) | Q(municipality=None)
        ).select_related("municipality"),
        without={"municipality": registry.PARENT, "copied_from": registry.ORIGIN},
        places={"authority": "municipality"},
        show={"factors": factor_names},
    )
    registry.register(
        PlannedActivity,
        key="planlagt",
        not_restored=_("The log counts by the plan. Change it there, from a day on."),
        visible=PlannedActivity.objects.visible_to,
        without={"facility": registry.PARENT, "copied_from": registry.ORIGIN},
        places={"facility": "facility"},
        names={"replaces": _("instead of")},
        show={"factors": factor_names, "weekdays": weekday_names, "repeats": repeats_name},
    )
    registry.register(
        PlanPause,
        key="pause",
        not_restored=_("Days that have passed stay as they were planned. Plan another pause."),
        visible=lambda user: PlanPause.objects.filter(
            planned_activity__in=PlannedActivity.objects.visible_to(user)
        ).select_related("planned_activity__facility"),
        places={"facility": "planned_activity__facility"},
        titled="planned_activity__title",
    )
    registry.register(
        FacilityPause,
        key="husets-pause",
        not_restored=_("Days that have passed stay as they were planned. Plan another pause."),
        visible=lambda user: FacilityPause.objects.filter(
            facility__in=Facility.objects.visible_to(user)
        ).select_related("facility"),
        without={"facility": registry.PARENT},
        places={"facility": "facility"},
    )
