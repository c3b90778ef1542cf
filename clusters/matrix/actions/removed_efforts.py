"""Putting back efforts that were taken out of a cell: by the last save, or long ago."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from krams.history.actions.locking import StaleVersion
from krams.models import ClusterMembership, User

from ...models import Effort, Position, Proposal
from ..cell_status import is_answered
from ..rows import ProposalRow
from .answers_follow_efforts import follow_efforts
from .save_cell import CellSave, lock_column


class NothingToUndo(Exception):
    """The last save of the cell removed no effort."""


@transaction.atomic
def undo_removal(
    *, column: ClusterMembership, proposal: Proposal | ProposalRow, version: int, by: User
) -> set[int]:
    """Restore what the save that made ``version`` removed; returns all cells that changed.

    An answer that went with its last effort comes back too. Pressing the button twice restores
    once. Raises ``PermissionDenied``, ``StaleVersion`` for a cell that was saved since, and
    :class:`NothingToUndo`.
    """
    lock_column(column, by)
    save, reason = CellSave(column, by), _("The removal was undone")
    if proposal.pk not in save.proposals:
        raise PermissionDenied
    position = save.positions.get(proposal.pk)
    if position is None:
        raise NothingToUndo
    last = position.history.first()
    if position.version == version + 1 and last.history_change_reason == reason:
        return set()
    if position.version != version:
        raise StaleVersion(position)
    # All that one save writes carries one time.
    removed = [
        effort
        for effort in save.efforts.values()
        if effort.removed_at == last.history_date and proposal.pk in save.places[effort.pk]
    ]
    if not removed:
        raise NothingToUndo
    touched: set[int] = set()
    for effort in removed:
        effort.removed_at = None
        save.keep(effort, reason)
        touched |= save.places[effort.pk].keys()
    for key in touched:
        answer = save.position(key)
        if not is_answered(answer.state):
            _bring_back(answer)
        follow_efforts(answer, holds_efforts=True)
        save.keep(answer, reason)
    return touched


@transaction.atomic
def restore_effort(
    *,
    column: ClusterMembership,
    proposals: Iterable[Proposal | ProposalRow],
    effort: int,
    version: int,
    by: User,
) -> Effort:
    """Put a removed effort back into all cells that it was in; pressing twice restores once.

    ``proposals`` are those that its answer covers. Raises ``PermissionDenied``,
    ``Effort.DoesNotExist`` for an effort that was never under any of them, and ``StaleVersion``.
    """
    lock_column(column, by)
    save, reason = CellSave(column, by), _("The effort was brought back")
    current = save.efforts.get(effort)
    if current is None or not any(one.pk in save.places[effort] for one in proposals):
        raise Effort.DoesNotExist
    if current.removed_at is None and current.version == version + 1:
        return current
    if current.removed_at is None or current.version != version:
        raise StaleVersion(current)
    current.removed_at = None
    save.keep(current, reason)
    for key in save.places[effort]:
        answer = save.position(key)
        follow_efforts(answer, holds_efforts=True)
        save.keep(answer, reason)
    return current


def _bring_back(answer: Position) -> None:
    """What the answer was before it was emptied."""
    before = answer.history.filter(version=answer.version - 1).first()
    if before:
        for name in ("state", "state_from", "confirmed_on", "confirmed_by_id"):
            setattr(answer, name, getattr(before, name))
