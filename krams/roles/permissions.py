"""Who may do what where: the permissions that the addresses of the portal ask for, as one table.

Pure. Which address asks for which stands in ``addresses.py`` of each room; ``docs/access.md`` is
made of both. **Nothing here lets anybody in or keeps anybody out**: that is decided in the queries
(``visible_to``, ``managed_by`` … and the guards in ``access.py``), which share the sets of roles
with this table. That the two agree is proved by ``tests/access/test_sweep.py``, which asks every
address as everybody and compares; an address that is not in the table fails there.

A role counts at the place that it is held at and below it, as in ``rules``. Roles add up: whoever
has two may do what either allows. A superuser may do everything that is not personal.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

from ..enums import SCOPES_OF_ROLE, Role
from ..people.permissions import (
    COORDINATING,
    EDITING_COLUMNS,
    GRANTING,
    MANAGING,
    READING_FACILITIES,
    REGISTERING,
)
from .rules import GRANTS, Held, Kind


@dataclass(frozen=True, eq=False)
class Permission:
    """``holders`` have it by a role at the place that the address is ``about``, or above it.

    Without ``about`` a role anywhere will do. Whoever lacks it is ``refused`` with 404 or 403; who
    lacks even the permission that it stands ``within`` is refused as that one refuses.
    """

    name: str
    about: Kind | None = None
    holders: frozenset[Held] = frozenset()
    within: "Permission | None" = None
    refused: int = 404
    # Without a role, and without an account.
    for_everybody: bool = False
    for_strangers: bool = False
    # Not had by being a superuser: one's own, or said by a role.
    is_personal: bool = False

    @property
    def hidden(self) -> "Permission":
        """The same, where whoever lacks it is not even told that there is something."""
        return replace(self, refused=404, within=self.within and self.within.hidden)


def _held(roles: Collection[Role], *kinds: Kind) -> frozenset[Held]:
    """The roles at the kinds of places, as far as they exist there."""
    return frozenset(
        Held(role, kind) for role in roles for kind in kinds if kind in SCOPES_OF_ROLE[role]
    )


_ALL = tuple(Role)
_AT_FACILITY = (Kind.FACILITY, Kind.DEPARTMENT, Kind.AUTHORITY)
_AT_DEPARTMENT = (Kind.DEPARTMENT, Kind.AUTHORITY)
_COLUMN_EDITOR = frozenset({Held(Role.EDITOR, Kind.COLUMN)})


PUBLIC = Permission("Everybody, without an account", for_strangers=True)
SECRET = Permission("Whoever has the secret link", for_strangers=True)
ACCOUNT = Permission("Everybody with an account", for_everybody=True)
SUPERUSER = Permission("Superusers", refused=403)

SEE_FACILITY = Permission(
    "Read at a facility", Kind.FACILITY, _held(READING_FACILITIES, *_AT_FACILITY)
)
LOG = Permission(
    "Register at a facility",
    Kind.FACILITY,
    _held(REGISTERING, *_AT_FACILITY),
    within=SEE_FACILITY,
    refused=403,
)
MANAGE_FACILITY = Permission(
    "Manage a facility",
    Kind.FACILITY,
    _held(MANAGING, *_AT_FACILITY),
    within=SEE_FACILITY,
    refused=403,
)
SEE_DEPARTMENT = Permission(
    "See of a department what one sees of its facilities",
    Kind.DEPARTMENT,
    _held(READING_FACILITIES, *_AT_FACILITY),
)
READ_DEPARTMENT = Permission(
    "Read all of a department", Kind.DEPARTMENT, _held(READING_FACILITIES, *_AT_DEPARTMENT)
)
MANAGE_DEPARTMENT = Permission(
    "Manage a department",
    Kind.DEPARTMENT,
    _held(MANAGING, *_AT_DEPARTMENT),
    within=SEE_DEPARTMENT,
    refused=403,
)
LEAD_DEPARTMENT = Permission(
    "Keep a department's own meetings",
    Kind.DEPARTMENT,
    _held(MANAGING, *_AT_DEPARTMENT),
    within=READ_DEPARTMENT,
    refused=403,
)
PLAN_IN_DEPARTMENT = Permission(
    "Manage something in a department",
    Kind.DEPARTMENT,
    _held(MANAGING, *_AT_FACILITY),
    within=SEE_DEPARTMENT,
    refused=403,
)
SET_UP_DEPARTMENT = Permission(
    "Administer a department's municipality",
    Kind.DEPARTMENT,
    _held([Role.ADMINISTRATOR], Kind.AUTHORITY),
    within=SEE_DEPARTMENT,
    refused=403,
)
READ_INITIATIVE = Permission(
    "Read a department's initiatives", Kind.DEPARTMENT, _held(_ALL, *_AT_FACILITY)
)
EDIT_INITIATIVE = Permission(
    "Edit a department's initiative",
    Kind.DEPARTMENT,
    _held(MANAGING, *_AT_DEPARTMENT),
    within=READ_INITIATIVE,
    refused=403,
)
MEASURE = Permission(
    "Measure for a facility of an initiative",
    Kind.DEPARTMENT,
    _held(MANAGING, *_AT_FACILITY),
    within=READ_INITIATIVE,
    refused=403,
)
WRITE_LOCALLY = Permission(
    "Write for a facility in an initiative",
    Kind.FACILITY,
    _held(MANAGING, *_AT_FACILITY),
    within=READ_INITIATIVE,
    refused=403,
)
BEGIN_INITIATIVE = Permission(
    "Begin an initiative at an own place", holders=_held(MANAGING, *_AT_FACILITY), refused=403
)
COPY_INITIATIVE = Permission(
    "Copy an initiative to an own place",
    holders=BEGIN_INITIATIVE.holders,
    within=READ_INITIATIVE,
    refused=403,
)
SEE_MUNICIPALITY = Permission(
    "Read a municipality's lists", Kind.AUTHORITY, _held(READING_FACILITIES, *_AT_FACILITY)
)
KEEP_MUNICIPALITY = Permission(
    "Keep a municipality's lists",
    Kind.AUTHORITY,
    _held(MANAGING, *_AT_DEPARTMENT),
    within=SEE_MUNICIPALITY,
    refused=403,
)
SET_UP_MUNICIPALITY = Permission(
    "Administer a municipality",
    Kind.AUTHORITY,
    _held([Role.ADMINISTRATOR], Kind.AUTHORITY),
    within=SEE_MUNICIPALITY,
    refused=403,
)
SET_UP_ANY = Permission(
    "Administer some municipality", holders=_held([Role.ADMINISTRATOR], Kind.AUTHORITY)
)
FOLLOW_AUTHORITY = Permission(
    "See what is changed at an authority", Kind.AUTHORITY, _held(_ALL, *_AT_FACILITY)
)
REDACT_THRESHOLDS = Permission(
    "Take words out of thresholds",
    Kind.AUTHORITY,
    SET_UP_MUNICIPALITY.holders,
    within=KEEP_MUNICIPALITY.hidden,
    refused=403,
)
AUDIT = Permission(
    "Read the audit log",
    holders=_held([Role.ADMINISTRATOR], Kind.AUTHORITY),
    refused=403,
)
DATA_PROTECTION = Permission(
    "Read the record of what is stored",
    holders=_held([Role.ADMINISTRATOR], Kind.AUTHORITY, Kind.CLUSTER),
    refused=403,
)
WORK_SOMEWHERE = Permission(
    "Read at some facility", holders=_held(READING_FACILITIES, *_AT_FACILITY)
)

SEE_CLUSTER = Permission(
    "Read a cluster's matrix",
    Kind.CLUSTER,
    _held(_ALL, Kind.AUTHORITY, Kind.CLUSTER) | _COLUMN_EDITOR,
)
COORDINATE = Permission(
    "Coordinate a cluster",
    Kind.CLUSTER,
    _held(COORDINATING, Kind.CLUSTER),
    within=SEE_CLUSTER,
    refused=403,
)
EDIT_COLUMN = Permission(
    "Fill in an authority's column",
    Kind.COLUMN,
    _held(EDITING_COLUMNS, Kind.AUTHORITY) | COORDINATE.holders | _COLUMN_EDITOR,
    within=SEE_CLUSTER,
    refused=403,
)
# Who only reads a facility sees no single registration.
REDACT_REGISTRATION = Permission(
    "Take words out of registrations",
    Kind.FACILITY,
    MANAGE_FACILITY.holders,
    within=LOG.hidden,
    refused=403,
)
REDACT_COLUMN = Permission(
    "Take words out of an authority's column",
    Kind.COLUMN,
    _held([Role.ADMINISTRATOR], Kind.AUTHORITY) | COORDINATE.holders,
    within=SEE_CLUSTER,
    refused=403,
)
SEE_IMPORT = Permission(
    "See an import", Kind.CLUSTER, COORDINATE.holders, within=SEE_CLUSTER, refused=404
)
SPEAK_FOR_COLUMN = Permission(
    "Answer for an authority's column",
    Kind.COLUMN,
    _held(EDITING_COLUMNS, Kind.AUTHORITY) | _COLUMN_EDITOR,
    within=SEE_CLUSTER,
    refused=403,
    is_personal=True,
)
SPEAK_FOR_CLUSTER = Permission(
    "Propose wordings for a column",
    Kind.CLUSTER,
    COORDINATE.holders,
    within=SEE_CLUSTER,
    refused=403,
    is_personal=True,
)
SPEAK = Permission(
    "Ask and answer about a cell",
    Kind.COLUMN,
    SPEAK_FOR_COLUMN.holders | SPEAK_FOR_CLUSTER.holders,
    within=SEE_CLUSTER,
    refused=403,
    is_personal=True,
)
AUTHOR = Permission(
    "Change what oneself has written", within=SEE_CLUSTER, refused=403, is_personal=True
)
AGREE = Permission(
    "Say an authority's yes to a cluster",
    Kind.COLUMN,
    _held(EDITING_COLUMNS, Kind.AUTHORITY),
    within=SEE_CLUSTER,
    refused=403,
)
TAKE_BACK = Permission(
    "Take an authority's yes back",
    Kind.COLUMN,
    _held([Role.ADMINISTRATOR], Kind.AUTHORITY),
    within=SEE_CLUSTER,
    refused=403,
)
FOUND_CLUSTER = Permission(
    "Open a cluster", holders=_held([Role.ADMINISTRATOR], Kind.AUTHORITY), refused=403
)

HAVE_PEOPLE = Permission(
    "Give roles somewhere",
    holders=_held(GRANTING, *_AT_FACILITY, Kind.CLUSTER),
    refused=403,
)


def _granting(*given: Held) -> frozenset[Held]:
    """Who may give one of the roles, as ``rules.GRANTS`` says."""
    return frozenset(own for own, roles in GRANTS.items() if roles & set(given))


def giving_at(kind: Kind) -> Permission:
    """Giving a role at one's own places of a kind."""
    given = [Held(role, kind) for role in Role]
    return Permission(f"Give roles at a {kind}", kind, _granting(*given))


