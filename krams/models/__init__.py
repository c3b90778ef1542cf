from .base import Dated, DatedQuerySet, Kept, Versioned
from .digest import DigestSent
from .membership import Membership
from .organisation import (
    Authority,
    Cluster,
    ClusterMembership,
    Department,
    Facility,
    RegionMembership,
)
from .user import User

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
