"""Reads the facilities that a person may see, and how much each has registered on a day."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Count, FilteredRelation, Q, QuerySet

from krams.database.prepared import prepared
from krams.enums import FacilityKind
from krams.models import Facility, User


class Place(NamedTuple):
    """A facility; ``registered`` counts the registrations of the day."""

    name: str
    slug: str
    kind: str
    place_count: int | None
    registered: int

    @property
    def kind_label(self) -> str:
        return str(FacilityKind(self.kind).label)


@dataclass(slots=True)
class Places:
    """A department with its open facilities."""

    pk: int
    name: str
    municipality: str
    facilities: list[Place] = field(default_factory=list)


@prepared
def _facilities(user: User, day: dt.date) -> QuerySet[Facility, tuple[Any, ...]]:
    of_the_day = Q(activities__held_on=day, activities__removed_at=None)
    return (
        Facility.objects.visible_to(user)
        .open()
        .annotate(of_the_day=FilteredRelation("activities", condition=of_the_day))
        .values_list(
            *("department_id", "department__name", "department__municipality__official_name"),
            *("name", "slug", "kind", "place_count"),
        )
        .annotate(registered=Count("of_the_day"))
        .order_by("department__municipality__name", "department__name", "name", "pk")
    )


def places_of(user: User, day: dt.date) -> list[Places]:
    """By municipality and department."""
    found: dict[int, Places] = {}
    for pk, name, municipality, *place in _facilities(user, day):
        department = found.get(pk)
        if department is None:
            department = found[pk] = Places(pk, name, municipality)
        department.facilities.append(Place._make(place))
    return list(found.values())
