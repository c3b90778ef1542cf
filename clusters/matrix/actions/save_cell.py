"""Writes to a cell of the matrix: its answer with its efforts.

A save first locks the authority's column, so that all saves in one column wait for each other and
never for another column's. The versions are read after that: of eight saves of one cell one wins.
"""

import datetime as dt
from dataclasses import dataclass, field, replace

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from initiatives.models import Initiative
from krams.danish.collation import sort_key
from krams.history.actions.locking import StaleVersion, save_kept, save_version
from krams.models import ClusterMembership, Kept, User, Versioned

from ...access import editable_columns
from ...models import Effort, EffortProposal, Position, Proposal, Theme
from ..answer import EFFORT_FIELDS, Answer, EffortInput
from ..cell_status import DATED_STATES, is_answered
from ..rows import ProposalRow
from ..wording import numbers
from .answers_follow_efforts import follow_efforts
from .new_themes import with_new_theme


class ExpiredEffort(Exception):
    """An answer cannot be right as it stands: ``effort`` in it has passed its last day."""

    def __init__(self, effort: Effort):
        super().__init__(f"effort {effort.pk} has expired")
        self.effort = effort


@dataclass
class Saved:
    """The position as saved, the proposals whose cells changed along with it, and how many
    efforts went."""

    position: Position
    others: set[int] = field(default_factory=set)
    removed: int = 0


@transaction.atomic
def save_cell(
    *,
    column: ClusterMembership,
    proposal: Proposal | ProposalRow,
    version: int,
    answer: Answer,
    by: User,
    reason: str = "",
) -> Saved:
    """Save one cell and confirm it; ``version`` is 0 where nobody has answered yet.
    ``reason`` is what the history says of why.

    An effort that serves several proposals is one row: it changes in all their cells, and each of
    those counts up its version. ``same_for`` reaches only cells that are not filled in or had the
    very same state; an answer given since is left alone. Other cells that an effort comes to are
    answered by that, without a state. Sending the same once more changes nothing. Raises
    ``PermissionDenied``, also for a retired proposal, ``StaleVersion`` and :class:`ExpiredEffort`.
    """
    lock_column(column, by)
    answer = replace(answer, efforts=tuple(map(with_new_theme, answer.efforts)))
    save = CellSave(column, by, reason=reason)
    if proposal.pk not in save.proposals:
        raise PermissionDenied
    position = save.positions.get(proposal.pk) or Position(
        proposal=save.proposals[proposal.pk], authority=column.authority, version=0
    )
    if position.version != version:
        if save.holds(position, answer):
            return Saved(position)
        raise StaleVersion(position)
    if not answer.same_for and save.stands(position, answer):
        save.confirm(position)
        return Saved(position)
    alike = {proposal.pk} | save.open_to(answer.same_for, like=position)
    others = save.write(answer, alike, because=proposal)
    return Saved(save.positions[proposal.pk], (others | alike) - {proposal.pk}, save.removed)


def lock_column(column: ClusterMembership, by: User) -> None:
    """Wait for the column and ask again whether the person may fill it in."""
    mine = editable_columns(by).select_for_update(of=("self",)).filter(pk=column.pk)
    if mine.first() is None:
        raise PermissionDenied