SEE_PERSON = Permission(
    "See who has roles at a facility",
    Kind.FACILITY,
    _granting(Held(Role.STAFF, Kind.FACILITY)),
    within=HAVE_PEOPLE,
)
CHANGE_ROLE = Permission(
    "Change a staff role at a facility",
    Kind.FACILITY,
    _granting(Held(Role.STAFF, Kind.FACILITY)),
    within=SEE_PERSON,
    refused=403,
)
END_IN_CLUSTER = Permission(
    "End a role of a cluster",
    Kind.CLUSTER,
    COORDINATE.holders,
    within=COORDINATE,
    refused=404,
)

# In the order in which the documentation shows them.
PERMISSIONS = (
    *(PUBLIC, SECRET, ACCOUNT, SUPERUSER),
    *(SEE_FACILITY, LOG, MANAGE_FACILITY, REDACT_REGISTRATION, WORK_SOMEWHERE),
    *(SEE_DEPARTMENT, READ_DEPARTMENT, MANAGE_DEPARTMENT, LEAD_DEPARTMENT, PLAN_IN_DEPARTMENT),
    *(READ_INITIATIVE, EDIT_INITIATIVE, WRITE_LOCALLY, MEASURE),
    *(BEGIN_INITIATIVE, COPY_INITIATIVE),
    *(SEE_MUNICIPALITY, KEEP_MUNICIPALITY),
    *(SET_UP_DEPARTMENT, SET_UP_MUNICIPALITY, SET_UP_ANY),
    *(FOLLOW_AUTHORITY, REDACT_THRESHOLDS, AUDIT, DATA_PROTECTION),
    *(SEE_CLUSTER, EDIT_COLUMN, SPEAK, SPEAK_FOR_COLUMN, SPEAK_FOR_CLUSTER, AUTHOR),
    *(COORDINATE, REDACT_COLUMN, SEE_IMPORT),
    *(AGREE, TAKE_BACK, FOUND_CLUSTER),
    *(HAVE_PEOPLE, SEE_PERSON, CHANGE_ROLE, END_IN_CLUSTER),
)


@dataclass(frozen=True)
class Rule:
    """What an address asks for: to be read, and to be posted to; None is answered with 405.

    ``why`` says it where it is not plain: why something is public, or the exception.
    """

    read: Permission | None
    write: Permission | None = None
    why: str = ""


def reads(permission: Permission, why: str = "") -> Rule:
    return Rule(permission, why=why)


def writes(permission: Permission, why: str = "") -> Rule:
    return Rule(None, permission, why)


def both(permission: Permission, why: str = "") -> Rule:
    return Rule(permission, permission, why)


def redacts(permission: Permission, *keys: str) -> dict[str, Rule]:
    """Of kinds of history, who takes words out of them: who answers for their place."""
    return {f"history-redact#{key}": both(permission) for key in keys}


def restores(permission: Permission, *keys: str) -> dict[str, Rule]:
    """Of kinds of history, who puts an earlier version back: whoever may write such a thing."""
    return {f"history-restore#{key}": writes(permission) for key in keys}
