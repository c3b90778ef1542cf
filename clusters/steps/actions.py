"""Closing the next step of an effort: what was planned is done, and another one may follow."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from krams.history.actions.locking import StaleVersion
from krams.models import ClusterMembership, User

from ..matrix.actions.save_cell import CellSave, lock_column
from ..models import Effort


@transaction.atomic
def finish_step(
    *,
    column: ClusterMembership,
    effort_id: int,
    version: int,
    next_step: str,
    next_step_on: dt.date | None,
    by: User,
) -> Effort:
    """Say that the next step of an effort is done; ``next_step`` takes its place, or nothing does.

    The history keeps the step that was done, and the cells of the effort count up their versions
    as after any change of it. Sending the same once more changes nothing. Raises
    ``PermissionDenied``, ``Effort.DoesNotExist`` for an effort of another column or one that was
    removed, and ``StaleVersion``, also where there is no step.
    """
    lock_column(column, by)
    save = CellSave(column, by)
    effort = save.efforts.get(effort_id)
    if effort is None or effort.removed_at:
        raise Effort.DoesNotExist
    following = (next_step, next_step_on)
    stands = (effort.next_step, effort.next_step_on)
    if effort.version == version + 1 and stands == following:
        return effort
    if effort.version != version or not effort.next_step:
        raise StaleVersion(effort)
    done = _("Step done: %(step)s") % {"step": effort.next_step}
    effort.next_step, effort.next_step_on = following
    save.keep(effort, done)
    places = save.places[effort.pk].keys() & save.proposals.keys()
    save.read_efforts(set(places))
    for key in places:
        save.count_up(key, save.proposals[key])
    return effort