class CellSave:
    """A column under its lock, as it is being changed, cell by cell.

    All that one save writes carries one time, so that the history can tell what belongs together.
    ``now`` and ``reason`` are given by a save of several columns.
    """

    def __init__(
        self,
        column: ClusterMembership,
        by: User,
        *,
        now: dt.datetime | None = None,
        reason: str = "",
    ):
        self.column, self.by, self.reason = column, by, reason
        self.now, self.today = now or timezone.now(), timezone.localdate()
        cluster, authority = column.cluster, column.authority
        self.proposals = Proposal.objects.standing().filter(cluster=cluster).in_bulk()
        self.positions = {
            position.proposal_id: position
            for position in Position.objects.filter(
                authority=authority, proposal__in=self.proposals
            )
        }
        self.efforts = Effort.objects.filter(cluster=cluster, authority=authority).in_bulk()
        self.places: dict[int, dict[int, EffortProposal]] = {key: {} for key in self.efforts}
        for place in EffortProposal.objects.filter(
            effort__in=self.efforts, proposal__in=self.proposals
        ):
            self.places[place.effort_id][place.proposal_id] = place
        self.themes: dict[int, set[int]] = {key: set() for key in self.efforts}
        for link in Effort.themes.through.objects.filter(effort__in=self.efforts):
            self.themes[link.effort_id].add(link.theme_id)
        self.theme_names = dict(Theme.objects.values_list("pk", "name"))
        self.touched: set[int] = set()
        self.removed = 0
        self.expired: dict[int, Effort] = {}
        self.holding: set[int] = set()

    def write(self, answer: Answer, alike: set[int], because: Proposal | ProposalRow) -> set[int]:
        """Put the answer into the cells of the proposals ``alike``; returns the other cells that
        its efforts came to or left. Raises :class:`ExpiredEffort`."""
        self.touched = set()
        for order, effort in enumerate(answer.efforts, start=1):
            self.keep_effort(effort, order, alike)
        others = self.touched - alike
        self.read_efforts(alike | others)
        for key in alike:
            self.keep_state(key, answer)
        for key in others:
            self.count_up(key, because)
        return others

    def holds(self, position: Position, answer: Answer) -> bool:
        """Whether the cell already says what is being saved: the form was sent twice."""
        if not position.pk or (position.state, position.state_from) != _state(answer):
            return False
        standing = [
            effort
            for effort in self.efforts.values()
            if not effort.removed_at and position.proposal_id in self.places[effort.pk]
        ]
        stored = [
            (
                *(getattr(effort, name) for name in EFFORT_FIELDS),
                frozenset(self.themes[effort.pk]),
                frozenset(self.places[effort.pk]),
            )
            for effort in standing
        ]
        wanted = [
            effort.content
            for effort in answer.efforts
            if not effort.removed and position.proposal_id in effort.proposals
        ]
        return sorted(map(_comparable, stored)) == sorted(map(_comparable, wanted))

    def stands(self, position: Position, answer: Answer) -> bool:
        """Whether a save would change nothing at all, but confirm what is no older than today."""
        lines = [one for one in answer.efforts if position.proposal_id in one.proposals]
        wanted = [one.effort_id for one in lines if not one.removed]
        places = [
            place
            for key, by_proposal in self.places.items()
            if (place := by_proposal.get(position.proposal_id)) and not self.efforts[key].removed_at
        ]
        stored = [
            place.effort_id for place in sorted(places, key=lambda one: (one.position, one.pk))
        ]
        if wanted != stored or not self.holds(position, answer):
            return False
        self.read_efforts({position.proposal_id})
        return not (is_answered(position.state) and position.proposal_id in self.expired)

    def confirm(self, position: Position) -> None:
        """Confirm what was saved as it stood: that makes no new version of it."""
        if is_answered(position.state) and position.confirmed_on != self.today:
            position.confirmed_on, position.confirmed_by = self.today, self.by
            position._history_date = self.now
            save_kept(position, by=self.by, reason=self.reason or _("Confirmed unchanged"))

    def open_to(self, keys: frozenset[int], *, like: Position) -> set[int]:
        """Those of the proposals whose answer may follow that of ``like``."""
        found = set()
        for key in keys & self.proposals.keys():
            other = self.positions.get(key)
            if (
                other is None
                or not is_answered(other.state)
                or (other.state, other.state_from) == (like.state, like.state_from)
            ):
                found.add(key)
        return found

    def keep_effort(self, wanted: EffortInput, order: int, alike: set[int]) -> None:
        """Save one line. Raises ``KeyError`` for an effort of another column or cluster."""
        effort = self.efforts[wanted.effort_id] if wanted.effort_id else None
        if effort is None:
            if wanted.removed:
                return
            effort = Effort(cluster=self.column.cluster, authority=self.column.authority)
        places = self.places.get(effort.pk, {})
        before = frozenset(places) if effort.pk and not effort.removed_at else frozenset()
        if wanted.removed:
            if before:
                effort.removed_at = self.now
                self.removed += 1
                self.keep(effort)
                self.touched |= before
            return
        after = wanted.proposals & self.proposals.keys()
        changed = any(getattr(effort, name) != getattr(wanted, name) for name in EFFORT_FIELDS)
        themes = frozenset(self.themes.get(effort.pk, ()))
        changed |= themes != wanted.themes
        if wanted.initiative_id not in (None, effort.initiative_id):
            self._may_cite(wanted.initiative_id)
        if changed or before != after or effort.removed_at:
            for name in EFFORT_FIELDS:
                setattr(effort, name, getattr(wanted, name))
            effort.removed_at = None
            self.keep_with_themes(effort, wanted.themes, self._reason(before, after))
            self.touched |= before | after
        self.efforts[effort.pk] = effort
        self._keep_places(effort, self.places.setdefault(effort.pk, places), after, order, alike)

    def keep_with_themes(self, effort: Effort, themes: frozenset[int], reason: str = "") -> None:
        """The row names them: the history of a row does not know its relations."""
        names = (self.theme_names[key] for key in themes)
        effort.theme_text = ", ".join(sorted(names, key=sort_key))
        self.keep(effort, reason)
        if themes != self.themes.get(effort.pk, set()):
            effort.themes.set(themes)
            self.themes[effort.pk] = set(themes)

    def _may_cite(self, key: int) -> None:
        """An effort is an initiative of its own authority, and one that the person may see."""
        mine = Initiative.objects.visible_to(self.by).filter(
            department__municipality=self.column.authority
        )
        if not mine.filter(pk=key).exists():
            raise PermissionDenied

    def _keep_places(
        self,
        effort: Effort,
        places: dict[int, EffortProposal],
        wanted: frozenset[int],
        order: int,
        alike: set[int],
    ) -> None:
        for key in places.keys() - wanted:
            gone = places.pop(key)
            gone._history_user, gone._history_date = self.by, self.now
            gone.delete()
        for key in wanted:
            place = places.get(key)
            if place is None:
                # At the end of another cell; in this one and those like it, where it was put.
                position = order if key in alike else self._last(key) + 1
                place = EffortProposal(effort=effort, proposal_id=key, position=position)
                self.keep(place)
                places[key] = place
            elif key in alike and place.position != order:
                place.position = order
                self.keep(place)

    def _last(self, key: int) -> int:
        return max(
            (places[key].position for places in self.places.values() if key in places), default=0
        )

    def _reason(self, before: frozenset[int], after: frozenset[int]) -> str:
        """The journal of an effort says where it moved: its places are rows of their own."""
        if before == after:
            return ""
        served = sorted((self.proposals[key] for key in after), key=lambda one: one.number)
        return _("Serves proposals %(numbers)s") % {"numbers": numbers(served)}

    def read_efforts(self, keys: set[int]) -> None:
        """Which of the cells hold efforts now that all lines are kept, and expired ones."""
        places = EffortProposal.objects.standing().filter(
            effort__authority=self.column.authority, proposal__in=keys
        )
        self.holding = set(places.values_list("proposal", flat=True))
        expired = places.expired(self.today).select_related("effort")
        self.expired = {place.proposal_id: place.effort for place in expired}

    def keep_state(self, key: int, answer: Answer) -> None:
        """Save and confirm; as "Still correct" does, never what holds an expired effort."""
        position = self.position(key)
        position.state, position.state_from = _state(answer)
        follow_efforts(position, holds_efforts=key in self.holding)
        is_filled = is_answered(position.state)
        if is_filled and key in self.expired:
            raise ExpiredEffort(self.expired[key])
        position.confirmed_on = self.today if is_filled else None
        position.confirmed_by = self.by if is_filled else None
        self.keep(position)

    def count_up(self, key: int, because: Proposal | ProposalRow) -> None:
        reason = _("An effort was changed under proposal %(number)s") % {"number": because.number}
        position = self.position(key)
        follow_efforts(position, holds_efforts=key in self.holding)
        self.keep(position, reason)

    def keep(self, instance: Kept, reason: str = "") -> None:
        instance._history_date = self.now
        if isinstance(instance, Versioned):
            save_version(instance, by=self.by, reason=reason or self.reason)
        else:
            save_kept(instance, by=self.by, reason=reason or self.reason)

    def position(self, key: int) -> Position:
        if key not in self.positions:
            self.positions[key] = Position(
                proposal=self.proposals[key], authority=self.column.authority
            )
        return self.positions[key]


def _comparable(content: tuple[object, ...]) -> str:
    """Sets say the same in whatever order they are listed."""
    return repr([sorted(part) if isinstance(part, frozenset) else part for part in content])


def _state(answer: Answer) -> tuple[str, dt.date | None]:
    return answer.state, answer.state_from if answer.state in DATED_STATES else None
