"""All models of the kernel; each stands in its subject."""

from .audit.models import AuditEntry
from .history.models import Dated, DatedQuerySet, Kept, Versioned
from .letters.models import Letter
from .mail.models import DigestSent, Reminded
from .organisations.models import (
    Authority,
    Cluster,
    ClusterMembership,
    Department,
    Facility,
    RegionMembership,
)
from .people.models import LogIn, Membership, User
from .roles.models import Invitation
from .search.models import SearchEntry

__all__ = [
    "AuditEntry",
    "Authority",
    "Cluster",
    "ClusterMembership",
    "Dated",
    "DatedQuerySet",
    "Department",
    "DigestSent",
    "Facility",
    "Invitation",
    "Kept",
    "Letter",
    "LogIn",
    "Membership",
    "RegionMembership",
    "Reminded",
    "SearchEntry",
    "User",
    "Versioned",
]
