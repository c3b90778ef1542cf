"""The efforts of a cell, as the history of its answer tells them."""

from django.utils.translation import gettext as _

from krams.history.queries import numbered, standing_rows

from ...models import Effort, EffortProposal


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
