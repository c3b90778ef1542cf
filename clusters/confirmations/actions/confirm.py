"""Confirming answers as they stand: one, or all of a column that nobody has changed since."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from krams.history.actions.locking import StaleVersion, save_version
from krams.models import ClusterMembership, User

from ...matrix.actions.save_cell import ExpiredEffort, lock_column
from ...matrix.cell_status import is_answered
from ...models import Effort, EffortProposal, Position, Proposal


@dataclass
class Confirmed:
    """What became of a whole column: ``changed`` were saved since, ``expired`` hold an effort
    past its last day. Both are left as they were."""

    confirmed: list[Proposal] = field(default_factory=list)
    changed: list[Proposal] = field(default_factory=list)
    expired: list[tuple[Proposal, Effort]] = field(default_factory=list)


@transaction.atomic
def confirm_answer(*, column: ClusterMembership, versions: Mapping[int, int], by: User) -> None:
    """Confirm one answer without changing it; all of ``versions`` (by proposal), or nothing.

    A joint answer stands under several proposals. Sending the same once more changes nothing.
    Raises ``PermissionDenied``, also for a retired proposal, ``StaleVersion`` for one that was
    changed since or is not filled in, and :class:`ExpiredEffort`.
    """
    confirming = _Confirming(column, versions, by)
    if confirming.proposals.keys() != versions.keys():
        raise PermissionDenied
    for key in versions:
        if not confirming.is_unchanged(key):
            raise StaleVersion(confirming.positions.get(key) or Position(proposal_id=key))
        if effort := confirming.expired.get(key):
            raise ExpiredEffort(effort)
    for key in versions:
        confirming.confirm(key)


@transaction.atomic
def confirm_column(
    *, column: ClusterMembership, versions: Mapping[int, int], by: User
) -> Confirmed:
    """Confirm every answer of the column that still is as the person saw it.

    ``versions`` are by proposal; those of other clusters or retired meanwhile count for nothing.
    Raises ``PermissionDenied``.
    """
    confirming, done = _Confirming(column, versions, by), Confirmed()
    for key, proposal in confirming.proposals.items():
        if not confirming.is_unchanged(key):
            done.changed.append(proposal)
        elif effort := confirming.expired.get(key):
            done.expired.append((proposal, effort))
        else:
            confirming.confirm(key)
            done.confirmed.append(proposal)
    return done


class _Confirming:
    """A column under its lock."""

    def __init__(self, column: ClusterMembership, versions: Mapping[int, int], by: User):
        lock_column(column, by)
        self.versions, self.by, self.today = versions, by, timezone.localdate()
        self.reason = _("Confirmed unchanged")
        found = Proposal.objects.standing().filter(cluster=column.cluster, pk__in=versions)
        self.proposals = {proposal.pk: proposal for proposal in found}
        self.positions = {
            position.proposal_id: position
            for position in Position.objects.filter(
                authority=column.authority, proposal__in=self.proposals
            )
        }
        places = (
            EffortProposal.objects.standing()
            .expired(self.today)
            .filter(proposal__in=self.proposals, effort__authority=column.authority)
            .select_related("effort")
        )
        self.expired = {place.proposal_id: place.effort for place in places}

    def is_unchanged(self, key: int) -> bool:
        """Whether the answer is filled in and as it was seen, or was just confirmed so."""
        position = self.positions.get(key)
        if position is None or not is_answered(position.state):
            return False
        return position.version == self.versions[key] or self._was_confirmed(position)

    def confirm(self, key: int) -> None:
        position = self.positions[key]
        if position.version != self.versions[key]:
            return
        position.confirmed_on, position.confirmed_by = self.today, self.by
        save_version(position, by=self.by, reason=self.reason)

    def _was_confirmed(self, position: Position) -> bool:
        """Whether the same person did so already: the button was pressed twice."""
        if position.version != self.versions[position.proposal_id] + 1:
            return False
        last = position.history.first()
        return (last.history_user_id, last.history_change_reason, last.confirmed_on) == (
            self.by.pk,
            self.reason,
            self.today,
        )
