"""All models of the kernel; each stands in its subject."""

from .history.models import Dated, DatedQuerySet, Kept, Versioned
from .mail.models import DigestSent
from .organisations.models import (
    Authority,
    Cluster,
    ClusterMembership,
    Department,
    Facility,
    RegionMembership,
)
from .people.models import Membership, User

__all__ = [
    "Authority",
    "Cluster",
    "ClusterMembership",
    "Dated",
    "DatedQuerySet",
    "Department",
    "DigestSent",
    "Facility",
    "Kept",
    "Membership",
    "RegionMembership",
    "User",
    "Versioned",
]
