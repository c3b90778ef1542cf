"""What of the kernel is found: facilities and clusters."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ..models import Cluster, Facility
from .registry import Kind

FACILITY, CLUSTER = "facility", "cluster"
SCOPES = {FACILITY: Facility.objects.visible_to, CLUSTER: Cluster.objects.visible_to}
KINDS = (
    Kind(
        "facility",
        Facility,
        _("Facility"),
        visible=Facility.objects.visible_to,
        texts=("name", "remark"),
        url=lambda row: reverse("initiatives:today", args=[row.slug]),
        title="name",
        place="department__name",
        slug="slug",
        scope={FACILITY: "pk"},
    ),
    Kind(
        "cluster",
        Cluster,
        _("Cluster"),
        visible=Cluster.objects.visible_to,
        texts=("name",),
        url=lambda row: reverse("clusters:matrix", args=[row.slug]),
        title="name",
        place="region__name",
        slug="slug",
        scope={CLUSTER: "pk"},
    ),
)
