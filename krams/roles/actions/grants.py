"""Roles given, changed and ended: the rules of ``rules``, asked where the place is locked.

Who has an account that is in use gets the role at once and is told; everybody else is invited.
"""

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ...enums import Role
from ...history.actions.locking import save_kept
from ...models import Invitation, Membership, User
from ...people.actions import open_account
from .. import places
from ..places import Place
from ..queries.granting import Located, locate, others_remain, roles_to_give
from . import letters
from .invitations import invite, is_known


class ChangedSince(Exception):
    """Somebody has changed the role since the page was read. ``role`` is as it now stands."""

    def __init__(self, role: Membership):
        super().__init__(f"role {role.pk} was changed")
        self.role = role


@dataclass(frozen=True)
class Given:
    """Either the role, or the invitation to it; ``is_new`` where it was not there before."""

    role: Membership | None
    invitation: Invitation | None
    is_new: bool

    @property
    def user(self) -> User:
        one = self.role or self.invitation
        assert one is not None
        return one.user


def refuse_days_gone(last_day: dt.date | None) -> None:
    if last_day and last_day < timezone.localdate():
        raise ValidationError({"valid_until": _("The day has passed. Choose today or later.")})


def _refuse_days_before(role: Membership, last_day: dt.date | None) -> None:
    """Of a role that is still to begin."""
    if last_day and role.valid_from and last_day < role.valid_from:
        raise ValidationError({"valid_until": _("The end lies before the start.")})


def locked_place(place: Place, role: Role, by: User) -> Located:
    """Raises ``PermissionDenied`` where ``by`` may not give the role, ``ValidationError`` where
    nobody is given one any more.
    """
    try:
        located = locate(place, locks=True)
    except ObjectDoesNotExist as none:
        raise PermissionDenied from none
    if role not in roles_to_give(by, located):
        raise PermissionDenied
    if not located.is_open:
        raise ValidationError(
            _("%(place)s is closed: nobody is given a role there any more.")
            % {"place": located.name}
        )
    return located


@transaction.atomic
def give_role(
    *,
    place: Place,
    role: Role,
    email: str,
    name: str,
    by: User,
    valid_until: dt.date | None = None,
) -> Given:
    """Give a person a role, or invite who has no account in use; sent twice it is done once.

    ``name`` is used for a new account only. Raises ``PermissionDenied`` and ``ValidationError`` (a
    role for oneself, an account that is closed, no name for a new one, a place that has closed).
    """
    locked_place(place, role, by)
    refuse_days_gone(valid_until)
    user = _account(email, name, by)
    if is_known(user):
        return _give_now(place, role, user, by, valid_until)
    invitation, is_new = invite(place, role, user, by, valid_until)
    return Given(None, invitation, is_new)


def _account(email: str, name: str, by: User) -> User:
    email = User.objects.normalize_email(email)
    user = _locked_account(email)
    if user is None:
        if not name:
            raise ValidationError(
                {"name": _("Say what the person is called here: a role, no name.")}
            )
        try:
            with transaction.atomic():
                user = open_account(email, name)
        except IntegrityError:
            # Somebody else has just invited the same address.
            user = User.objects.select_for_update().get(email=email)
    if user.pk == by.pk:
        raise ValidationError({"email": _("Nobody can give a role to themselves.")})
    if not user.is_active:
        raise ValidationError(
            {"email": _("The account is closed. An administrator can open it again.")}
        )
    return user


def _locked_account(email: str) -> User | None:
    return User.objects.select_for_update().filter(email=email).first()


def _give_now(place: Place, role: Role, user: User, by: User, valid_until: dt.date | None) -> Given:
    """Give it to an account, for callers that have asked for permission and hold the place."""
    today = timezone.localdate()
    found = Membership.objects.select_for_update(of=("self",)).filter(
        user=user, role=role, **place.columns
    )
    membership = found.first() or Membership(user=user, role=role, **place.columns)
    if membership.pk and membership.is_valid_on(today):
        if membership.by_claims:
            # From here on it is what a person gave.
            membership.by_claims = False
            save_kept(membership, by=by)
        return Given(membership, None, is_new=False)
    membership.valid_from, membership.valid_until = today, valid_until
    membership.by_claims = False
    save_kept(membership, by=by)
    letters.post_change(letters.GIVEN, membership, by=by)
    return Given(membership, None, is_new=True)


def _locked_role(pk: int, by: User, seen: int | None) -> tuple[Membership, Located]:
    """A role that ``by`` may change, or one's own, with its place, both locked.

    Raises ``DoesNotExist``, ``PermissionDenied`` and ``ChangedSince``.
    """
    place = places.of(Membership.objects.get(pk=pk))
    located = locate(place, locks=True)
    role = Membership.objects.select_for_update(of=("self",)).select_related("user").get(pk=pk)
    if role.user_id != by.pk and role.role not in roles_to_give(by, located):
        raise PermissionDenied
    if seen is not None and letters.newest_record(role).history_id != seen:
        raise ChangedSince(role)
    return role, located


