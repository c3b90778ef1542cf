"""The places at which a person may give roles, to choose one."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from ...enums import Role
from ...models import Authority, Cluster, ClusterMembership, Department, Facility, User
from ...people.queries import memberships
from ..places import Place
from ..rules import Kind

# Of each kind; who has more writes a part of the name.
MOST = 60


@dataclass(frozen=True)
class Offer:
    """``note`` says what the place lies in; ``sheet`` is a department's name in addresses."""

    place: Place
    name: str
    note: str
    sheet: str = ""


def places_for(by: User, words: str = "") -> list[Offer]:
    """Open places, at most ``MOST`` of each kind, whose names hold all of ``words``: 5 queries."""
    today = timezone.localdate()
    standing = Q(valid_until=None) | Q(valid_until__gte=today)
    return [
        *_facilities(by, words),
        *_departments(by, words),
        *_authorities(by, words, standing),
        *_clusters(by, words, standing),
        *_columns(by, words, standing),
    ]


def _named(words: str, *paths: str) -> Q:
    found = Q()
    for word in words.split():
        one = Q()
        for path in paths:
            one |= Q((f"{path}__icontains", word))
        found &= one
    return found


def _facilities(by: User, words: str) -> list[Offer]:
    named = _named(words, "name", "department__name", "department__municipality__name")
    rows = Facility.objects.managed_by(by).open().filter(named).select_related("department")
    return [
        Offer(Place(Kind.FACILITY, one.pk), one.name, one.department.name)
        for one in rows.order_by("name", "pk")[:MOST]
    ]


def _departments(by: User, words: str) -> list[Offer]:
    named = _named(words, "name", "municipality__name")
    rows = Department.objects.managed_by(by).filter(named).select_related("municipality")
    return [
        Offer(Place(Kind.DEPARTMENT, one.pk), one.name, one.municipality.official_name, one.slug)
        for one in rows.order_by("name", "pk")[:MOST]
    ]


def _authorities(by: User, words: str, standing: Q) -> list[Offer]:
    rows = Authority.objects.filter(standing, _named(words, "official_name"))
    if not by.is_superuser:
        rows = rows.filter(pk__in=memberships(by, [Role.ADMINISTRATOR]).values("authority"))
    return [
        Offer(Place(Kind.AUTHORITY, one.pk), one.official_name, one.get_kind_display())
        for one in rows.order_by("name", "pk")[:MOST]
    ]


def _clusters(by: User, words: str, standing: Q) -> list[Offer]:
    rows = Cluster.objects.coordinated_by(by).filter(standing, _named(words, "name"))
    return [
        Offer(Place(Kind.CLUSTER, one.pk), one.name, one.region.official_name)
        for one in rows.select_related("region").order_by("name", "pk")[:MOST]
    ]


def _columns(by: User, words: str, standing: Q) -> list[Offer]:
    cluster_stands = Q(cluster__valid_until=None) | Q(
        cluster__valid_until__gte=timezone.localdate()
    )
    rows = ClusterMembership.objects.filter(
        standing, cluster_stands, _named(words, "authority__official_name", "cluster__name")
    )
    if not by.is_superuser:
        mine = memberships(by, [Role.ADMINISTRATOR]).exclude(authority=None).values("authority")
        coordinated = Cluster.objects.coordinated_by(by).values("pk")
        rows = rows.filter(Q(cluster__in=coordinated, awaits_consent=False) | Q(authority__in=mine))
    rows = rows.select_related("authority", "cluster").order_by("cluster__name", "position", "pk")
    found = {Place(Kind.COLUMN, one.authority_id, one.cluster_id): one for one in rows[:MOST]}
    return [
        Offer(place, one.authority.official_name, one.cluster.name) for place, one in found.items()
    ]
