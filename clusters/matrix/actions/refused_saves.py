"""Keeps that two people met in a cell: who, which cell and when, and none of their texts."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from krams.models import ClusterMembership, User

from ...models import RefusedSave

# The first page tells of the last month; three are enough to see whether it happens often.
KEPT = dt.timedelta(days=90)


@transaction.atomic
def keep_refused(*, column: ClusterMembership, proposals: Iterable[int], by: User) -> None:
    """Keep that saves of these cells were refused, and drop what its time is up for.

    Only from a view that has refused a save of a column that the person may fill in.
    """
    rows = [
        RefusedSave(proposal_id=key, authority_id=column.authority_id, by=by) for key in proposals
    ]
    if rows:
        RefusedSave.objects.bulk_create(rows)
        drop_old()


def drop_old() -> int:
    """Returns how many went."""
    gone, _each = RefusedSave.objects.filter(at__lt=timezone.now() - KEPT).delete()
    return gone
