"""The places that the mapping of claims names, as they stand in the database."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import DatabaseError
from django.db.models import Q, QuerySet

from ...enums import AuthorityKind, Role
from ...models import Authority, Cluster, Department, Facility, Membership, User
from .. import places
from ..claims import Mapped, mapping
from ..places import Place
from ..rules import Kind

# A role at a place, as the claims give it.
Claimed = tuple[Role, Place]


def place_of(entry: Mapped) -> Place | None:
    """None where there is none of that name, or more than one."""
    if entry.facility:
        return _place(Kind.FACILITY, _key(Facility.objects.filter(slug=entry.facility)))
    if entry.department:
        return _place(Kind.DEPARTMENT, _key(Department.objects.filter(slug=entry.department)))
    cluster = _key(Cluster.objects.filter(slug=entry.cluster)) if entry.cluster else None
    if entry.cluster and cluster is None:
        return None
    if not (entry.municipality or entry.region):
        return _place(Kind.CLUSTER, cluster)
    authority = _authority(entry)
    if authority and cluster:
        return Place(Kind.COLUMN, authority, cluster)
    return _place(Kind.AUTHORITY, authority)


def _place(kind: Kind, key: int | None) -> Place | None:
    return Place(kind, key) if key else None


def _authority(entry: Mapped) -> int | None:
    """By its official number, its address or its official name."""
    kind = AuthorityKind.MUNICIPALITY if entry.municipality else AuthorityKind.REGION
    name = entry.municipality or entry.region
    named = Q(code=name) | Q(slug=name) | Q(official_name=name)
    return _key(Authority.objects.filter(named, kind=kind))


def _key(rows: QuerySet[Any]) -> int | None:
    found = list(rows.values_list("pk", flat=True)[:2])
    return found[0] if len(found) == 1 else None


def claimed_roles(user: User) -> dict[Claimed, Membership]:
    """Those in force today that came by claims."""
    rows = Membership.objects.held_by(user).filter(by_claims=True)
    return {(Role(one.role), places.of(one)): one for one in rows}


def roles_held(user: User) -> set[Claimed]:
    """All in force today, whoever gave them."""
    return {(Role(one.role), places.of(one)) for one in Membership.objects.held_by(user)}


def missing_places(entries: Iterable[Mapped]) -> list[Mapped]:
    return [one for one in entries if place_of(one) is None]


def check_login_roles(
    databases: Iterable[str] | None = None, **_more: Any
) -> list[checks.CheckMessage]:
    """``manage.py check --database default``: entries of ``LOGIN_ROLES`` whose place is nowhere."""
    if not databases or not settings.LOGIN_ROLES:
        return []
    try:
        missing = missing_places(mapping(settings.LOGIN_ROLES))
    except DatabaseError:
        # Before the first migration there are no tables.
        return []
    return [
        checks.Warning(
            f"LOGIN_ROLES: there is no such place, or several: {one}.",
            hint="Facilities, departments and clusters go by the last part of their address,"
            " municipalities and regions by number, address or official name.",
            id="krams.W005",
        )
        for one in missing
    ]