@transaction.atomic
def change_role(
    *, role_id: int, role: Role, valid_until: dt.date | None, by: User, seen: int | None = None
) -> Membership:
    """Another role at the same place, or another last day: the old one ends as the new begins.

    What begins later begins on that day. Raises as ``give_role`` and ``end_role`` do,
    ``DoesNotExist`` and ``ChangedSince``.
    """
    old, located = _locked_role(role_id, by, seen)
    if old.user_id == by.pk:
        raise ValidationError(_("Nobody can give a role to themselves."))
    if not located.is_open or role not in roles_to_give(by, located):
        locked_place(located.place, role, by)
    refuse_days_gone(valid_until)
    _refuse_days_before(old, valid_until)
    if old.role == role:
        if old.valid_until == valid_until:
            return old
        if old.valid_until and old.valid_until < timezone.localdate():
            # Given anew, not lengthened: it was not in force between.
            old.valid_from = timezone.localdate()
        elif valid_until and (old.valid_until is None or valid_until < old.valid_until):
            _refuse_last(old)
        old.valid_until = valid_until
        save_kept(old, by=by)
        letters.post_change(letters.CHANGED, old, by=by, before=str(old))
        return old
    _refuse_last(old)
    before, user = str(old), old.user
    first_day = max(old.valid_from or dt.date.min, timezone.localdate())
    end_now(old, by=by)
    given = _give_silently(located.place, role, user, by, first_day, valid_until)
    letters.post_change(letters.CHANGED, given, by=by, before=before)
    return given


def _give_silently(
    place: Place,
    role: Role,
    user: User,
    by: User,
    first_day: dt.date,
    valid_until: dt.date | None,
) -> Membership:
    found = Membership.objects.select_for_update(of=("self",)).filter(
        user=user, role=role, **place.columns
    )
    membership = found.first() or Membership(user=user, role=role, **place.columns)
    if not (membership.pk and membership.is_valid_on(timezone.localdate())):
        membership.valid_from = first_day
    membership.valid_until, membership.by_claims = valid_until, False
    return save_kept(membership, by=by)


@transaction.atomic
def end_role(
    *,
    role_id: int,
    by: User,
    last_day: dt.date | None = None,
    seen: int | None = None,
    own: bool = True,
) -> Membership:
    """End a role as of now, or after ``last_day``; ending it twice is ending it once.

    One's own role may be ended too, where ``own``. Raises ``DoesNotExist``, ``PermissionDenied``,
    ``ChangedSince``, and ``ValidationError`` for a day that has passed and for the last one of a
    place who could let others in.
    """
    role, _located = _locked_role(role_id, by, seen)
    if role.user_id == by.pk and not own:
        raise PermissionDenied
    refuse_days_gone(last_day)
    _refuse_days_before(role, last_day)
    today = timezone.localdate()
    if role.valid_until and (role.valid_until < today or role.valid_until == last_day):
        return role
    if last_day and role.valid_until and role.valid_until < last_day:
        raise ValidationError(
            {"valid_until": _("The role ends before that day already. Change the role instead.")}
        )
    _refuse_last(role)
    if last_day is None:
        return end_and_tell(role, by=by)
    role.valid_until = last_day
    save_kept(role, by=by)
    letters.post_change(letters.ENDED, role, by=by)
    return role


def end_and_tell(role: Membership, *, by: User | None, reason: str | Promise = "") -> Membership:
    """End a role as of now, as ``end_now`` does, and write to who had it."""
    key = role.pk
    end_now(role, by=by, reason=reason)
    # One that was removed is still the one whose history tells of it.
    role.pk = key
    letters.post_change(letters.ENDED, role, by=by)
    return role


def _refuse_last(role: Membership) -> None:
    """A place that has ended needs nobody any more."""
    located = locate(places.of(role))
    if located.is_open and role.is_valid_on(timezone.localdate()) and not others_remain(role):
        raise ValidationError(
            _(
                "%(place)s would have nobody left who can let others in."
                " Give somebody else the role first."
            )
            % {"place": located.name}
        )


def end_now(membership: Membership, *, by: User | None, reason: str | Promise = "") -> Membership:
    """End a role for callers that have asked for permission and hold its lock."""
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    if membership.valid_until and membership.valid_until <= yesterday:
        return membership
    if membership.valid_from and membership.valid_from > yesterday:
        # Given today, or for a day to come: there is no day that it was in force.
        membership._history_user, membership._change_reason = by, reason or None
        membership.delete()
        return membership
    membership.valid_until = yesterday
    return save_kept(membership, by=by, reason=reason)
