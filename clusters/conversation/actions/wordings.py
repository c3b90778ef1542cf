"""Proposing a wording for a cell, and what becomes of it: accepted, declined or withdrawn.

A proposal never changes the answer by itself. Accepting is a save of the cell by its editor, by
the same action as that of the cell's form.
"""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from krams.history.actions.locking import StaleVersion, save_version
from krams.models import ClusterMembership, User

from ...enums import Side, WordingOutcome
from ...matrix.actions.save_cell import Saved, save_cell
from ...matrix.answer import Answer
from ...matrix.rows import ProposalRow
from ...models import Comment, Proposal, Thread, Wording
from .threads import give_word, known_comment, locked_thread, open_thread, say
from .writing import side_of_writer


@transaction.atomic
def propose_wording(
    *,
    column: ClusterMembership,
    proposal: Proposal | ProposalRow,
    text: str,
    seen_version: int,
    submission_id: uuid.UUID,
    by: User,
    **content: Any,
) -> Thread:
    """Propose what a cell should say; ``text`` is why. The same submission proposes it once.

    ``content``: state, state_from, lines. Raises ``PermissionDenied`` for who does not coordinate
    the cluster.
    """
    if side_of_writer(column, by) is not Side.COORDINATOR:
        raise PermissionDenied
    if known := known_comment(submission_id, by):
        return known.thread
    thread = open_thread(column, proposal.pk, Side.COORDINATOR, by)
    say(thread, text, Side.COORDINATOR, submission_id, by)
    save_version(Wording(thread=thread, seen_version=seen_version, **content), by=by)
    return thread


@transaction.atomic
def accept_wording(
    *,
    column: ClusterMembership,
    thread_id: int,
    version: int,
    cell_version: int,
    answer: Answer,
    by: User,
) -> Saved | None:
    """Save the cell as proposed; ``answer`` is the proposal upon the cell at ``cell_version``.

    None where it was accepted already: the button was pressed twice. Raises ``PermissionDenied``
    for all but the column's own editors, ``StaleVersion`` (of the ``Wording`` or the ``Position``),
    ``ExpiredEffort`` and ``Thread.DoesNotExist``.
    """
    wording = _locked(column, thread_id, by, Side.EDITOR)
    if wording.outcome == WordingOutcome.ACCEPTED:
        return None
    _refuse_stale(wording, version)
    first = Comment.objects.filter(thread=thread_id).order_by("pk").first()
    who = first.written_by_name if first else "–"
    reason = _("Proposed by the coordinator (%(who)s), accepted by the editor") % {"who": who}
    saved = save_cell(
        column=column,
        proposal=wording.thread.proposal,
        version=cell_version,
        answer=answer,
        by=by,
        reason=reason,
    )
    _settle(wording, WordingOutcome.ACCEPTED, by)
    give_word(wording.thread, None, by)
    return saved


@transaction.atomic
def decline_wording(
    *,
    column: ClusterMembership,
    thread_id: int,
    version: int,
    text: str,
    submission_id: uuid.UUID,
    by: User,
) -> None:
    """Decline a proposal; ``text`` is why, and the coordinator has the word. Twice is once.

    Raises ``PermissionDenied``, ``StaleVersion`` and ``Thread.DoesNotExist``.
    """
    wording = _locked(column, thread_id, by, Side.EDITOR)
    if known_comment(submission_id, by):
        return
    _refuse_stale(wording, version)
    say(wording.thread, text, Side.EDITOR, submission_id, by)
    _settle(wording, WordingOutcome.DECLINED, by)
    give_word(wording.thread, Side.COORDINATOR, by)


@transaction.atomic
def withdraw_wording(*, column: ClusterMembership, thread_id: int, version: int, by: User) -> None:
    """Take a proposal back, as its coordinator. Twice is once. Raises as the others."""
    wording = _locked(column, thread_id, by, Side.COORDINATOR)
    if wording.outcome == WordingOutcome.WITHDRAWN:
        return
    _refuse_stale(wording, version)
    _settle(wording, WordingOutcome.WITHDRAWN, by)
    give_word(wording.thread, None, by)


def _locked(column: ClusterMembership, thread_id: int, by: User, side: Side) -> Wording:
    if side_of_writer(column, by) is not side:
        raise PermissionDenied
    wording = locked_thread(column, thread_id).proposed
    if wording is None:
        raise Thread.DoesNotExist
    return wording


def _refuse_stale(wording: Wording, version: int) -> None:
    if wording.version != version or wording.outcome != WordingOutcome.OPEN:
        raise StaleVersion(wording)


def _settle(wording: Wording, outcome: WordingOutcome, by: User) -> None:
    wording.outcome, wording.settled_at = outcome, timezone.now()
    wording.settled_by_name = str(by)
    save_version(wording, by=by)
