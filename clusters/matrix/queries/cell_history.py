"""What the history of an answer tells: who saved it last, and the efforts that it had."""

from collections.abc import Iterable

from krams.history.registry import Record

from ...models import Effort, Position


def last_save(position: Position | None) -> Record | None:
    """The latest version of an answer with who saved it; None where nobody has answered."""
    return position and position.history.select_related("history_user").first()


def efforts_at(position: Position | None, version: int, keys: Iterable[int]) -> dict[int, Record]:
    """The efforts as they stood until the position got the next version, by their keys."""
    if position is None:
        return {}
    following = position.history.filter(version=version + 1).first()
    if following is None:
        return {}
    records = Effort.history.filter(id__in=list(keys), history_date__lt=following.history_date)
    return {record.id: record for record in records.order_by("history_date", "history_id")}
