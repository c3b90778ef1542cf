"""An editor says that what was asked for is done, and may take that back."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from krams.history.actions.locking import save_version
from krams.models import ClusterMembership, User

from ...access import editable_columns
from ...models import AskedColumn


class Withdrawn(Exception):
    """The coordinator waits for nothing any more."""


@transaction.atomic
def hand_in(*, column: ClusterMembership, asked: int, by: User) -> AskedColumn:
    """Say that the part of an ask (its key) is done; twice is once.

    Raises ``PermissionDenied`` for who may not fill in the column, ``DoesNotExist`` for a part of
    another one, and :class:`Withdrawn`.
    """
    current = _locked(column, asked, by)
    if current.ask.withdrawn_at:
        raise Withdrawn
    if current.handed_in_at is None:
        current.handed_in_at, current.handed_in_by = timezone.now(), by
        current.handed_in_by_name = str(by)
        save_version(current, by=by, reason=_("Handed in"))
    return current


@transaction.atomic
def take_back(*, column: ClusterMembership, asked: int, by: User) -> AskedColumn:
    """It was not done after all; twice is once. Raises as :func:`hand_in` does."""
    current = _locked(column, asked, by)
    if current.ask.withdrawn_at:
        raise Withdrawn
    if current.handed_in_at is not None:
        current.handed_in_at = current.handed_in_by = None
        current.handed_in_by_name = ""
        save_version(current, by=by, reason=_("Taken back"))
    return current


def _locked(column: ClusterMembership, asked: int, by: User) -> AskedColumn:
    if not editable_columns(by).filter(pk=column.pk).exists():
        raise PermissionDenied
    mine = AskedColumn.objects.select_for_update(of=("self",)).select_related("ask__cluster")
    return mine.get(pk=asked, ask__cluster=column.cluster_id, authority=column.authority_id)
