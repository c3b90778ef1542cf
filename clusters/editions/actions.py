"""Freezing a matrix as an edition, and withdrawing one."""

import datetime as dt
import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from krams.models import Cluster, ClusterMembership, User

from ..access import get_sheet
from ..matrix.queries.read_matrix import read_matrix
from ..models import Edition
from .content import freeze


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
    mine = Edition.objects.filter(cluster__in=Cluster.objects.coordinated_by(by))
    current = mine.select_for_update(of=("self",)).filter(pk=edition.pk).first()
    if current is None:
        raise PermissionDenied
    if current.withdrawn_at is None:
        current.withdrawn_at, current.withdrawn_reason = timezone.now(), reason
        current.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    return current
