"""Writes of memberships: who joins, from when to when, and in which order the columns stand."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from krams.danish.periods import period
from krams.history.actions.locking import StaleVersion, save_version, says_the_same
from krams.models import Authority, Cluster, ClusterMembership, User
from krams.roles.queries.granting import authorities_spoken_for

from ..dates import overlap
from ..order import swap
from ..queries import authority_keys, candidates
from .locked_cluster import locked


@transaction.atomic
def add_member(
    *, cluster: Cluster, authority: Authority, valid_from: dt.date | None, version: int, by: User
) -> ClusterMembership:
    """Give an authority a column from a day, at the end. Sent twice, it is added once.

    Its own people can fill it in; others first when somebody who speaks for it has agreed
    (``agree``), unless ``by`` is that somebody. Raises ``PermissionDenied``, also for an authority
    outside of the region, ``StaleVersion`` and ``ValidationError`` (a member already).
    """
    current = locked(cluster, by)
    columns = list(current.memberships.filter(authority=authority))
    for column in columns:
        if column.valid_from == valid_from and column.valid_until == current.valid_until:
            return column
    if current.version != version:
        raise StaleVersion(current)
    day = valid_from or current.valid_from or timezone.localdate()
    if not by.is_superuser and authority not in candidates(current.region_id, day):
        raise PermissionDenied
    new = ClusterMembership(
        cluster=current,
        authority=authority,
        valid_from=valid_from,
        valid_until=current.valid_until,
        awaits_consent=not (
            by.is_superuser
            or any(not (column.awaits_consent or _has_left(column)) for column in columns)
            or authority.pk in authority_keys(authorities_spoken_for(by))
        ),
        position=max((one.position for one in current.memberships.all()), default=-1) + 1,
    )
    _refuse_overlap(new, columns)
    new.save()
    date = date_format(valid_from, "SHORT_DATE_FORMAT") if valid_from else "–"
    reason = _("%(authority)s joins from %(date)s") % {"authority": authority, "date": date}
    save_version(current, by=by, reason=reason)
    return new


@transaction.atomic
def save_member(
    *,
    column: ClusterMembership,
    valid_from: dt.date | None,
    valid_until: dt.date | None,
    version: int,
    by: User,
) -> ClusterMembership:
    """Change when an authority is a member; ``version`` is the cluster's.

    What it answered stays in the data and in every edition. Raises as ``add_member`` does.
    """
    cluster = locked(column.cluster, by, version=version)
    member = cluster.memberships.select_related("authority").get(pk=column.pk)
    give_dates(member, valid_from=valid_from, valid_until=valid_until, by=by)
    if says_the_same(member):
        return member
    _refuse_overlap(
        member, cluster.memberships.filter(authority=member.authority).exclude(pk=member.pk)
    )
    member.save()
    dates = period(valid_from, valid_until) or "–"
    reason = _("%(authority)s is a member %(dates)s") % {
        "authority": member.authority,
        "dates": dates,
    }
    save_version(cluster, by=by, reason=reason)
    return member


def _has_left(member: ClusterMembership) -> bool:
    return member.valid_until is not None and member.valid_until < timezone.localdate()


def give_dates(
    member: ClusterMembership, *, valid_from: dt.date | None, valid_until: dt.date | None, by: User
) -> None:
    """An authority that has left and comes back says yes anew: leaving ended what it agreed to."""
    had_left = _has_left(member)
    member.valid_from, member.valid_until = valid_from, valid_until
    if had_left and not _has_left(member) and not by.is_superuser:
        member.awaits_consent = member.authority_id not in authority_keys(
            authorities_spoken_for(by)
        )


def _refuse_overlap(member: ClusterMembership, others: Iterable[ClusterMembership]) -> None:
    dates = (member.valid_from, member.valid_until)
    for other in others:
        if overlap(dates, (other.valid_from, other.valid_until)):
            raise ValidationError(_("The authority is a member on these dates already."))


@transaction.atomic
def move_member(*, cluster: Cluster, column_id: int, step: int, version: int, by: User) -> None:
    """Move a column one place left (-1) or right (1). Raises ``DoesNotExist``, ``StaleVersion``."""
    current = locked(cluster, by, version=version)
    moved = current.memberships.select_related("authority").get(pk=column_id)
    columns = list(current.memberships.all())
    if swap(columns, moved, step):
        for position, column in enumerate(columns):
            if column.position != position:
                column.position = position
                column.save()
        reason = _("%(what)s was moved") % {"what": moved.authority}
        save_version(current, by=by, reason=reason)
