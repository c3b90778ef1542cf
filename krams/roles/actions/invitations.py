"""Invitations made, sent again, withdrawn and accepted."""

import datetime as dt
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ...enums import InvitationState, Role
from ...history.actions.locking import save_kept
from ...log_in.actions import forget_ways_in
from ...models import Invitation, Membership, User
from .. import places
from ..models import LASTS
from ..places import Place
from ..queries.granting import Located, locate, roles_to_give
from . import audit, letters
from .links import new_link


class NoLonger(Exception):
    """The invitation cannot be accepted any more; the message says why, for people."""


def invite(
    place: Place, role: Role, user: User, by: User, valid_until: dt.date | None
) -> tuple[Invitation, bool]:
    """Invite to one role at a place, for callers that have asked and hold the place and account.

    The same again is the one that waits; one whose link has run out is made anew. Raises
    ``ValidationError`` where another role is offered there. True where a letter goes out.
    """
    waiting = Invitation.objects.waiting().select_for_update(of=("self",))
    found = waiting.filter(user=user, **place.columns).first()
    if found and found.state == InvitationState.WAITING:
        if found.role == role and found.valid_until == valid_until:
            return found, False
        raise ValidationError(
            {
                "email": _(
                    "The address is invited here already, as: %(role)s. Withdraw that first."
                )
                % {"role": found.get_role_display()}
            }
        )
    invitation = found or Invitation(user=user, round=0, **place.columns)
    invitation.role, invitation.valid_until = role, valid_until
    _renew(invitation, by)
    letters.post_invitation(invitation, by=by)
    return invitation, True


def _renew(invitation: Invitation, by: User, *, handed_over: bool = False) -> None:
    """Another letter or link; the one before it is dead at once."""
    invitation.invited_by, invitation.handed_over = by, handed_over
    invitation.expires_at = timezone.now() + LASTS
    invitation.secret_hash = None
    invitation.round += 1
    save_kept(invitation, by=by)
    audit.note(invitation, "handed over" if handed_over else "invited", by=by)


@transaction.atomic
def send_again(*, invitation_id: int, by: User) -> Invitation:
    """Another letter with another link, in one's own name.

    Raises ``DoesNotExist``, ``PermissionDenied`` and ``ValidationError``.
    """
    invitation = _locked(invitation_id, by)
    _renew(invitation, by)
    letters.post_invitation(invitation, by=by)
    return invitation


@transaction.atomic
def link_to_hand_over(*, invitation_id: int, by: User) -> tuple[Invitation, str]:
    """A link to give to the person oneself, and its invitation; raises as ``send_again`` does."""
    invitation = _locked(invitation_id, by)
    _renew(invitation, by, handed_over=True)
    return invitation, new_link(invitation)


@transaction.atomic
def withdraw(*, invitation_id: int, by: User) -> Invitation:
    """Twice is once. Raises ``DoesNotExist``, ``PermissionDenied``, ``ValidationError``."""
    invitation = _locked(invitation_id, by, withdrawing=True)
    if invitation.withdrawn_at is None:
        # The hash stays, so that the link can say what became of it.
        invitation.withdrawn_at = timezone.now()
        save_kept(invitation, by=by)
        audit.note(invitation, "withdrawn", by=by)
    return invitation


def _locked(pk: int, by: User, *, withdrawing: bool = False) -> Invitation:
    place = places.of(Invitation.objects.get(pk=pk))
    located = locate(place, locks=True)
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("user", "invited_by")
    invitation = rows.get(pk=pk)
    if invitation.user_id == by.pk or invitation.role not in roles_to_give(by, located):
        raise PermissionDenied
    if invitation.accepted_at:
        raise ValidationError(_("The invitation was accepted meanwhile."))
    if not withdrawing:
        if invitation.withdrawn_at:
            raise ValidationError(_("The invitation was withdrawn meanwhile."))
        if not located.is_open:
            raise ValidationError(_("The place is closed: nobody can be invited there any more."))
    return invitation


