"""Asking: a coordinator asks editors, prolongs the ask, or withdraws it."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from krams.history.actions.locking import StaleVersion, lock, save_changes, save_version
from krams.models import Cluster, User

from ...access import get_sheet
from ...matrix.layout import Matrix
from ...matrix.queries.read_matrix import read_matrix
from ...matrix.rows import ProposalRow
from ...models import Ask, AskedColumn, AskedEditor, AskedField
from ..asked_fields import asked_fields
from ..queries.recipients import Askable, askable_columns
from .letters import post_ask


class NobodyToAsk(Exception):
    """None of the chosen people has anything to do of what is asked for, or none can be asked."""


@dataclass(frozen=True)
class Wanted:
    """What is asked for: ``proposals`` are keys where the scope is that of chosen ones; ``people``
    are keys of authority and account."""

    kind: str
    scope: str
    proposals: frozenset[int]
    people: frozenset[tuple[int, int]]
    text: str
    deadline: dt.date
    remind_before: int | None
    remind_after: int | None


@dataclass(frozen=True)
class Part:
    """Who of one authority is asked, about which proposals."""

    to: Askable
    people: list[User]
    fields: list[ProposalRow]


def parts_of(matrix: Matrix, wanted: Wanted, askable: Collection[Askable]) -> list[Part]:
    """Who gets what, in the order of the matrix; whoever has nothing to do has an empty part."""
    found = []
    for one in askable:
        key = one.authority.pk
        people = [person for person in one.editors if (key, person.pk) in wanted.people]
        if people:
            column = [matrix.cells[row.proposal.pk, key] for row in matrix.rows]
            fields = asked_fields(wanted.kind, wanted.scope, column, wanted.proposals)
            found.append(Part(one, people, fields))
    return found


@transaction.atomic
def ask_editors(*, cluster: Cluster, wanted: Wanted, submission_id: uuid.UUID, by: User) -> Ask:
    """Ask people to work on the fields of their columns, and write to them.

    The same submission twice asks once. Raises ``PermissionDenied`` for who does not coordinate the
    cluster and for a person who has no role there (any more), :class:`NobodyToAsk` where there is
    nothing to do for any of them.
    """
    _locked_cluster(cluster.pk, by)
    if known := Ask.objects.filter(submission_id=submission_id).first():
        if known.cluster_id != cluster.pk:
            raise PermissionDenied
        return known
    sheet = get_sheet(by, cluster.slug)
    matrix = read_matrix(sheet, with_notes=False, with_themes=False)
    parts = parts_of(matrix, wanted, askable_columns(sheet))
    offered = {(part.to.authority.pk, one.pk) for part in parts for one in part.people}
    if wanted.people - offered:
        raise PermissionDenied
    parts = [part for part in parts if part.fields]
    if not parts:
        raise NobodyToAsk
    ask = Ask(
        cluster=cluster,
        kind=wanted.kind,
        scope=wanted.scope,
        text=wanted.text,
        deadline=wanted.deadline,
        remind_before=wanted.remind_before,
        remind_after=wanted.remind_after,
        asked_by=by,
        asked_by_name=str(by),
        submission_id=submission_id,
    )
    save_version(ask, by=by)
    for part in parts:
        _ask_one(ask, part, by)
    return ask


def _ask_one(ask: Ask, part: Part, by: User) -> None:
    column = AskedColumn(ask=ask, authority=part.to.authority)
    save_version(column, by=by, reason=_("Asked"))
    AskedField.objects.bulk_create(
        [AskedField(column=column, proposal_id=one.pk) for one in part.fields]
    )
    for person in part.people:
        post_ask(AskedEditor.objects.create(column=column, editor=person), by=by)


@transaction.atomic
def prolong(*, ask: Ask, version: int, deadline: dt.date, by: User) -> Ask:
    """Set another deadline; the reminders follow it. Raises ``DoesNotExist``, also for who does
    not coordinate the cluster and for one that was withdrawn, and ``StaleVersion``."""
    mine = Ask.objects.coordinated_by(by).filter(withdrawn_at=None)
    try:
        current = lock(mine, version=version, pk=ask.pk)
    except StaleVersion as stale:
        # Sent twice: it has that deadline already.
        known: Ask = stale.current
        if known.version == version + 1 and known.deadline == deadline:
            return known
        raise
    current.deadline = deadline
    return save_changes(current, by=by, reason=_("Another deadline"))


@transaction.atomic
def withdraw(*, ask: Ask, by: User) -> Ask:
    """Wait for nothing more; twice is once. Raises ``DoesNotExist``."""
    mine = Ask.objects.coordinated_by(by).select_for_update(of=("self",))
    current = mine.get(pk=ask.pk)
    if current.withdrawn_at is None:
        current.withdrawn_at = timezone.now()
        save_version(current, by=by, reason=_("Withdrawn"))
    return current


def _locked_cluster(pk: int, by: User) -> None:
    mine = Cluster.objects.coordinated_by(by).select_for_update(of=("self",))
    if mine.filter(pk=pk).first() is None:
        raise PermissionDenied
