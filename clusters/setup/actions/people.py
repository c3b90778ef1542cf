"""Roles in a cluster: its coordinators, and the editors of its member authorities."""

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from krams.enums import Role
from krams.history.actions.locking import save_kept
from krams.models import Authority, Cluster, Membership, User
from krams.people.actions import open_account

from ..queries import agreed_authorities, ending_here
from .locked_cluster import locked


@dataclass(frozen=True)
class Appointment:
    """``is_new``: the account was made with it and wants an invitation."""

    membership: Membership
    is_new: bool


@transaction.atomic
def appoint(
    *, cluster: Cluster, email: str, name: str, authority: Authority | None, by: User
) -> Appointment:
    """Let a person edit the authority's column, or coordinate the cluster where it is None.

    The role counts in this cluster alone. An account is made where there is none with this e-mail;
    ``name`` is used only then. Sending it twice gives the role once. Raises ``PermissionDenied``,
    also for an authority that is no member or has not agreed to be one, and ``ValidationError`` (no
    name for a new account, an account that is closed, a role for oneself).
    """
    current = locked(cluster, by)
    if authority and not agreed_authorities(current, by).filter(pk=authority.pk).exists():
        raise PermissionDenied
    email = User.objects.normalize_email(email)
    user = User.objects.select_for_update().filter(email__iexact=email).first()
    if user and user.pk == by.pk:
        raise ValidationError({"email": _("Nobody can give a role to themselves.")})
    is_new = user is None
    if user is None:
        if not name:
            raise ValidationError(
                {"name": _("Say what the person is called here: a role, no name.")}
            )
        user = open_account(email, name)
    elif not user.is_active:
        raise ValidationError(
            {"email": _("The account is closed. An administrator can open it again.")}
        )
    if authority:
        role, scope = Role.EDITOR, {"authority": authority, "within": current}
    else:
        role, scope = Role.COORDINATOR, {"cluster": current}
    membership = Membership.objects.filter(user=user, role=role, **scope).first()
    if membership is None:
        membership = Membership(user=user, role=role, **scope)
    elif membership.is_valid_on(timezone.localdate()):
        return Appointment(membership, is_new)
    membership.valid_from, membership.valid_until = timezone.localdate(), None
    save_kept(membership, by=by)
    return Appointment(membership, is_new)


@transaction.atomic
def end_role(*, cluster: Cluster, membership_id: int, by: User) -> Membership:
    """End a role as of now; ending it twice is ending it once.

    Raises ``PermissionDenied``, also for one's own role (somebody must be able to go on), and
    ``DoesNotExist`` for a role that the page does not give, such as an authority's own editor's.
    """
    current = locked(cluster, by)
    if by.memberships.filter(pk=membership_id).exists():
        raise PermissionDenied
    mine = ending_here(current, by).select_for_update(of=("self",))
    membership = mine.get(pk=membership_id)
    return end_now(membership, by=by)


def end_now(membership: Membership, *, by: User) -> Membership:
    """End a role for callers that have asked for permission and hold its lock."""
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    if membership.valid_until and membership.valid_until <= yesterday:
        return membership
    if membership.valid_from and membership.valid_from > yesterday:
        # Given today, or for a day to come: there is no day that it was in force.
        membership._history_user = by
        membership.delete()
        return membership
    membership.valid_until = yesterday
    return save_kept(membership, by=by)
