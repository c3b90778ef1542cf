"""Freezing a matrix as an edition, and withdrawing one."""

import datetime as dt
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from krams.audit.actions import record
from krams.enums import AuditKind
from krams.history.actions.locking import StaleVersion, save_kept, save_version
from krams.models import Cluster, ClusterMembership, User

from ..access import get_sheet
from ..matrix.queries.read_matrix import read_matrix
from ..models import Edition, EditionRedaction, EditionText, ReadLink
from .content import freeze
from .read_links import hash_of, token_of


class EditionWithdrawn(Exception):
    """An edition that is withdrawn stays as it is: nothing is written around it or led to it."""


@transaction.atomic
def freeze_edition(
    *,
    cluster: Cluster,
    title: str,
    meeting: str,
    meeting_on: dt.date,
    submission_id: uuid.UUID,
    by: User,
) -> Edition:
    """Freeze the matrix under the next number; the same submission twice freezes it once.

    The cluster is locked for the number, and its columns for a picture of one moment: every save
    of a cell locks its column first. Raises ``PermissionDenied`` for who does not coordinate it.
    """
    mine = Cluster.objects.coordinated_by(by).select_for_update(of=("self",))
    if mine.filter(pk=cluster.pk).first() is None:
        raise PermissionDenied
    if known := Edition.objects.filter(submission_id=submission_id).first():
        if known.cluster_id != cluster.pk:
            raise PermissionDenied
        return known
    list(ClusterMembership.objects.select_for_update().filter(cluster=cluster).order_by("pk"))
    last = Edition.objects.filter(cluster=cluster).aggregate(Max("number"))["number__max"]
    matrix = read_matrix(get_sheet(by, cluster.slug))
    return Edition.objects.create(
        cluster=cluster,
        number=(last or 0) + 1,
        title=title,
        meeting=meeting,
        meeting_on=meeting_on,
        content=freeze(cluster, matrix, timezone.localdate()),
        frozen_by=by,
        frozen_by_name=str(by),
        submission_id=submission_id,
    )


@transaction.atomic
def withdraw_edition(*, edition: Edition, reason: str, by: User) -> Edition:
    """Mark an edition as withdrawn; it stays readable. One that is withdrawn already stays so.

    Raises ``PermissionDenied`` for who does not coordinate its cluster.
    """
    current = _locked(edition, by)
    if current.withdrawn_at is None:
        current.withdrawn_at, current.withdrawn_reason = timezone.now(), reason
        current.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    return current


def _locked(edition: Edition, by: User) -> Edition:
    """Raises ``PermissionDenied`` for who does not coordinate its cluster."""
    mine = Edition.objects.filter(cluster__in=Cluster.objects.coordinated_by(by))
    current = mine.select_for_update(of=("self",)).filter(pk=edition.pk).first()
    if current is None:
        raise PermissionDenied
    return current


def _locked_standing(edition: Edition, by: User) -> Edition:
    """Raises ``PermissionDenied`` and ``EditionWithdrawn``."""
    current = _locked(edition, by)
    if current.withdrawn_at:
        raise EditionWithdrawn
    return current


@transaction.atomic
def write_texts(
    *, edition: Edition, version: int, introduction: str, conclusion: str, by: User
) -> EditionText:
    """Save what stands around an edition; ``version`` is 0 where nothing was written before.

    What stands there already, also because it was sent twice, is saved once.
    Raises ``PermissionDenied``, ``EditionWithdrawn`` and ``StaleVersion``.
    """
    current = _locked_standing(edition, by)
    # The edition is locked, so nobody else writes the first text at the same time.
    found = EditionText.objects.filter(edition=current).first()
    if found is None:
        found = EditionText(edition=current)
    elif (found.introduction, found.conclusion) == (introduction, conclusion):
        return found
    elif found.version != version:
        raise StaleVersion(found)
    found.introduction, found.conclusion = introduction, conclusion
    return save_version(found, by=by)


@transaction.atomic
def make_read_link(
    *, edition: Edition, label: str, expires_on: dt.date, submission_id: uuid.UUID, by: User
) -> ReadLink:
    """A link that opens the edition without an account; the same submission twice is one link.

    Raises ``PermissionDenied`` and ``EditionWithdrawn``.
    """
    current = _locked_standing(edition, by)
    if known := ReadLink.objects.filter(submission_id=submission_id).first():
        if known.edition_id != current.pk:
            raise PermissionDenied
        return known
    link = ReadLink(
        edition=current,
        label=label,
        token_hash=hash_of(token_of(submission_id)),
        expires_on=expires_on,
        created_by=by,
        submission_id=submission_id,
    )
    save_kept(link, by=by)
    _note(link, "made", by)
    return link


@transaction.atomic
def revoke_read_link(*, edition: Edition, link_id: int, by: User) -> ReadLink:
    """The link opens nothing any more, for good. Twice is once.

    Raises ``PermissionDenied``, and ``DoesNotExist`` for a link of another edition.
    """
    _locked(edition, by)
    link = edition.read_links.select_for_update(of=("self",)).get(pk=link_id)
    if link.revoked_at:
        return link
    link.revoked_at = timezone.now()
    save_kept(link, by=by, reason=_("Stopped"))
    _note(link, "stopped", by)
    return link


@transaction.atomic
def count_opening(link: ReadLink) -> None:
    """The page of the link was opened; no history: it would tell when somebody reads.

    That it was opened at all is in the audit log, once.
    """
    mine, now = ReadLink.objects.filter(pk=link.pk), timezone.now()
    if link.opened_count or not mine.filter(opened_count=0).update(
        opened_count=1, last_opened_at=now
    ):
        mine.update(opened_count=F("opened_count") + 1, last_opened_at=now)
    else:
        _note(link, "opened", None)


def _note(link: ReadLink, what: str, by: User | None) -> None:
    """In the audit log: ``what`` became of a link to which edition; nobody's label for it."""
    edition = link.edition
    about = f"readlink:{link.pk} {edition.cluster.name}, {edition.number}"
    record(AuditKind.READ_LINK, actor=by, about=about, what=what)


@transaction.atomic
def redact_edition(*, row: Edition, values: dict[str, Any], by: User, reason: str) -> None:
    """Take words out of an edition: the one change that what was frozen allows, and it is kept.

    ``values`` is what is left of its own texts and of its content.
    Whoever calls has asked who the person is. The database lets it pass as long as the redaction
    is not done.
    """
    kept = EditionRedaction.objects.create(edition=row, by=by, by_name=str(by), reason=reason)
    Edition.objects.filter(pk=row.pk).update(**values)
    kept.done = True
    kept.save(update_fields=["done"])