def refuse_dead(invitation: Invitation, located: Located) -> None:
    """Raises ``NoLonger`` where it cannot be accepted as things stand now."""
    texts: dict[Any, str] = {
        InvitationState.ACCEPTED: _("The invitation has been used. Log in instead."),
        InvitationState.WITHDRAWN: _("The invitation was withdrawn."),
        InvitationState.EXPIRED: _("The link has run out."),
    }
    if text := texts.get(invitation.state):
        raise NoLonger(text)
    user = invitation.user
    if not user.is_active:
        raise NoLonger(_("The account is closed."))
    # Whoever invites holds such a link too: an account with roles of others is not theirs to open.
    if invitation.handed_over and not is_opened(user) and has_rights(user):
        raise NoLonger(
            _("The account has roles already: only a link in an e-mail opens it. Ask for one.")
        )
    if not located.is_open:
        raise NoLonger(_("%(place)s is closed.") % {"place": located.name})
    if invitation.valid_until and invitation.valid_until < timezone.localdate():
        raise NoLonger(_("The last day of the role has passed."))
    # Who has lost the right to invite must not let people in by what they sent before.
    inviter = invitation.invited_by
    may = inviter.is_active and invitation.role in roles_to_give(inviter, located)
    if not may:
        raise NoLonger(_("Whoever sent it may not invite to this role any more."))


@transaction.atomic
def accept(*, invitation_id: int, secret_hash: str, user: User | None, password: str) -> User:
    """Give the role to the account that was invited; with a password where it has none.

    ``user`` is who is logged in. Raises ``DoesNotExist`` for a link that has been replaced,
    ``NoLonger``, and ``PermissionDenied`` for another person's account.
    """
    place = places.of(Invitation.objects.get(pk=invitation_id, secret_hash=secret_hash))
    try:
        located = locate(place, locks=True)
    except ObjectDoesNotExist as none:
        raise NoLonger(_("The place is closed.")) from none
    account = User.objects.select_for_update().get(invitations=invitation_id)
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("user", "invited_by")
    invitation = rows.get(pk=invitation_id, secret_hash=secret_hash)
    refuse_dead(invitation, located)
    if user is not None and user.pk != account.pk:
        raise PermissionDenied
    if user is None:
        if is_opened(account) or not password:
            raise PermissionDenied
        account.set_password(password)
        account.save(update_fields=["password"])
    if not (invitation.handed_over or is_known(account)):
        # A passkey of whoever handed a link over must not open what others give from now on.
        forget_ways_in(account)
    _give(invitation, place, account)
    invitation.accepted_at = timezone.now()
    save_kept(invitation, by=account)
    audit.note(invitation, "accepted", by=account)
    return account


def is_opened(account: User) -> bool:
    """Whether its person has a way to log in already, which then is asked for."""
    return bool(account.last_login or account.has_usable_password())


def has_rights(account: User) -> bool:
    """Whether who opens the account has more than the invitation gives."""
    return account.is_superuser or account.memberships.exists()


def is_known(account: User) -> bool:
    """Whether a role can be given at once. Who does not use the account has yet to say yes.

    So has who got in by a link that was handed over and none that was sent: whoever handed it over
    may be who uses the account, and must not get what others give to the address. Whom the
    organisation's log-in has given a role has been there, and was freed of such ways in.
    """
    if account.is_superuser:
        return True
    if not (is_opened(account) or has_rights(account)):
        return False
    if Membership.history.filter(user_id=account.pk, by_claims=True).exists():
        return True
    accepted = account.invitations.exclude(accepted_at=None)
    return set(accepted.values_list("handed_over", flat=True)) != {True}


def _give(invitation: Invitation, place: Place, account: User) -> None:
    today = timezone.localdate()
    found = Membership.objects.filter(user=account, role=invitation.role, **place.columns).first()
    role = found or Membership(user=account, role=invitation.role, **place.columns)
    if not (role.pk and role.is_valid_on(today)):
        role.valid_from, role.valid_until = today, invitation.valid_until
        role.by_claims = False
        save_kept(role, by=invitation.invited_by, reason=_("By an invitation"))
