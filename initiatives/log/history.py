"""What the history tells of registrations, to who writes them: others see no single count."""

from django.utils.translation import gettext_lazy as _

from krams.history import registry

from ..fields import factor_names
from ..models import Activity


def register() -> None:
    registry.register(
        Activity,
        key="registrering",
        not_restored=_("What took place is corrected in the log, with a reason."),
        visible=Activity.objects.correctable_by,
        own_rules=True,
        without={
            "facility": registry.PARENT,
            "registered_by": registry.BY_WHOM,
            "registered_at": "The entry has its time.",
            "activity_type": "Its own name and factors are copied from it, and told.",
        },
        names={
            "planned_activity": _("in the weekly plan"),
            "source": _("how it came in"),
        },
        show={"factors": factor_names},
        places={"facility": "facility"},
    )
