"""Reminders: on their days by the timer, and by hand at most once a day."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from krams.models import Cluster, User

from ...models import Ask, AskedEditor
from ..queries.recipients import waited_for
from ..reminding import LATE, MOST_DAYS, Plan, is_due, may_remind_now
from .letters import post_reminder


def remind_due(today: dt.date) -> int:
    """Post the reminders of the day, and say how many; a second run posts nothing twice."""
    near = waited_for(today).filter(
        # No reminder is further from its deadline than its days.
        column__ask__deadline__gte=today - dt.timedelta(days=MOST_DAYS) - LATE,
        column__ask__deadline__lte=today + dt.timedelta(days=MOST_DAYS),
    )
    due = [one.pk for one in near if is_due(_plan(one.column.ask), one.reminded_on, today)]
    return sum(_remind(pk, today) for pk in due)


@transaction.atomic
def _remind(pk: int, today: dt.date) -> bool:
    """Ask again under the lock: somebody may have handed in or reminded since."""
    asked = waited_for(today).select_for_update(of=("self",)).filter(pk=pk).first()
    if asked is None or not is_due(_plan(asked.column.ask), asked.reminded_on, today):
        return False
    _post([asked], today, None)
    return True


@transaction.atomic
def remind_now(*, ask: Ask, authority: int | None, by: User) -> int:
    """Write to those of an ask, or of one of its authorities, who have not handed in.

    Returns to how many. Who got a letter about it today gets none. Raises ``PermissionDenied``.
    """
    if not Cluster.objects.coordinated_by(by).filter(pk=ask.cluster_id).exists():
        raise PermissionDenied
    today = timezone.localdate()
    waiting = waited_for(today).select_for_update(of=("self",)).filter(column__ask=ask)
    if authority is not None:
        waiting = waiting.filter(column__authority=authority)
    due = [one for one in waiting if may_remind_now(ask.asked_on, one.reminded_on, today)]
    _post(due, today, by)
    return len(due)


def _post(found: Iterable[AskedEditor], today: dt.date, by: User | None) -> None:
    for asked in found:
        asked.reminded_on = today
        asked.save(update_fields=["reminded_on"])
        post_reminder(asked, today, by=by)


def _plan(ask: Ask) -> Plan:
    return Plan(ask.asked_on, ask.deadline, ask.remind_before, ask.remind_after)
