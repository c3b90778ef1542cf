"""What the history tells of places and clusters."""

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
        visible=Department.objects.visible_to,
        places={"department": "id", "authority": "municipality"},
    )
    registry.register(
        Cluster, key="klynge", visible=Cluster.objects.visible_to, places={"cluster": "id"}
    )
