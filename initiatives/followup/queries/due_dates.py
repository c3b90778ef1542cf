"""What of the KRAMS half is soon due: decisions and attention points that the person may close."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from krams.mail.due_dates import Due
from krams.models import User

from ...models import AttentionPoint, Decision, Initiative
from ..overview import FOLLOWED


def dues(user: User, first: date, last: date) -> Iterator[Due]:
    """Two queries for all the places of the person."""
    decisions = (
        Decision.objects.editable_by(user)
        .open()
        .filter(
            due_on__range=(first, last),
            # What was decided at a meeting that was cancelled afterwards is no promise, and of a
            # facility that has closed nobody keeps it.
            meeting__removed_at=None,
            meeting__facility__closed_on=None,
        )
    )
    for decision in decisions.select_related("meeting__facility"):
        place = decision.meeting.facility
        yield Due(
            what=f"decision:{decision.pk}",
            due_on=decision.due_on,
            text=f"{place}: {decision.text}" if place else decision.text,
            action=_("Close or postpone"),
            path=reverse("initiatives:decision-follow-up", args=[decision.meeting_id, decision.pk]),
        )
    mine = Initiative.objects.editable_by(user).filter(status__in=FOLLOWED)
    points = AttentionPoint.objects.filter(
        initiative__in=mine.values("pk"), closed_on=None, follow_up_on__range=(first, last)
    )
    for point in points.select_related("initiative"):
        assert point.follow_up_on is not None, "the filter asks for it"
        yield Due(
            what=f"point:{point.pk}",
            due_on=point.follow_up_on,
            text=f"{point.initiative}: {point.text}",
            action=_("Close or postpone"),
            path=reverse("initiatives:section-edit", args=[point.initiative_id, "opfoelgning"]),
        )
