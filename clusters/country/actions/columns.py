"""Gives clusters of the country so many columns that their matrices are large."""

import datetime as dt

from krams.danish.collation import sort_key
from krams.danish.slugs import danish_slug
from krams.enums import AuthorityKind, ClusterKind
from krams.history.actions.locking import save_kept, save_version
from krams.models import Authority, Cluster, ClusterMembership, RegionMembership
from krams.organisations.actions.structure import read_municipalities

from .country import REASON, Order

COLUMNS = 12
CAPITAL = "0101"
# The first editions are so old.
DAYS_OF_A_MATRIX = 440


class TooFewClusters(Exception):
    """There are not so many health councils; ``count`` is how many there are."""

    def __init__(self, count: int) -> None:
        super().__init__(f"there are {count}")
        self.count = count


def chosen_clusters(order: Order) -> list[Cluster]:
    """Health councils, that of the capital first, where the first facilities are.

    Those that nobody has loaded are made, and all are put in force if they are not yet. Raises
    :class:`TooFewClusters`.
    """
    members: dict[str, list[str]] = {}
    for row in read_municipalities():
        members.setdefault(row["health_council_2027"], []).append(row["code"])
    if order.matrices > len(members):
        raise TooFewClusters(len(members))
    names = sorted(members, key=lambda name: (CAPITAL not in members[name], sort_key(name)))
    chosen = []
    for name in names[: order.matrices]:
        cluster = Cluster.objects.filter(name=name).select_related("region").first()
        cluster = cluster or _made(name, members[name])
        _put_in_force(cluster, order.today)
        _widen(cluster)
        chosen.append(cluster)
    return chosen


def _made(name: str, codes: list[str]) -> Cluster:
    """The council as it begins in 2027, with its region."""
    first = dt.date(2027, 1, 1)
    municipalities = list(
        Authority.objects.filter(kind=AuthorityKind.MUNICIPALITY, code__in=codes).order_by("code")
    )
    of_region = RegionMembership.objects.valid_on(first).select_related("region")
    region = of_region.get(municipality=municipalities[0]).region
    cluster = Cluster(
        kind=ClusterKind.HEALTH_COUNCIL,
        name=name,
        slug=danish_slug(name),
        region=region,
        valid_from=first,
    )
    save_kept(cluster, by=None, reason=REASON)
    for position, authority in enumerate((*municipalities, region)):
        ClusterMembership.objects.create(
            cluster=cluster, authority=authority, position=position, valid_from=first
        )
    return cluster


def _put_in_force(cluster: Cluster, today: dt.date) -> None:
    """A council that begins in 2027 has met for some years in the made-up country."""
    if cluster.valid_from and cluster.valid_from > today - dt.timedelta(days=DAYS_OF_A_MATRIX):
        cluster.valid_from = dt.date(today.year - 2, 1, 1)
        save_version(cluster, by=None, reason=REASON)
        cluster.memberships.update(valid_from=cluster.valid_from)


def _widen(cluster: Cluster) -> None:
    """Neighbours in the region join, before the region itself, which stands last."""
    members = list(cluster.memberships.select_related("authority"))
    region = next(one for one in members if one.authority.kind == AuthorityKind.REGION)
    codes = [int(one.authority.code) for one in members if one is not region]
    middle = sum(codes) // len(codes)
    known = {one.authority_id for one in members}
    of_region = RegionMembership.objects.filter(region=cluster.region).values("municipality")
    others = Authority.objects.filter(pk__in=of_region).exclude(pk__in=known)
    near = sorted(others, key=lambda one: (abs(int(one.code) - middle), one.code))
    joining = near[: COLUMNS - len(members)]
    ClusterMembership.objects.bulk_create(
        ClusterMembership(
            cluster=cluster,
            authority=authority,
            position=len(members) - 1 + place,
            valid_from=cluster.valid_from,
            valid_until=cluster.valid_until,
        )
        for place, authority in enumerate(joining)
    )
    region.position = len(members) - 1 + len(joining)
    region.save()
