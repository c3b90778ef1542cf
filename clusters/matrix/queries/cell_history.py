"""What the history of an answer tells: who saved it last, and the efforts that it had."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from krams.history.queries import numbered, standing_rows

from ...models import Effort, EffortProposal, Position


def last_save(position: Position | None):
    """The latest version of an answer with who saved it; None where nobody has answered."""
    return position and position.history.select_related("history_user").first()


def efforts_at(position: Position | None, version: int, keys: Iterable[int]) -> dict[int, object]:
    """The efforts as they stood until the position got the next version, by their keys."""
    if position is None:
        return {}
    following = position.history.filter(version=version + 1).first()
    if following is None:
        return {}
    records = Effort.history.filter(id__in=list(keys), history_date__lt=following.history_date)
    return {record.id: record for record in records.order_by("history_date", "history_id")}


class CellEfforts:
    """What stood in a cell: efforts and their places are rows of their own, saved with the answer.

    Stands in for :class:`krams.history.queries.Lines`.
    """

    @property
    def label(self) -> str:
        return _("Efforts in the cell")

    def changes(self, subject) -> tuple[list, list]:
        """All that was ever saved of the places in a cell, and of their efforts."""
        places = EffortProposal.history.filter(
            proposal_id=subject.proposal_id,
            effort_id__in=Effort.history.filter(authority_id=subject.authority_id).values("id"),
        )
        efforts = Effort.history.filter(id__in=places.values("effort_id"))
        order = ("history_date", "history_id")
        return list(places.order_by(*order)), list(efforts.order_by(*order))

    def standing(self, changes: tuple[list, list], before) -> str:
        places, efforts = (standing_rows(rows, before) for rows in changes)
        ordered = sorted(places.values(), key=lambda place: (place.position, place.id))
        found = (efforts.get(place.effort_id) for place in ordered)
        return numbered(
            f"{effort.text} ({effort.get_state_display()})"
            for effort in found
            if effort and effort.removed_at is None
        )
