"""All models of the kernel; each stands in its subject."""

from .history.models import Dated, DatedQuerySet, Kept, Versioned
from .letters.models import Letter
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
from .search.models import SearchEntry

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
    "Letter",
    "Membership",
    "RegionMembership",
    "SearchEntry",
    "User",
    "Versioned",
]
