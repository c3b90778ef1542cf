"""Who visits the portal in a busy hour, and what they ask for: found by query, at many facilities.

Needs Django set up. The same database gives the same visitors.
"""

from collections.abc import Iterable, Iterator
from urllib.parse import urlencode

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from initiatives.log.actions.registrations import remove_activity
from initiatives.models import Activity
from krams.danish.weeks import Week
from krams.enums import Role
from krams.models import Department, Facility, Membership, User

from .discovery import valid
from .visit import Visit


def visits(facilities: int) -> Iterator[Visit]:
    """What the staff of so many facilities asks for, and the managers of their departments."""
    today = timezone.localdate()
    mine = valid(Membership.objects.filter(role=Role.STAFF, facility__closed_on=None))
    # One each, from all over the table, so that not a few blocks of the disk are read again.
    people = dict(mine.order_by("pk").values_list("facility_id", "user_id"))
    every = max(len(people) // facilities, 1)
    chosen = dict(list(people.items())[::every][:facilities])
    slugs = dict(Facility.objects.filter(pk__in=chosen).values_list("pk", "slug"))
    week = str(Week.of(today) - 1)
    filters = urlencode({"faktor": "m"})
    for facility, user in chosen.items():
        slug = slugs[facility]
        yield Visit("today", user, reverse("initiatives:today", args=[slug]))
        yield Visit("week", user, reverse("initiatives:grid", args=[slug, week]))
        yield Visit("log", user, reverse("initiatives:log", args=[slug]))
        yield Visit("log", user, f"{reverse('initiatives:log', args=[slug])}?{filters}")
    for department in Department.objects.filter(facilities__in=chosen).distinct().order_by("pk"):
        leads = valid(Membership.objects.filter(role=Role.MANAGER, department=department))
        if led := leads.order_by("pk").first():
            path = reverse("initiatives:overview", args=[department.slug])
            yield Visit("overview", led.user_id, path)


def newest() -> int:
    return Activity.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def take_back(after: int, user_ids: Iterable[int]) -> int:
    """What these people registered after ``newest`` was so is gone, with its history."""
    made = Activity.objects.filter(pk__gt=after, registered_by__in=set(user_ids))
    count = 0
    for activity in made.select_related("facility", "registered_by"):
        by = activity.registered_by
        assert isinstance(by, User)
        with transaction.atomic():
            remove_activity(activity=activity, by=by)
            Activity.objects.filter(pk=activity.pk).delete()
            Activity.history.filter(id=activity.pk).delete()
        count += 1
    return count
