"""Reads departments with their facilities, and which of their people hold which role."""

import datetime as dt
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value

from ..danish.slugs import danish_slug
from ..database.prepared import prepared
from ..enums import (
    AuthorityKind,
    LetterState,
    Role,
)
from ..models import (
    Authority,
    Department,
    Facility,
    Invitation,
    Letter,
    Membership,
    User,
)
from ..people.access import one_of
from ..people.queries import memberships
from ..roles.places import Place
from ..roles.queries.granting import (
    locate,
    roles_to_give,
)
from ..roles.rules import Kind
from ..worklist.sections import Section
from .worklist import (
    Missing,
    sections_of,
)

if TYPE_CHECKING:
    # Known to mypy alone: an installation has no stubs.
    from django_stubs_ext import WithAnnotations


class DepartmentRights(TypedDict):
    may_manage: bool


SeenDepartment: TypeAlias = "WithAnnotations[Department, DepartmentRights]"


def free_slug(model: type[Department] | type[Facility], name: str, municipality: Authority) -> str:
    """The name as an address; the municipality is added where another one has the same name."""
    base = danish_slug(name)[:60].strip("-") or str(model._meta.model_name)
    slug = base
    for number in range(1, 1000):
        if not model.objects.filter(slug=slug).exists():
            return slug
        slug = f"{base}-{municipality.slug}"[:70].strip("-") + (f"-{number}" if number > 1 else "")
    return slug


@prepared
def _department(user: User, slug: str) -> QuerySet[SeenDepartment]:
    managed = Department.objects.managed_by(user).filter(pk=OuterRef("pk"))
    visible = Department.objects.visible_to(user).filter(slug=slug)
    return visible.select_related("municipality").annotate(may_manage=Exists(managed)).order_by()


def seen_department(user: User, slug: str) -> SeenDepartment:
    """The department; knows whether the person ``may_manage`` all of it. Raises ``Http404``."""
    return one_of(_department(user, slug))


@prepared
def _facilities(department: Department) -> QuerySet[Facility]:
    return Facility.objects.filter(department=department)


def facilities_in(department: Department) -> list[Facility]:
    return _facilities(department)


def accounts_of(emails: Collection[str]) -> dict[str, User]:
    """The accounts by their e-mails, in small letters."""
    return {user.email: user for user in User.objects.filter(email__in=emails)}


def roles_in(department: Department, users: Collection[User]) -> list[Membership]:
    """Roles of the people in the department and its facilities, also those that have ended."""
    here = Q(department=department) | Q(facility__department=department)
    return list(Membership.objects.filter(here, user__in=users).select_related("facility"))


def administered_by(user: User) -> QuerySet[Authority]:
    """The municipalities that the person administers: where departments may be opened."""
    municipalities = Authority.objects.filter(kind=AuthorityKind.MUNICIPALITY)
    if user.is_superuser:
        return municipalities
    mine = memberships(user, [Role.ADMINISTRATOR]).filter(authority=OuterRef("pk"))
    return municipalities.filter(Exists(mine))


def administrators_sections(user: User, today: dt.date) -> Iterator[Section]:
    """What a superuser must see to: one query, and no more lines with 1,500 facilities."""
    return sections_of(Missing(**_missing(user)[0]))


def _number(rows: QuerySet[Any]) -> Subquery:
    counted = rows.order_by().values(every=Value(1)).annotate(number=Count("pk"))
    return Subquery(counted.values("number"), output_field=IntegerField())


@prepared
def _missing(user: User) -> QuerySet[User, Any]:
    return (
        User.objects.filter(pk=user.pk)
        .order_by()
        .values(
            newcomers=_number(User.objects.invited()),
            unanswered=_number(Invitation.objects.waiting()),
            undelivered=_number(Letter.objects.filter(state=LetterState.FAILED)),
            uncertain=_number(Letter.objects.filter(state=LetterState.UNCERTAIN)),
            departments=_number(Department.objects.without_a_manager()),
            facilities=_number(Facility.objects.open().without_people()),
        )
    )


def invitations_in(department: Department, users: Collection[User]) -> list[Invitation]:
    """To what of the department and its facilities the people are invited."""
    here = Q(department=department) | Q(facility__department=department)
    return list(Invitation.objects.waiting().filter(here, user__in=users))


def granted_by(user: User, department: Department) -> dict[bool, tuple[Role, ...]]:
    """Which roles the person may give in the whole department (True) and at its facilities."""
    located = locate(Place(Kind.DEPARTMENT, department.pk))
    return {
        True: roles_to_give(user, located),
        False: roles_to_give(user, located, Kind.FACILITY),
    }
