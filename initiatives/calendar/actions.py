"""Opens, renews and closes the secret address of a facility's calendar."""

from django.db import transaction
from django.utils.translation import gettext as _

from krams.audit.actions import record
from krams.enums import AuditKind
from krams.history.actions.locking import StaleVersion, save_version
from krams.models import Facility, User

from ..models import CalendarLink
from .secrets import hash_of, new_token


@transaction.atomic
def renew_link(*, facility: Facility, version: int, by: User) -> str:
    """Make a new address, which closes the old one; returns its secret, which is not kept.

    ``version`` is that of the address there was, 0 where there was none. Raises
    ``Facility.DoesNotExist`` (not allowed) and ``StaleVersion`` where another was quicker.
    """
    link = _locked(facility, version, by)
    token, what = new_token(), "renewed" if link.is_open and link.pk else "made"
    link.token_hash, link.is_open = hash_of(token), True
    save_version(link, by=by, reason=_("New address"))
    _note(link, what, by)
    return token


@transaction.atomic
def close_link(*, facility: Facility, version: int, by: User) -> None:
    """Nobody reads the calendar at the old address any more.

    Closing twice changes nothing. Raises ``Facility.DoesNotExist`` and ``StaleVersion``.
    """
    link = _locked(facility, version, by)
    if not (link.pk and link.is_open):
        return
    link.token_hash, link.is_open = None, False
    save_version(link, by=by, reason=_("Address closed"))
    _note(link, "stopped", by)


def _note(link: CalendarLink, what: str, by: User) -> None:
    """In the audit log of the municipality."""
    facility = link.facility
    record(
        AuditKind.FEED,
        actor=by,
        about=f"facility:{facility.pk} {facility.name}",
        authority=facility.department.municipality,
        what=what,
    )


def _locked(facility: Facility, version: int, by: User) -> CalendarLink:
    """The link at ``version``; the facility is locked, so that two cannot make the first one."""
    mine = Facility.objects.managed_by(by).select_for_update(of=("self",), no_key=True)
    facility = mine.get(pk=facility.pk)
    there = CalendarLink.objects.filter(facility=facility).first()
    link = there or CalendarLink(facility=facility)
    if version != (link.version if there else 0):
        raise StaleVersion(link)
    return link
