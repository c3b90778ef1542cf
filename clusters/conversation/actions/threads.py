"""Writes of questions and comments about a cell: ask, answer, correct, withdraw, resolve.

All of them stand under the lock of the column, as saves of its cells do.
"""

import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from krams.history.actions.locking import StaleVersion, lock, save_changes, save_version
from krams.models import ClusterMembership, User

from ...enums import Side, WordingOutcome
from ...matrix.rows import ProposalRow
from ...models import Comment, Proposal, Thread
from .letters import tell
from .writing import side_of_writer, sides_of_writer


@transaction.atomic
def ask(
    *,
    column: ClusterMembership,
    proposal: Proposal | ProposalRow,
    text: str,
    submission_id: uuid.UUID,
    by: User,
) -> Thread:
    """Open a thread about a cell; the other side has the word. The same submission opens one.

    Raises ``PermissionDenied``, also for a proposal that is retired or of another cluster.
    """
    side = side_of_writer(column, by)
    if known := known_comment(submission_id, by):
        return known.thread
    thread = open_thread(column, proposal.pk, side, by)
    say(thread, text, side, submission_id, by)
    return thread


def open_thread(column: ClusterMembership, proposal: int, side: Side, by: User) -> Thread:
    """For callers that hold the lock of the column."""
    standing = Proposal.objects.standing().filter(cluster=column.cluster_id)
    if not standing.filter(pk=proposal).exists():
        raise PermissionDenied
    thread = Thread(
        cluster_id=column.cluster_id,
        proposal_id=proposal,
        authority_id=column.authority_id,
        awaits=side.other,
    )
    return save_version(thread, by=by)


@transaction.atomic
def reply(
    *, column: ClusterMembership, thread_id: int, text: str, submission_id: uuid.UUID, by: User
) -> Thread:
    """Add to a thread, and give the word to the other side; what was resolved is open again.

    The same submission twice adds one. Raises ``PermissionDenied`` and ``Thread.DoesNotExist``.
    """
    sides = sides_of_writer(column, by)
    thread = locked_thread(column, thread_id)
    if known := known_comment(submission_id, by):
        if known.thread_id != thread.pk:
            raise PermissionDenied
        return thread
    side = _side_in(thread, sides, by)
    say(thread, text, side, submission_id, by)
    give_word(thread, side.other, by)
    return thread


def _side_in(thread: Thread, sides: list[Side], by: User) -> Side:
    """Who is both answers for the side that has the word; nobody answers what they said last."""
    last = thread.comments.order_by("-pk").values_list("written_by", "side").first()
    said = last[1] if last and last[0] == by.pk else thread.awaits
    return Side(said) if said in sides else sides[0]


@transaction.atomic
def resolve(
    *, column: ClusterMembership, thread_id: int, version: int, by: User, back: bool = False
) -> Thread:
    """Say that nothing more is to be said, or open the thread again (``back``). Twice is once.

    A wording that waits for the editor is decided, not resolved. Raises ``PermissionDenied``,
    ``Thread.DoesNotExist`` and ``StaleVersion``.
    """
    side = side_of_writer(column, by)
    thread = locked_thread(column, thread_id)
    if (thread.resolved_at is None) == back:
        return thread
    if thread.version != version:
        raise StaleVersion(thread)
    wording = thread.proposed
    if not back and wording and wording.outcome == WordingOutcome.OPEN:
        raise PermissionDenied
    give_word(thread, side.other if back else None, by)
    return thread


@transaction.atomic
def save_comment(
    *, column: ClusterMembership, comment_id: int, version: int, text: str, by: User
) -> Comment:
    """Correct one's own comment; the history keeps what it said.

    Raises ``PermissionDenied``, also for another's and for one that was withdrawn,
    ``Comment.DoesNotExist`` and ``StaleVersion``.
    """
    comment = _locked_comment(column, comment_id, version, by)
    comment.text = text
    return save_changes(comment, by=by)


@transaction.atomic
def withdraw_comment(
    *, column: ClusterMembership, comment_id: int, version: int, by: User
) -> Comment:
    """Take back one's own comment. A thread of which nothing is left is resolved.

    Raises as :func:`save_comment`.
    """
    comment = _locked_comment(column, comment_id, version, by)
    comment.withdrawn_at = timezone.now()
    save_version(comment, by=by, reason=_("Withdrawn"))
    thread = comment.thread
    if not thread.comments.filter(withdrawn_at=None).exists() and not thread.proposed:
        give_word(thread, None, by)
    return comment


def locked_thread(column: ClusterMembership, thread_id: int) -> Thread:
    """Under the lock of the column, which all writers of its threads hold."""
    mine = Thread.objects.filter(cluster=column.cluster_id, authority=column.authority_id)
    return mine.select_related("wording").get(pk=thread_id)


def give_word(thread: Thread, side: Side | None, by: User) -> None:
    """To a side, or to nobody: then the thread is resolved."""
    thread.awaits = side or ""
    thread.resolved_at = None if side else (thread.resolved_at or timezone.now())
    save_version(thread, by=by)


def say(thread: Thread, text: str, side: Side, submission_id: uuid.UUID, by: User) -> Comment:
    """Add what a side says, and tell the other one by a letter."""
    tell(thread, side.other, by)
    comment = Comment(
        thread=thread,
        text=text,
        side=side,
        written_by=by,
        written_by_name=str(by),
        submission_id=submission_id,
    )
    return save_version(comment, by=by)


def known_comment(submission_id: uuid.UUID, by: User) -> Comment | None:
    """What was sent already. Raises ``PermissionDenied`` for what somebody else has sent."""
    known = Comment.objects.filter(submission_id=submission_id).select_related("thread").first()
    if known and known.written_by_id != by.pk:
        raise PermissionDenied
    return known


def _locked_comment(column: ClusterMembership, comment_id: int, version: int, by: User) -> Comment:
    side_of_writer(column, by)
    here = {"thread__cluster": column.cluster_id, "thread__authority": column.authority_id}
    comments = Comment.objects.filter(**here).select_related("thread__wording")
    comment = lock(comments, version=version, pk=comment_id)
    if comment.written_by_id != by.pk or comment.withdrawn_at:
        raise PermissionDenied
    return comment
