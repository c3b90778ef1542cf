"""What the history of an answer tells: who saved it last, and the efforts that it had."""

from collections.abc import Iterable

from django.db.models import QuerySet

from krams.history.registry import Record

from ...models import Effort, Position
from ..rows import AnswerRow


def last_save(position: AnswerRow | None) -> Record | None:
    """The latest version of an answer with who saved it; None where nobody has answered."""
    return position and _saves(position).select_related("history_user").first()


def _saves(position: AnswerRow) -> QuerySet[Record]:
    saves: QuerySet[Record] = Position.history.filter(id=position.pk)
    return saves


def efforts_at(position: AnswerRow | None, version: int, keys: Iterable[int]) -> dict[int, Record]:
    """The efforts as they stood until the position got the next version, by their keys."""
    if position is None:
        return {}
    following = _saves(position).filter(version=version + 1).first()
    if following is None:
        return {}
    records = Effort.history.filter(id__in=list(keys), history_date__lt=following.history_date)
    return {record.id: record for record in records.order_by("history_date", "history_id")}
