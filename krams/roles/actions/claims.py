"""Roles that the organisation's log-in gives and takes: equal to its claims after each log-in.

The mapping is the installation's own (``LOGIN_ROLES``), so no rule of ``rules`` is asked: it may
give what fits a place. It gives nobody the administration pages. What people gave here it neither
changes nor ends.
"""

import logging
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ...audit.actions import record
from ...enums import AuditKind
from ...history.actions.locking import save_kept
from ...log_in.claims import Claims
from ...models import Membership, User
from ...people import actions as people
from ..claims import given, mapping, values
from ..queries.claimed import Claimed, claimed_roles, place_of, roles_held
from ..queries.granting import Located, locate
from ..rules import fitting
from . import letters
from .grants import end_and_tell
from .invitations import is_known

logger = logging.getLogger("krams.log_in")
REASON = _("By the organisation's log-in")
LONGEST_NAME = 120


def _wanted(claims: Claims) -> set[Claimed] | None:
    """None where nothing is known: no mapping, or groups that the provider left out."""
    if not settings.LOGIN_ROLES:
        return None
    held = values(claims, settings.LOGIN_ROLES_CLAIM)
    if held is None:
        logger.warning("claims left out", extra={"claim": settings.LOGIN_ROLES_CLAIM})
        return None
    found = set()
    for entry in given(mapping(settings.LOGIN_ROLES), held):
        place = place_of(entry)
        if place and entry.role in fitting(place.kind):
            found.add((entry.role, place))
        else:
            logger.warning("claim without a place", extra={"entry": str(entry)})
    return found


def apply(user: User, claims: Claims, *, account: SocialAccount) -> None:
    """Roles in force that came by claims are those that the claims give, and no others.

    ``account`` is the one at the organisation that has just logged in.
    """
    wanted = _wanted(claims)
    if wanted is None or not user.is_active:
        return
    if set(claimed_roles(user)) <= wanted <= roles_held(user):
        return
    with transaction.atomic():
        _make_equal(user, wanted, account)


def _make_equal(user: User, wanted: set[Claimed], account: SocialAccount) -> None:
    """Locks as ``grants`` does: places, then the account."""
    located = {place: _locked(place) for _role, place in sorted(wanted, key=_in_order)}
    person = User.objects.select_for_update().get(pk=user.pk)
    for key, role in claimed_roles(person).items():
        if key not in wanted:
            end_and_tell(role, by=None, reason=REASON)
    missing = wanted - roles_held(person)
    if missing and not is_known(person):
        _free_of_others(person, account)
        # The session that is about to begin is checked by these.
        user.password, user.sessions_ended_at = person.password, person.sessions_ended_at
    for key in sorted(missing, key=_in_order):
        _give(person, key, located[key[1]])


def _in_order(key: Claimed) -> tuple[str, str]:
    return str(key[1]), key[0]


def _locked(place: Any) -> Located | None:
    try:
        return locate(place, locks=True)
    except ObjectDoesNotExist:
        # Of a column whose authority has left the cluster.
        return None


def _give(user: User, key: Claimed, located: Located | None) -> None:
    role, place = key
    if located is None or not located.is_open:
        logger.warning("claim at a closed place", extra={"entry": f"{role} at {place}"})
        return
    rows = Membership.objects.select_for_update(of=("self",))
    found = rows.filter(user=user, role=role, **place.columns).first()
    today = timezone.localdate()
    if found and found.valid_from and found.valid_from > today:
        # Somebody here has decided when it begins.
        return
    membership = found or Membership(user=user, role=role, **place.columns)
    membership.valid_from, membership.valid_until, membership.by_claims = today, None, True
    save_kept(membership, by=None, reason=REASON)
    letters.post_change(letters.GIVEN, membership, by=None)


def _free_of_others(person: User, account: SocialAccount) -> None:
    """Whoever handed a link over may have got into the account, and must not share these roles."""
    Authenticator.objects.filter(user=person).delete()
    others = SocialAccount.objects.filter(user=person)
    others.exclude(provider=account.provider, uid=account.uid).delete()
    person.set_unusable_password()
    person.save(update_fields=["password"])
    person.sessions_ended_at = people.end_sessions(person, by=None).sessions_ended_at


def open_account(email: str, claims: Claims) -> User | None:
    """For an address that the organisation has proven and that has no account, where
    ``LOGIN_CREATES_ACCOUNTS`` allows it and the claims give a role; else None.
    """
    if not settings.LOGIN_CREATES_ACCOUNTS or not _wanted(claims):
        return None
    told = claims.get("name")
    names = [told[:LONGEST_NAME]] if isinstance(told, str) and told.strip() else []
    for name in (*names, email[:LONGEST_NAME]):
        try:
            with transaction.atomic():
                user = people.open_account(email, name)
                about = f"account:{user.pk}"
                record(
                    AuditKind.ACCOUNT, actor=None, about=about, what="made", reason="organisation"
                )
        except (ValidationError, IntegrityError):
            # A name that cannot stand here, or the same log-in in two windows.
            continue
        return user
    return None
