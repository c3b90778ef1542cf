"""What the history tells of places and clusters."""

from django.utils.translation import gettext_lazy as _

from ..history import registry
from ..models import Cluster, Department, Facility


def register() -> None:
    registry.register(
        Facility,
        key="botilbud",
        visible=Facility.objects.visible_to,
        places={"facility": "id", "department": "department"},
        restoring=registry.Restoring(("remark",), Facility.objects.managed_by),
    )
    registry.register(
        Department,
        key="afdeling",
        not_restored=_("Departments are set up by those who run the portal."),
        visible=Department.objects.visible_to,
        places={"department": "id", "authority": "municipality"},
    )
    registry.register(
        Cluster,
        key="klynge",
        not_restored=_("The name and the dates of a cluster are decided by those who form it."),
        visible=Cluster.objects.visible_to,
        places={"cluster": "id"},
    )
