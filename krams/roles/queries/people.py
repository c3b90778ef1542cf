"""The people at one's places, with their roles and invitations: by name, page by page."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from ...database.keyset import Keyset, Page
from ...database.keyset import Place as Spot
from ...enums import Role
from ...models import Invitation, Membership, User
from ...people.models import MembershipQuerySet
from ...people.queries import memberships
from ..models import InvitationQuerySet
from ..rules import GRANTS, Held, Kind
from ..shown import ENDED, INVITED
from .granting import authorities_spoken_for, awaiting_consent

PER_PAGE = 40
BY_NAME = Keyset.rising(name=str, pk=int)
# From the place of a role to one that it lies in.
_PATHS = {
    (Kind.FACILITY, Kind.FACILITY): "facility",
    (Kind.FACILITY, Kind.DEPARTMENT): "facility__department",
    (Kind.FACILITY, Kind.AUTHORITY): "facility__department__municipality",
    (Kind.DEPARTMENT, Kind.DEPARTMENT): "department",
    (Kind.DEPARTMENT, Kind.AUTHORITY): "department__municipality",
    (Kind.AUTHORITY, Kind.AUTHORITY): "authority",
    (Kind.CLUSTER, Kind.CLUSTER): "cluster",
    (Kind.COLUMN, Kind.CLUSTER): "within",
    (Kind.COLUMN, Kind.AUTHORITY): "authority",
}
_WITHIN = {Kind.AUTHORITY: Q(within=None), Kind.COLUMN: Q(within__isnull=False)}
_NOBODY = Q(pk=None)
PLACES = (
    "facility__department__municipality",
    "department__municipality",
    "authority",
    "cluster",
    "within",
)


def _own_grants(user: User) -> Iterable[Held]:
    held = {
        Held(Role(one.role), kind)
        for one in user.scopes
        if one.within_id is None
        for kind in Kind
        if getattr(one, f"{kind}_id", None)
    }
    return (own for own in GRANTS if own in held)


def _below(user: User, own: Held, kind: Kind) -> Q:
    """Roles and invitations at places of ``kind`` that lie in those where ``own`` is held."""
    held = memberships(user, [own.role]).exclude(**{own.kind.value: None}).values(own.kind.value)
    return Q((f"{_PATHS[kind, own.kind]}__in", held)) & _WITHIN.get(kind, Q())


def overseen(user: User) -> Q:
    """Of roles and of invitations: those at one's own places, whether one may give them or not."""
    if user.is_superuser:
        return ~_NOBODY
    found = _NOBODY
    for own in _own_grants(user):
        for kind in {one.kind for one in GRANTS[own]}:
            found |= _below(user, own, kind)
    return found


def changeable(user: User) -> Q:
    """Of those: the ones that the person may change and end, which are the ones they may give."""
    if user.is_superuser:
        return ~Q(user=user)
    waiting = (
        awaiting_consent()
        .filter(cluster=OuterRef("within"), authority=OuterRef("authority"))
        .exclude(authority__in=authorities_spoken_for(user))
    )
    found = _NOBODY
    for own in _own_grants(user):
        for kind in {one.kind for one in GRANTS[own]}:
            roles = [one.role for one in GRANTS[own] if one.kind == kind]
            one = _below(user, own, kind) & Q(role__in=roles)
            found |= one & ~Q(Exists(waiting)) if kind == Kind.COLUMN else one
    return found & ~Q(user=user)


def roles_of_others(user: User) -> MembershipQuerySet:
    """The roles that the person may look at here: those at one's places, and one's own."""
    return Membership.objects.filter(overseen(user) | Q(user=user))


def invitations_of(user: User) -> InvitationQuerySet:
    return Invitation.objects.filter(overseen(user))


@dataclass
class Person:
    """``roles`` know whether one ``may_change`` them, and so do ``invitations``."""

    user: User
    roles: list[Membership] = field(default_factory=list)
    ended: list[Membership] = field(default_factory=list)
    invitations: list[Invitation] = field(default_factory=list)


def find_people(by: User, spot: Spot, *, words: str = "", shown: str = "") -> Page[User]:
    """Who has a role at one's places or is invited there.

    ``shown`` is empty, ``INVITED`` or ``ENDED``.
    """
    roles = Membership.objects.filter(overseen(by), user=OuterRef("pk"))
    invitations = Invitation.objects.filter(overseen(by), user=OuterRef("pk")).waiting()
    today = timezone.localdate()
    standing = Q(valid_until=None) | Q(valid_until__gte=today)
    people = User.objects.all()
    if shown == INVITED:
        people = people.filter(Exists(invitations))
    elif shown == ENDED:
        people = people.filter(Exists(roles.exclude(standing)))
    else:
        people = people.filter(Exists(roles.filter(standing)) | Exists(invitations))
    for word in words.split():
        named = Q(name__icontains=word) | Q(email__icontains=word)
        at = _named_place(word)
        people = people.filter(named | Exists(roles.filter(at)) | Exists(invitations.filter(at)))
    return BY_NAME.read(
        spot, PER_PAGE, lambda way, *edge: list(BY_NAME.cut(people, way, edge, PER_PAGE))
    )


def _named_place(word: str) -> Q:
    paths = ("facility__name", "department__name", "authority__official_name", "cluster__name")
    found = Q(within__name__icontains=word)
    for path in (*paths, "facility__department__name"):
        found |= Q((f"{path}__icontains", word))
    return found


def with_roles(by: User, users: Iterable[User]) -> list[Person]:
    """The people with what one may see of them: two queries, however many they are."""
    people = {user.pk: Person(user) for user in users}
    today = timezone.localdate()
    for role in _rows(roles_of_others(by), by, people).annotate(seen=latest_version()):
        person = people[role.user_id]
        is_over = role.valid_until is not None and role.valid_until < today
        (person.ended if is_over else person.roles).append(role)
    for one in _rows(invitations_of(by).waiting(), by, people).select_related("invited_by"):
        people[one.user_id].invitations.append(one)
    return list(people.values())


def _rows(rows: Any, by: User, people: dict[int, Person]) -> Any:
    return (
        rows.filter(user__in=people)
        .select_related(*PLACES)
        .annotate(may_change=changeable(by))
        .order_by("role", "pk")
    )


def latest_version() -> Subquery:
    """The key of a role's newest record: what a form that changes it was based on."""
    records = Membership.history.filter(id=OuterRef("pk")).order_by().values("id")
    return Subquery(records.annotate(newest=Max("history_id")).values("newest"))


def person_of(by: User, pk: int) -> Person:
    """Raises ``DoesNotExist`` where one may see no role and no invitation of the person."""
    user = User.objects.get(pk=pk)
    [person] = with_roles(by, [user])
    is_here = person.roles or person.ended or person.invitations or by.is_superuser
    if not is_here or (user.pk == by.pk and not by.may_have_people):
        raise User.DoesNotExist
    return person


def role_of(by: User, pk: int) -> Membership:
    """A role that one may change, or one's own. Raises ``DoesNotExist``."""
    rows: QuerySet[Membership] = (
        roles_of_others(by)
        .filter(pk=pk)
        .select_related("user", *PLACES)
        .annotate(may_change=changeable(by), seen=latest_version())
    )
    return rows.get()


def invitation_of(by: User, pk: int) -> Invitation:
    """An invitation that one may look at. Raises ``DoesNotExist``."""
    rows = invitations_of(by).select_related("user", "invited_by", *PLACES)
    return rows.annotate(may_change=changeable(by)).get(pk=pk)
