"""Gives clusters of the country so many columns that their matrices are large."""

import datetime as dt

from krams.danish.collation import sort_key
from krams.danish.slugs import danish_slug
from krams.enums import AuthorityKind, ClusterKind
from krams.history.actions.locking import save_version
from krams.models import Authority, Cluster, ClusterMembership, RegionMembership
from krams.organisations.actions.structure import read_municipalities

from .country import REASON, Country

COLUMNS = 12
CAPITAL = "0101"
# The first editions are so old.
DAYS_OF_A_MATRIX = 440


class TooFewClusters(Exception):
    """There are not so many health councils; ``count`` is how many there are."""

    def __init__(self, count: int) -> None:
        super().__init__(f"there are {count}")
        self.count = count


def chosen_clusters(country: Country) -> list[Cluster]:
    """Health councils, that of the capital first, where the first facilities are.

    Those that nobody has loaded are made; all are in force, with enough columns. Raises
    :class:`TooFewClusters`.
    """
    members: dict[str, list[str]] = {}
    for row in read_municipalities():
        members.setdefault(row["health_council_2027"], []).append(row["code"])
    wanted = country.order.matrices
    if wanted > len(members):
        raise TooFewClusters(len(members))
    names = sorted(members, key=lambda name: (CAPITAL not in members[name], sort_key(name)))
    loaded = Cluster.objects.filter(name__in=names[:wanted]).select_related("region")
    found = {cluster.name: cluster for cluster in loaded}
    # Before the store hands out keys of the same tables.
    for cluster in found.values():
        _put_in_force(cluster, country.order.today)
        _widen(cluster)
    for name in names[:wanted]:
        if name not in found:
            found[name] = _made(country, name, members[name])
    country.store.flush()
    return [found[name] for name in names[:wanted]]


def _in_force_since(today: dt.date) -> dt.date:
    """A council that begins in 2027 has met for some years in the made-up country."""
    return dt.date(today.year - 2, 1, 1)


def _put_in_force(cluster: Cluster, today: dt.date) -> None:
    if cluster.valid_from and cluster.valid_from > today - dt.timedelta(days=DAYS_OF_A_MATRIX):
        cluster.valid_from = _in_force_since(today)
        save_version(cluster, by=None, reason=REASON)
        cluster.memberships.update(valid_from=cluster.valid_from)


def _widen(cluster: Cluster) -> None:
    """Neighbours in the region join, before the region itself, which stands last."""
    members = list(cluster.memberships.select_related("authority"))
    region = next(one for one in members if one.authority.kind == AuthorityKind.REGION)
    own = [one.authority for one in members if one is not region]
    joining = _neighbours(own, cluster.region)
    ClusterMembership.objects.bulk_create(
        ClusterMembership(
            cluster=cluster,
            authority=authority,
            position=len(own) + place,
            valid_from=cluster.valid_from,
            valid_until=cluster.valid_until,
        )
        for place, authority in enumerate(joining)
    )
    region.position = len(own) + len(joining)
    region.save()


def _made(country: Country, name: str, codes: list[str]) -> Cluster:
    """The council as it begins in 2027, with its region; and its neighbours."""
    municipalities = Authority.objects.filter(kind=AuthorityKind.MUNICIPALITY, code__in=codes)
    own = list(municipalities.order_by("code"))
    of_region = RegionMembership.objects.valid_on(dt.date(2027, 1, 1)).select_related("region")
    region = of_region.get(municipality=own[0]).region
    cluster = Cluster(
        kind=ClusterKind.HEALTH_COUNCIL,
        name=name,
        slug=danish_slug(name),
        region=region,
        valid_from=_in_force_since(country.order.today),
    )
    country.store.keep(cluster, at=country.founded, by=None, reason=REASON)
    for position, authority in enumerate((*own, *_neighbours(own, region), region)):
        membership = ClusterMembership(
            cluster=cluster,
            authority=authority,
            position=position,
            valid_from=cluster.valid_from,
        )
        country.store.put(membership)
    return cluster


def _neighbours(own: list[Authority], region: Authority) -> list[Authority]:
    """So many of the region's other municipalities as are missing, the nearest by number."""
    middle = sum(int(one.code) for one in own) // len(own)
    of_region = RegionMembership.objects.filter(region=region).values("municipality")
    known = [one.pk for one in own]
    others = Authority.objects.filter(pk__in=of_region).exclude(pk__in=known)
    near = sorted(others, key=lambda one: (abs(int(one.code) - middle), one.code))
    return near[: COLUMNS - 1 - len(own)]
