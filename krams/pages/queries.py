"""Reads where a person can go from the first page: one query for each half."""

from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import FilteredRelation, QuerySet

from ..database.prepared import prepared
from ..enums import FacilityKind
from ..history.models import in_force
from ..models import Cluster, Facility, User


class Place(NamedTuple):
    """A facility."""

    name: str
    slug: str
    kind: str
    place_count: int | None

    @property
    def kind_label(self) -> str:
        return str(FacilityKind(self.kind).label)


@dataclass(slots=True)
class Places:
    """A department with its open facilities."""

    pk: int
    slug: str
    name: str
    municipality: str
    facilities: list[Place] = field(default_factory=list)


@dataclass(slots=True)
class ClusterOfMine:
    """A cluster with the names of its members, in the order of the matrix."""

    slug: str
    name: str
    members: list[str] = field(default_factory=list)


@prepared
def _facilities(
    user: User,
) -> QuerySet[Facility, tuple[int, str, str, str, str, str, str, int | None]]:
    mine = Facility.objects.visible_to(user).open()
    return mine.order_by("department__name", "department_id", "name", "pk").values_list(
        *("department_id", "department__slug", "department__name"),
        *("department__municipality__official_name", "name", "slug", "kind", "place_count"),
    )


def places_of(user: User) -> list[Places]:
    """The departments that have an open facility that the person may see."""
    found: dict[int, Places] = {}
    for pk, slug, name, municipality, *place in _facilities(user):
        department = found.get(pk)
        if department is None:
            department = found[pk] = Places(pk, slug, name, municipality)
        department.facilities.append(Place._make(place))
    return list(found.values())


@prepared
def _clusters(user: User) -> QuerySet[Cluster, tuple[int, str, str, str | None]]:
    """A row for each member, and one where there is none."""
    members = FilteredRelation("memberships", condition=in_force(path="memberships__"))
    mine = Cluster.objects.visible_to(user).valid_on().annotate(member=members)
    return mine.order_by("name", "pk", "member__position", "member__pk").values_list(
        "pk", "slug", "name", "member__authority__name"
    )


def clusters_of(user: User) -> list[ClusterOfMine]:
    """Those in force that the person may see."""
    found: dict[int, ClusterOfMine] = {}
    for pk, slug, name, member in _clusters(user):
        cluster = found.get(pk)
        if cluster is None:
            cluster = found[pk] = ClusterOfMine(slug, name)
        if member:
            cluster.members.append(member)
    return list(found.values())
