"""What the history tells of criteria, indicators and assessments.

Not of measurements: their history would show what is hidden as being about few people.
"""

from django.utils.translation import gettext_lazy as _

from krams.history import registry

from ..fields import factor_names
from ..models import Assessment, Indicator, Initiative, Measurement, SuccessCriterion


def register() -> None:
    registry.register_texts(Measurement, places={"facility": "facility_indicator__facility"})
    registry.register(
        SuccessCriterion,
        key="succeskriterium",
        visible=lambda user: SuccessCriterion.objects.filter(
            initiative__in=Initiative.objects.visible_to(user)
        ),
        without={"initiative": registry.PARENT},
        show={"factors": factor_names},
        restoring=registry.Restoring(
            ("title", "short_title", "description"),
            lambda user: SuccessCriterion.objects.filter(
                initiative__in=Initiative.objects.editable_by(user)
            ),
        ),
        places={"facility": "initiative__facility", "department": "initiative__department"},
    )
    registry.register(
        Indicator,
        key="indikator",
        not_restored=_("Measurements are judged by it, and would come to mean something else."),
        visible=lambda user: Indicator.objects.filter(
            criterion__initiative__in=Initiative.objects.visible_to(user)
        ).select_related("criterion"),
        without={"criterion": registry.PARENT},
        names={"log_measure": _("what is counted"), "log_factor": _("for which factor")},
        places={
            "facility": "criterion__initiative__facility",
            "department": "criterion__initiative__department",
        },
    )
    registry.register(
        Assessment,
        key="vurdering",
        not_restored=_("An assessment is that of its day. Write a new one."),
        visible=Assessment.objects.visible_to,
        without={
            "criterion": registry.PARENT,
            "facility": registry.PARENT,
            "assessed_by": registry.BY_WHOM,
        },
        places={"facility": "facility"},
        titled="criterion__title",
    )
