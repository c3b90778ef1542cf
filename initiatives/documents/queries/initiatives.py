"""Reads initiatives: the list of them, one as a whole, and where it takes place."""

from typing import TYPE_CHECKING, TypeAlias, TypedDict

from django.db.models import Exists, OuterRef, Q, QuerySet

from krams.database.prepared import prepared
from krams.models import Department, Facility, User
from krams.people.access import one_of

from ...models import FactorText, Initiative
from ..sections import SECTIONS

if TYPE_CHECKING:
    # Known to mypy alone: an installation has no stubs.
    from django_stubs_ext import WithAnnotations


class PlaceRights(TypedDict):
    """``is_open_to_me``: its pages may be read; ``is_mine``: its own texts may be written."""

    is_open_to_me: bool
    is_mine: bool


TakingPart: TypeAlias = "WithAnnotations[Facility, PlaceRights]"
# What a list does not show; ten pages of text are quickly read for nothing.
_TEXTS = {name for section in SECTIONS for name in section.fields} - {
    *("title", "policy", "starts_on", "ends_on")
}


@prepared
def _listed(user: User) -> QuerySet[Initiative]:
    rows = Initiative.objects.read_by(user).defer(*_TEXTS)
    return rows.order_by("department__name", "department_id", "title", "pk")


def listed_initiatives(user: User) -> list[Initiative]:
    """All that the person may see, by department."""
    return _listed(user)


@prepared
def _whole(user: User, pk: int) -> QuerySet[Initiative]:
    visible = Initiative.objects.read_by(user).filter(pk=pk).order_by()
    return visible.select_related("copied_from__department__municipality")


def whole_initiative(user: User, pk: int) -> Initiative:
    """With what it was copied from. Raises ``Http404``."""
    return one_of(_whole(user, pk))


@prepared
def _places(user: User, initiative: Initiative) -> QuerySet[TakingPart]:
    open_to_me = Facility.objects.visible_to(user).filter(pk=OuterRef("pk"))
    mine = Facility.objects.managed_by(user).filter(pk=OuterRef("pk"))
    return Facility.objects.filter(initiatives=initiative).annotate(
        is_open_to_me=Exists(open_to_me), is_mine=Exists(mine)
    )


def places_of(user: User, initiative: Initiative) -> list[TakingPart]:
    """The facilities that take part, and what the person may do there."""
    return _places(user, initiative)


@prepared
def _place(user: User, initiative: Initiative, slug: str) -> QuerySet[TakingPart]:
    return _places.build(user, initiative).filter(slug=slug).order_by()


def place_of(user: User, initiative: Initiative, slug: str) -> TakingPart:
    """One of them. Raises ``Http404``."""
    return one_of(_place(user, initiative, slug))


@prepared
def _offered(initiative: Initiative, department_id: int) -> QuerySet[Facility]:
    own = Q(department=department_id, closed_on=None)
    return Facility.objects.filter(own | Q(initiatives=initiative)).distinct()


def offered_places(initiative: Initiative) -> list[Facility]:
    """The facilities that can take part, those that do already included."""
    return _offered(initiative, initiative.department_id)


@prepared
def _local_text(initiative: Initiative, place: Facility, factor: str) -> QuerySet[FactorText]:
    mine = FactorText.objects.filter(initiative=initiative, facility=place, factor=factor)
    return mine.order_by()


def local_text_of(initiative: Initiative, place: Facility, factor: str) -> FactorText | None:
    """What the place itself does for a factor, if it has said so."""
    return next(iter(_local_text(initiative, place, factor)), None)


@prepared
def _local_texts(initiative: Initiative) -> QuerySet[FactorText]:
    return FactorText.objects.filter(initiative=initiative).exclude(facility=None)


def local_texts_of(initiative: Initiative) -> list[FactorText]:
    """What all places do, with the versions."""
    return _local_texts(initiative)


@prepared
def _places_of_department(department_id: int) -> QuerySet[Facility]:
    return Facility.objects.filter(department=department_id)


def places_of_department(department_id: int) -> list[Facility]:
    return _places_of_department(department_id)


@prepared
def _own_departments(user: User) -> QuerySet[Department]:
    return Department.objects.managed_by(user).select_related("municipality")


@prepared
def _own_facilities(user: User) -> QuerySet[Facility]:
    open_ones = Facility.objects.managed_by(user).open()
    return open_ones.select_related("department__municipality")


def owners_of(user: User) -> tuple[list[Department], list[Facility]]:
    """The departments and facilities in whose name the person may begin an initiative."""
    return _own_departments(user), _own_facilities(user)
