"""Guards of the KRAMS half: not visible is 404, visible but not allowed is 403."""

from collections.abc import Collection
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet

from krams.database.prepared import prepared
from krams.enums import AuthorityKind, Role
from krams.models import Authority, Department, Facility, User
from krams.people.access import one_of
from krams.people.permissions import MANAGING, READING_FACILITIES
from krams.people.queries import memberships

from .models import Initiative

if TYPE_CHECKING:
    # Known to mypy alone: an installation has no stubs.
    from django_stubs_ext import WithAnnotations


class FacilityRights(TypedDict):
    """What a facility knows of the person who asks for it."""

    may_register: bool
    may_manage: bool


class ListRights(TypedDict):
    may_keep: bool


class DepartmentRights(TypedDict):
    """``sees_all``: every facility of it, not just one."""

    sees_all: bool
    may_manage: bool


OwnFacility: TypeAlias = "WithAnnotations[Facility, FacilityRights]"
OwnMunicipality: TypeAlias = "WithAnnotations[Authority, ListRights]"
OwnDepartment: TypeAlias = "WithAnnotations[Department, DepartmentRights]"


def facilities_of(user: User) -> QuerySet[OwnFacility]:
    """The facilities that the person may see.

    Each knows whether the person ``may_register`` there, and ``may_manage`` its weekly plan.
    """
    own = Facility.objects.loggable_by(user).filter(pk=OuterRef("pk"))
    managed = Facility.objects.managed_by(user).filter(pk=OuterRef("pk"))
    return (
        Facility.objects.visible_to(user)
        .select_related("department__municipality__follow_up_settings")
        .annotate(may_register=Exists(own), may_manage=Exists(managed))
    )


@prepared
def _facility(user: User, slug: str) -> QuerySet[OwnFacility]:
    return facilities_of(user).filter(slug=slug).order_by()


def visible_facility(user: User, slug: str) -> OwnFacility:
    """The facility, read in one query. Raises ``Http404``."""
    return one_of(_facility(user, slug))


def loggable_facility(user: User, slug: str) -> OwnFacility:
    """The facility, if the person may register there. Raises ``Http404``, ``PermissionDenied``."""
    facility = visible_facility(user, slug)
    if not facility.may_register:
        raise PermissionDenied
    return facility


def managed_facility(user: User, slug: str) -> OwnFacility:
    """The facility, if the person may plan there. Raises ``Http404``, ``PermissionDenied``."""
    facility = visible_facility(user, slug)
    if not facility.may_manage:
        raise PermissionDenied
    return facility


def municipalities_seen_by(user: User) -> QuerySet[Authority]:
    """Where the person may read the list: everywhere they read a facility's work."""
    here = Q(authority=OuterRef("pk")) | Q(department__municipality=OuterRef("pk"))
    here |= Q(facility__department__municipality=OuterRef("pk"))
    return _municipalities(user, READING_FACILITIES, here)


def municipalities_kept_by(user: User) -> QuerySet[Authority]:
    """Where the person may change the list."""
    here = Q(authority=OuterRef("pk")) | Q(department__municipality=OuterRef("pk"))
    return _municipalities(user, MANAGING, here)


@prepared
def _municipality(user: User, slug: str) -> QuerySet[OwnMunicipality]:
    kept = municipalities_kept_by(user).filter(pk=OuterRef("pk"))
    return (
        municipalities_seen_by(user)
        .filter(slug=slug)
        .select_related("follow_up_settings")
        .annotate(may_keep=Exists(kept))
        .order_by()
    )


def visible_municipality(user: User, slug: str, *, change: bool) -> OwnMunicipality:
    """The municipality, if the person may read (or ``change``) its lists; with its thresholds.

    Raises ``Http404`` and ``PermissionDenied``; knows whether the person ``may_keep`` them.
    """
    found: OwnMunicipality = one_of(_municipality(user, slug))
    if change and not found.may_keep:
        raise PermissionDenied
    return found


def _municipalities(user: User, roles: Collection[Role], here: Q) -> QuerySet[Authority]:
    municipalities = Authority.objects.filter(kind=AuthorityKind.MUNICIPALITY)
    if user.is_superuser:
        return municipalities
    return municipalities.filter(Exists(memberships(user, roles).filter(here)))


@prepared
def _initiative(user: User, pk: int) -> QuerySet[Initiative]:
    return Initiative.objects.read_by(user).filter(pk=pk).order_by()


def readable_initiative(user: User, pk: int) -> Initiative:
    """The initiative; knows whether the person ``may_edit`` it. Raises ``Http404``."""
    return one_of(_initiative(user, pk))


def editable_initiative(user: User, pk: int) -> Initiative:
    """The same, for who may change it. Raises ``Http404`` and ``PermissionDenied``."""
    found = readable_initiative(user, pk)
    if not found.may_edit:
        raise PermissionDenied
    return found
