"""Which roles a person may give at a place, and whether anybody may be given one there."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from ...enums import Role
from ...models import (
    Authority,
    Cluster,
    ClusterMembership,
    DatedQuerySet,
    Department,
    Facility,
    Membership,
    User,
)
from ...people.models import SCOPES
from ...people.permissions import EDITING_COLUMNS
from ...people.queries import memberships
from ..places import Place
from ..rules import LAST_OF, Held, Kind, fitting, may_give

# A role at one of these places reaches the place; by which columns of a role they are found.
Above = tuple[tuple[Kind, int], ...]


@dataclass(frozen=True)
class Located:
    """A place as it stands: its name, what it lies in, and whether it is still in use.

    ``agreed``: of a column, whether its authority has said yes to being a member.
    """

    place: Place
    name: str
    above: Above
    is_open: bool
    agreed: bool = True

    def __str__(self) -> str:
        return self.name


def locate(place: Place, *, locks: bool = False) -> Located:
    """Raises ``ObjectDoesNotExist``. Locked, it gives and takes roles one at a time."""
    above: Above
    match place.kind:
        case Kind.FACILITY:
            return _facility(place, locks)
        case Kind.DEPARTMENT:
            department = _get(Department.objects.select_related("municipality"), place.pk, locks)
            above = ((Kind.DEPARTMENT, place.pk), (Kind.AUTHORITY, department.municipality_id))
            return Located(place, department.name, above, _stands(department.municipality))
        case Kind.AUTHORITY:
            authority = _get(Authority.objects.all(), place.pk, locks)
            above = ((Kind.AUTHORITY, place.pk),)
            return Located(place, authority.official_name, above, _stands(authority))
        case Kind.CLUSTER:
            cluster = _get(Cluster.objects.all(), place.pk, locks)
            return Located(place, cluster.name, ((Kind.CLUSTER, place.pk),), _stands(cluster))
        case Kind.COLUMN:
            return _column(place, locks)


def _get(rows: QuerySet[Any], pk: int | None, locks: bool) -> Any:
    return (rows.select_for_update(of=("self",), no_key=True) if locks else rows).get(pk=pk)


def _stands(row: Any) -> bool:
    """Whether it has not ended; what begins later may have its people before that."""
    return row.valid_until is None or row.valid_until >= timezone.localdate()


def _facility(place: Place, locks: bool) -> Located:
    facility = _get(Facility.objects.select_related("department__municipality"), place.pk, locks)
    municipality = facility.department.municipality
    above = (
        (Kind.FACILITY, place.pk),
        (Kind.DEPARTMENT, facility.department_id),
        (Kind.AUTHORITY, municipality.pk),
    )
    is_open = facility.closed_on is None and _stands(municipality)
    return Located(place, facility.name, above, is_open)


def _column(place: Place, locks: bool) -> Located:
    """Closed, where the authority is no member any more, or somebody's role is all there is."""
    cluster = _get(Cluster.objects.all(), place.within, locks)
    authority = Authority.objects.get(pk=place.pk)
    columns = cluster.memberships.filter(authority=authority)
    standing = [one for one in columns if _stands(one)]
    if not columns and not Membership.objects.filter(**place.columns).exists():
        raise ClusterMembership.DoesNotExist
    return Located(
        place,
        f"{authority.official_name}, {cluster.name}",
        ((Kind.CLUSTER, cluster.pk), (Kind.AUTHORITY, place.pk)),
        bool(standing) and _stands(cluster) and _stands(authority),
        agreed=not any(one.awaits_consent for one in standing),
    )


def roles_to_give(by: User, located: Located, below: Kind | None = None) -> tuple[Role, ...]:
    """What ``by`` may give, change and end there, as the database has it now.

    ``below``: not at the place itself, but at those of this kind that lie in it. A column whose
    authority has not said yes is given away by those alone who speak for it.
    """
    kind = below or located.place.kind
    if by.is_superuser:
        return fitting(kind)
    here = Q()
    for scope, pk in located.above:
        here |= Q((scope.value, pk))
    scopes = [Kind(scope) for scope in SCOPES]
    rows = memberships(by).filter(here).values_list("role", *SCOPES)
    found = {
        Held(Role(role), next(kind for kind, pk in zip(scopes, pks, strict=True) if pk))
        for role, *pks in rows
    }
    speaks = any(one.kind == Kind.AUTHORITY and one.role in EDITING_COLUMNS for one in found)
    if not (located.agreed or speaks):
        return ()
    return may_give(found, kind)


def others_remain(role: Membership) -> bool:
    """Whether somebody else could still let people in where ``role`` is held, without an end."""
    kind = Kind.AUTHORITY if role.authority_id else Kind.CLUSTER
    if role.role not in LAST_OF.get(kind, ()) or not (role.authority_id or role.cluster_id):
        return True
    same = {"authority": role.authority_id} if role.authority_id else {"cluster": role.cluster_id}
    others = Membership.objects.valid_on().filter(
        **same, role__in=LAST_OF[kind], valid_until=None, user__is_active=True, within=None
    )
    return others.exclude(user=role.user_id).exists()


def authorities_spoken_for(user: User) -> QuerySet[Membership, Any]:
    """The keys of the authorities whose own editor or administrator the person is."""
    return memberships(user, EDITING_COLUMNS).exclude(authority=None).values("authority")


def member_authorities(cluster: Cluster) -> DatedQuerySet[Authority]:
    """The authorities that are members of the cluster today or later."""
    columns = _standing().filter(cluster=cluster, authority=OuterRef("pk"))
    return Authority.objects.filter(Exists(columns))


def _standing() -> DatedQuerySet[ClusterMembership]:
    today = timezone.localdate()
    return ClusterMembership.objects.filter(Q(valid_until=None) | Q(valid_until__gte=today))


def awaiting_consent() -> DatedQuerySet[ClusterMembership]:
    """Members today or later whose authority has not said yes; of who has left nothing is waited
    for."""
    return _standing().filter(awaits_consent=True)


def closed_authorities(cluster: Cluster, by: User) -> QuerySet[ClusterMembership, Any]:
    """The keys of those that have not agreed to be members, and for which ``by`` does not speak."""
    waiting = awaiting_consent().filter(cluster=cluster)
    if by.is_superuser:
        waiting = waiting.none()
    return waiting.exclude(authority__in=authorities_spoken_for(by)).values("authority")


def agreed_authorities(cluster: Cluster, by: User) -> DatedQuerySet[Authority]:
    """The members that have agreed to be one, and those for which ``by`` speaks anyway."""
    return member_authorities(cluster).exclude(pk__in=closed_authorities(cluster, by))
