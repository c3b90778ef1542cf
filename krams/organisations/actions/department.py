"""Writes to a department: its facilities, and who has a role in it.

Whoever manages the department keeps its facilities; who may give which role says ``krams.roles``.
"""

from typing import Any

from django.db import transaction

from ...danish.names import find_look_alike
from ...enums import Role
from ...history.actions.locking import save_version
from ...models import Authority, Department, Facility, User
from ...roles.actions import grants
from ...roles.actions.grants import Given
from ...roles.places import Place
from ...roles.rules import Kind
from ..queries import administered_by, free_slug


@transaction.atomic
def open_department(*, municipality: Authority, name: str, by: User) -> Department:
    """A department of the municipality; one of that name that is there is the one.

    Raises ``Authority.DoesNotExist`` where the person does not administer the municipality.
    """
    mine = administered_by(by).select_for_update(of=("self",), no_key=True)
    municipality = mine.get(pk=municipality.pk)
    if there := find_look_alike(municipality.departments.all(), "name", name):
        return there
    slug = free_slug(Department, name, municipality)
    department = Department(municipality=municipality, name=name, slug=slug)
    department.full_clean()
    return save_version(department, by=by)


@transaction.atomic
def keep_facility(
    *,
    department: Department,
    facility: Facility | None,
    values: dict[str, Any],
    by: User,
    reason: str = "",
) -> Facility:
    """Add a facility, or give one of the department the ``values``.

    Raises ``DoesNotExist`` (not allowed, or of another department) and ``ValidationError`` for a
    name that is there already.
    """
    department = locked_department(department, by)
    if facility is None:
        slug = free_slug(Facility, values["name"], department.municipality)
        current = Facility(department=department, slug=slug)
    else:
        current = department.facilities.select_for_update(of=("self",)).get(pk=facility.pk)
        if all(getattr(current, name) == value for name, value in values.items()):
            return current
    for name, value in values.items():
        setattr(current, name, value)
    current.full_clean()
    return save_version(current, by=by, reason=reason)


@transaction.atomic
def give_role(
    *,
    department: Department,
    facility: Facility | None,
    email: str,
    name: str,
    role: Role,
    by: User,
) -> Given:
    """Give a person a role at a facility of the department, or in all of it, or invite them.

    Raises ``DoesNotExist`` (not allowed, or of another department), and what
    ``krams.roles.actions.grants.give_role`` raises.
    """
    department = locked_department(department, by)
    place = Place(Kind.DEPARTMENT, department.pk)
    if facility:
        place = Place(Kind.FACILITY, department.facilities.get(pk=facility.pk).pk)
    return grants.give_role(place=place, role=role, email=email, name=name, by=by)


def locked_department(department: Department, by: User) -> Department:
    """Raises ``Department.DoesNotExist`` where the person does not manage it."""
    mine = Department.objects.managed_by(by).select_related("municipality")
    return mine.select_for_update(of=("self",), no_key=True).get(pk=department.pk)
