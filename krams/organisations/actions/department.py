"""Writes to a department: its facilities, and who has a role in it.

Whoever manages the department keeps its facilities; which roles one may give says
``queries.granted_by``.
"""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ...danish.names import find_look_alike
from ...enums import Role
from ...history.actions.locking import save_kept, save_version
from ...models import Authority, Department, Facility, Membership, User
from ...people.actions import open_account
from ..queries import administered_by, free_slug, granted_by


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


@dataclass(frozen=True)
class Given:
    """``is_new``: the account was made with the role and wants an invitation."""

    membership: Membership
    is_new: bool


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
    """Give a person a role at a facility of the department, or in all of it.

    An account is made where there is none with this e-mail; ``name`` is used only then. Sending it
    twice gives the role once. Raises ``PermissionDenied`` for a role that ``by`` may not give,
    ``DoesNotExist``, and ``ValidationError`` (an account that is closed, a role for oneself).
    """
    department = locked_department(department, by)
    if role not in granted_by(by, department):
        raise PermissionDenied
    place = department.facilities.get(pk=facility.pk) if facility else None
    user = User.objects.select_for_update().filter(email__iexact=email).first()
    if user and user.pk == by.pk:
        raise ValidationError(_("Nobody can give a role to themselves."))
    if user and not user.is_active:
        raise ValidationError(_("The account is closed. An administrator can open it again."))
    is_new = user is None
    user = user or open_account(email, name)
    scope = {"facility": place} if place else {"department": department}
    membership = Membership.objects.filter(user=user, role=role, **scope).first()
    if membership and membership.is_valid_on(timezone.localdate()):
        return Given(membership, is_new)
    membership = membership or Membership(user=user, role=role, **scope)
    membership.valid_from, membership.valid_until = timezone.localdate(), None
    return Given(save_kept(membership, by=by), is_new)


def locked_department(department: Department, by: User) -> Department:
    """Raises ``Department.DoesNotExist`` where the person does not manage it."""
    mine = Department.objects.managed_by(by).select_related("municipality")
    return mine.select_for_update(of=("self",), no_key=True).get(pk=department.pk)
