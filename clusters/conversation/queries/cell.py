"""A cell with what is said about it, for all who may see its cluster."""

from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.http import Http404

from krams.database.prepared import prepared
from krams.models import ClusterMembership, User

from ...access import Sheet, get_sheet
from ...enums import PositionState, Side, WordingOutcome
from ...matrix.cell_status import Cell
from ...matrix.layout import Matrix
from ...matrix.queries.read_matrix import read_matrix
from ...models import Comment, Thread
from ..proposed import Difference, Proposed, difference, read_lines
from ..who_speaks import sides_among


@dataclass
class Told:
    """A thread with its comments; ``proposed`` and ``difference`` where it proposes a wording."""

    thread: Thread
    comments: list[Comment] = field(default_factory=list)
    proposed: Proposed | None = None
    difference: Difference | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether a proposed wording waits for the editor."""
        wording = self.thread.proposed
        return bool(wording and wording.outcome == WordingOutcome.OPEN)


@dataclass(frozen=True)
class Talk:
    """A cell and its threads, the open ones first; ``side`` is the one that the person may write
    for, None who may only read."""

    sheet: Sheet
    column: ClusterMembership
    matrix: Matrix
    cell: Cell
    threads: list[Told]
    side: Side | None

    def told(self, thread_id: int) -> Told:
        """Raises ``Http404`` for a thread of another cell."""
        found = (told for told in self.threads if told.thread.pk == thread_id)
        if told := next(found, None):
            return told
        raise Http404


def read_talk(user: User, slug: str, proposal: int, authority: str) -> Talk:
    """What is said about a cell. 404 where the person may not see it, or it is not there."""
    sheet = get_sheet(user, slug)
    column = next((one for one in sheet.columns if one.authority.slug == authority), None)
    if column is None:
        raise Http404
    matrix = read_matrix(sheet, only=column, with_notes=False)
    cell = matrix.cells.get((proposal, column.authority_id))
    if cell is None:
        raise Http404
    threads: dict[int, Told] = {}
    for comment in _comments(sheet.cluster.pk, proposal, column.authority_id):
        told = threads.setdefault(comment.thread_id, Told(comment.thread))
        told.comments.append(comment)
    for told in threads.values():
        told.thread.cluster, told.thread.authority = sheet.cluster, column.authority
        if wording := told.thread.proposed:
            state = PositionState(wording.state)
            told.proposed = Proposed(state, wording.state_from, read_lines(wording.lines))
            told.difference = difference(told.proposed, cell)
    order = sorted(
        threads.values(), key=lambda told: (told.thread.resolved_at is not None, -told.thread.pk)
    )
    return Talk(sheet, column, matrix, cell, order, _side(user, sheet, column))


def _side(user: User, sheet: Sheet, column: ClusterMembership) -> Side | None:
    """By the roles already read; actions ask again."""
    ended = sheet.cluster.valid_until is not None and sheet.cluster.valid_until < sheet.today
    if ended or not column.is_valid_on(sheet.today):
        return None
    return next(iter(sides_among(user.scopes, sheet.cluster.pk, column.authority_id)), None)


@prepared
def _comments(cluster: int, proposal: int, authority: int) -> QuerySet[Comment]:
    here = {"thread__cluster": cluster, "thread__proposal": proposal}
    comments = Comment.objects.filter(**here, thread__authority=authority)
    return comments.select_related("thread__wording").order_by("pk")
