"""Answers that agree with the efforts in their cells, whatever moved, copied or reinstated them."""

from typing import Any

from django.utils.translation import gettext as _

from krams.history.actions.locking import save_version
from krams.models import User

from ...models import EffortProposal, Position
from ..cell_status import agreeing, is_answered


def follow_efforts(position: Position, *, holds_efforts: bool) -> bool:
    """Change the answer of a cell that efforts came to or left; whether it had to change.

    Nobody has confirmed what the answer became.
    """
    state = agreeing(position.state, holds_efforts=holds_efforts)
    if state == position.state:
        return False
    position.state, position.state_from = state, None
    position.confirmed_on = position.confirmed_by = None
    return True


def let_answers_follow(*, by: User, **cells: Any) -> None:
    """Save what must change in the cells chosen by the lookups ``cells`` of positions.

    For callers that hold a lock on them.
    """
    places = EffortProposal.objects.standing().filter(
        **{name.replace("authority", "effort__authority"): value for name, value in cells.items()}
    )
    holding = set(places.values_list("proposal", "effort__authority"))
    found = {(one.proposal_id, one.authority_id): one for one in Position.objects.filter(**cells)}
    for proposal, authority in holding - found.keys():
        found[proposal, authority] = Position(proposal_id=proposal, authority_id=authority)
    for key, position in found.items():
        if follow_efforts(position, holds_efforts=key in holding):
            came = is_answered(position.state)
            reason = _("An effort was put here") if came else _("The efforts are gone")
            save_version(position, by=by, reason=reason)
