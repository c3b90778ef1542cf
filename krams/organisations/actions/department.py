"""Writes to a department: its facilities, and who has a role in it.

Whoever manages the department keeps its facilities; who may give which role says ``krams.roles``.
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ...enums import Role
from ...history.actions.locking import save_version
from ...models import Department, Facility, User
from ...roles.actions import grants
from ...roles.actions.grants import Given
from ...roles.places import Place
from ...roles.rules import Kind
from ..queries import free_slug


@transaction.atomic
def keep_facility(
    *, department: Department, facility: Facility | None, values: dict[str, Any], by: User
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
    return save_version(current, by=by, reason=_("Taken in from a spreadsheet"))


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
