"""Reads on the agenda of which coming meeting an activity of the plan waits."""

import datetime as dt

from django.db.models import OuterRef, Subquery

from ...models import AgendaItem, PlannedActivityQuerySet


def with_agenda(plans: PlannedActivityQuerySet, today: dt.date) -> PlannedActivityQuerySet:
    """Plans that know the next open meeting whose agenda they are on: ``agenda_item`` and its
    ``agenda_meeting`` and ``agenda_on``; None where they are on none."""
    waits = (
        AgendaItem.objects.standing()
        .filter(
            planned_activity=OuterRef("pk"),
            meeting__held_on__gte=today,
            meeting__closed_at=None,
            meeting__removed_at=None,
        )
        .order_by("meeting__held_on", "pk")
    )
    return plans.knowing(
        agenda_item=Subquery(waits.values("pk")[:1]),
        agenda_meeting=Subquery(waits.values("meeting")[:1]),
        agenda_on=Subquery(waits.values("meeting__held_on")[:1]),
    )
