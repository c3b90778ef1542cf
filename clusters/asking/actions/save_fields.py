"""Saves what somebody wrote into a column, field by field: one that cannot be saved stops none."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from krams.history.actions.locking import StaleVersion
from krams.models import ClusterMembership, User

from ...matrix.actions.save_cell import ExpiredEffort, save_cell
from ...matrix.answer import Answer
from ...matrix.cell_status import Cell
from ...models import Effort


@dataclass(frozen=True)
class FieldInput:
    """What a field shall hold; ``cell`` is how it stood when the request began."""

    cell: Cell
    version: int
    answer: Answer


@dataclass
class Outcome:
    """What became of the fields, by the keys of their proposals.

    ``counted_up`` says how often each got another version because an effort of its own was saved
    in another field: that is no conflict.
    """

    saved: set[int] = field(default_factory=set)
    stale: set[int] = field(default_factory=set)
    expired: dict[int, Effort] = field(default_factory=dict)
    counted_up: Counter[int] = field(default_factory=Counter)

    def version_now(self, cell: Cell, version: int) -> int:
        """The version that a form needs which was drawn with ``version``."""
        if version != cell.version:
            return version
        return version + self.counted_up[cell.proposal.pk]


def save_fields(*, column: ClusterMembership, inputs: Iterable[FieldInput], by: User) -> Outcome:
    """Save each field as the editor of a cell does, in a transaction of its own.

    Raises ``PermissionDenied``.
    """
    done = Outcome()
    for one in inputs:
        key = one.cell.proposal.pk
        try:
            saved = save_cell(
                column=column,
                proposal=one.cell.proposal,
                version=done.version_now(one.cell, one.version),
                answer=one.answer,
                by=by,
            )
        except StaleVersion:
            done.stale.add(key)
        except ExpiredEffort as error:
            done.expired[key] = error.effort
        else:
            done.saved.add(key)
            done.counted_up.update(saved.others)
    return done
