"""Who may give which role where: the one table that every page, form, import and action asks.

Pure. A right reaches the place that it is held at and the places below it: an authority has its
departments, these have their facilities; a cluster has the columns of its members, and a column is
its authority's too. Which places those are, and whether they are open, is asked of the database
(``queries``). Who may give a role may also change and end it; nobody's rule is about themselves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ..enums import SCOPES_OF_ROLE, Role


class Kind(StrEnum):
    """What a role is held at; a column is what an authority has in one cluster."""

    FACILITY = "facility"
    DEPARTMENT = "department"
    AUTHORITY = "authority"
    CLUSTER = "cluster"
    COLUMN = "column"


@dataclass(frozen=True)
class Held:
    """A role at a kind of place."""

    role: Role
    kind: Kind


def _at(kind: Kind, *roles: Role) -> frozenset[Held]:
    return frozenset(Held(role, kind) for role in roles)


_FACILITY = _at(Kind.FACILITY, Role.STAFF, Role.VIEWER)
_DEPARTMENT = _at(Kind.DEPARTMENT, Role.STAFF, Role.VIEWER)
_CLUSTER = _at(Kind.CLUSTER, Role.COORDINATOR, Role.VIEWER) | _at(Kind.COLUMN, Role.EDITOR)

# A manager names managers of the places below, and administrators name managers beside them: else
# two who manage one place could put each other out.
GRANTS: dict[Held, frozenset[Held]] = {
    Held(Role.MANAGER, Kind.FACILITY): _FACILITY,
    Held(Role.MANAGER, Kind.DEPARTMENT): (
        _FACILITY | _DEPARTMENT | _at(Kind.FACILITY, Role.MANAGER)
    ),
    Held(Role.MANAGER, Kind.AUTHORITY): (
        _FACILITY
        | _DEPARTMENT
        | _at(Kind.FACILITY, Role.MANAGER)
        | _at(Kind.DEPARTMENT, Role.MANAGER)
    ),
    Held(Role.ADMINISTRATOR, Kind.AUTHORITY): (
        _FACILITY
        | _DEPARTMENT
        | _at(Kind.FACILITY, Role.MANAGER)
        | _at(Kind.DEPARTMENT, Role.MANAGER)
        | _at(Kind.AUTHORITY, Role.MANAGER, Role.EDITOR, Role.VIEWER, Role.ADMINISTRATOR)
        | _at(Kind.COLUMN, Role.EDITOR)
    ),
    Held(Role.COORDINATOR, Kind.CLUSTER): _CLUSTER,
    Held(Role.ADMINISTRATOR, Kind.CLUSTER): _CLUSTER | _at(Kind.CLUSTER, Role.ADMINISTRATOR),
}
# What fits at all: what who administers the portal may give.
EVERYTHING = frozenset(
    Held(role, Kind(scope)) for role, scopes in SCOPES_OF_ROLE.items() for scope in scopes
) | _at(Kind.COLUMN, Role.EDITOR)
# Without one of these nobody at the place can let anybody in.
LAST_OF = {
    Kind.AUTHORITY: frozenset({Role.ADMINISTRATOR}),
    Kind.CLUSTER: frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
}


def may_give(held: Iterable[Held], kind: Kind) -> tuple[Role, ...]:
    """The roles that who holds ``held``, at a place or above it, may give at one of ``kind``."""
    given = {one.role for own in held for one in GRANTS.get(own, ()) if one.kind == kind}
    return tuple(role for role in Role if role in given)


def fitting(kind: Kind) -> tuple[Role, ...]:
    """The roles that there are at a kind of place."""
    return tuple(role for role in Role if Held(role, kind) in EVERYTHING)
