"""Which halves of the portal a person may see, and what stands below their names."""

from dataclasses import dataclass

from ..enums import AuthorityKind
from ..people.models import User
from ..people.permissions import READING_FACILITIES


@dataclass
class Halves:
    """The two halves of the portal as one person may use them.

    ``krams`` and ``clusters`` say whether there is anything to see in that half; ``current`` is
    "krams", "clusters" or "". The places are what stands below the names.
    """

    krams: bool = False
    clusters: bool = False
    current: str = ""
    krams_place: str = ""
    clusters_place: str = ""
    facility_slug: str = ""
    cluster_slug: str = ""


def halves_of(user: User, namespace: str = "") -> Halves:
    """Work out the switch of the page head from ``user.scopes`` (one query a request)."""
    halves = Halves(current={"initiatives": "krams", "clusters": "clusters"}.get(namespace, ""))
    halves.krams = halves.clusters = user.is_superuser
    municipalities, facilities, clusters = {}, {}, {}
    for membership in user.scopes:
        department = membership.department
        if membership.facility:
            facilities[membership.facility.slug] = membership.facility
            department = membership.facility.department
        municipality = department.municipality if department else membership.authority
        if membership.cluster:
            clusters[membership.cluster.slug] = membership.cluster.name
        if membership.authority:
            halves.clusters = True
            name = membership.first_cluster_name
            slugs = (membership.first_cluster_slug, membership.last_cluster_slug)
            clusters |= {slug: name for slug in slugs if slug and name}
        if (
            municipality
            and municipality.kind == AuthorityKind.MUNICIPALITY
            and membership.role in READING_FACILITIES
        ):
            municipalities[municipality.pk] = municipality.official_name
    halves.krams |= bool(municipalities)
    halves.clusters |= bool(clusters)
    if len(municipalities) == 1:
        [halves.krams_place] = municipalities.values()
    if len(facilities) == 1 and all(membership.facility for membership in user.scopes):
        [halves.facility_slug] = facilities
    if len(clusters) == 1:
        [(halves.cluster_slug, halves.clusters_place)] = clusters.items()
    return halves
