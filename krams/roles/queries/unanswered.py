"""How many invitations wait for an answer that the person may send again."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, Q
from django.utils import timezone

from ...models import Invitation, User
from ...worklist.sections import Section
from ..worklist import Unanswered, sections_of
from .people import changeable


def sections(user: User, today: dt.date) -> Iterator[Section]:
    """One query, and none for who may give no roles."""
    if not user.may_have_people:
        return
    is_over = Q(expires_at__lte=timezone.now())
    counted = (
        Invitation.objects.waiting()
        .filter(changeable(user), user__is_active=True)
        .aggregate(
            expired=Count("pk", filter=is_over),
            waiting=Count("pk", filter=~is_over),
        )
    )
    yield from sections_of(Unanswered(**counted))
