"""Reads what a municipality that begins has already."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from krams.danish.collation import sort_key
from krams.danish.normal_form import look_alike_key
from krams.database.prepared import prepared
from krams.history.models import in_force
from krams.models import Authority, Department, Facility, Invitation, Membership, User
from krams.organisations.queries import administered_by
from krams.people.access import one_of
from krams.worklist.sections import Kind, Line, Section

from ..access import municipalities_seen_by
from ..models import ActivityType, Initiative, PlannedActivity, Policy
from ..plans.queries.activity_types import offered_types
from .models import SkippedStep
from .starters import StarterLine, starter_lines
from .steps import DepartmentFacts, Facts


def municipalities_to_set_up(user: User) -> list[Authority]:
    """Those that the person administers, by name."""
    return list(administered_by(user))


@prepared
def _seen(user: User, slug: str) -> QuerySet[Any]:
    mine = administered_by(user).filter(pk=OuterRef("pk"))
    seen = municipalities_seen_by(user).filter(slug=slug)
    return seen.annotate(administers=Exists(mine)).order_by()


def administered_municipality(user: User, slug: str) -> Authority:
    """The municipality, if the person administers it. Raises ``Http404``, ``PermissionDenied``."""
    found = one_of(_seen(user, slug))
    if not found.administers:
        raise PermissionDenied
    municipality: Authority = found
    return municipality


def read_facts(municipality: Authority, today: dt.date) -> Facts:
    """What is there, in two queries."""
    rows = _departments(municipality.pk, today)
    counted = _lists(municipality.pk)
    return Facts(
        [DepartmentFacts(*row) for row in rows],
        policies=counted[0][0] if counted else 0,
        own_types=counted[0][1] if counted else 0,
    )


def _number(rows: QuerySet[Any], by: str, what: str = "pk") -> Coalesce:
    counted = rows.order_by().values(by).annotate(number=Count(what, distinct=True))
    return Coalesce(Subquery(counted.values("number")), 0)


@prepared
def _departments(municipality_id: int, today: dt.date) -> QuerySet[Any, Any]:
    here = OuterRef("pk")
    facilities = Facility.objects.open().filter(department=here)
    running = PlannedActivity.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today))
    planned = facilities.filter(Exists(running.filter(facility=OuterRef("pk"))))
    of = Coalesce("department", "facility__department")
    people = Membership.objects.filter(in_force()).annotate(of=of)
    already = people.filter(of=OuterRef("of"), user=OuterRef("user"))
    invited = Invitation.objects.waiting().annotate(of=of).exclude(Exists(already))
    return (
        Department.objects.filter(municipality=municipality_id)
        .order_by("name", "pk")
        .values_list(
            "slug",
            "name",
            _number(facilities, "department"),
            _number(planned, "department"),
            _number(people.filter(of=here), "of", "user")
            + _number(invited.filter(of=here), "of", "user"),
            _number(Initiative.objects.filter(department=here), "department"),
        )
    )


@prepared
def _lists(municipality_id: int) -> QuerySet[Any, Any]:
    own = OuterRef("pk")
    return Authority.objects.filter(pk=municipality_id).values_list(
        _number(Policy.objects.filter(municipality=own), "municipality"),
        _number(ActivityType.objects.filter(municipality=own, retired=False), "municipality"),
    )


def skipped_steps(municipality: Authority) -> set[str]:
    return set(_skipped(municipality.pk))


@prepared
def _skipped(municipality_id: int) -> QuerySet[SkippedStep, str]:
    rows = SkippedStep.objects.filter(municipality=municipality_id)
    return rows.values_list("step", flat=True)


def facilities_to_plan(user: User, department: Department, today: dt.date) -> list[Any]:
    """The open facilities that the person manages; each has its ``plan_count``."""
    running = PlannedActivity.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today))
    mine = Facility.objects.managed_by(user).open().filter(department=department)
    counted = _number(running.filter(facility=OuterRef("pk")), "facility")
    return list(mine.annotate(plan_count=counted).order_by("name", "pk"))


def lines_for(municipality_id: int) -> list[tuple[StarterLine, int]]:
    """The starter lines whose activity type the municipality offers, with the type's id."""
    offered = offered_types(municipality_id)
    by_name = {kind.name_key: kind.pk for kind in offered}
    common = {kind.copied_from_id: kind.pk for kind in offered if kind.copied_from_id}
    # A type that the municipality has given another name is still the one.
    defaults = ActivityType.objects.filter(municipality=None)
    named = dict(defaults.values_list("name", "pk")) if common else {}
    found = []
    for line in starter_lines():
        pk = by_name.get(look_alike_key(line.type)) or common.get(named.get(line.type, 0))
        if pk:
            found.append((line, pk))
    return found


def people_in(department: Department) -> list[Membership | Invitation]:
    """The roles in force and those offered, by name: two queries."""
    here = Q(department=department) | Q(facility__department=department)
    held = Membership.objects.valid_on().filter(here).select_related("user", "facility")
    offered = Invitation.objects.waiting().filter(here).select_related("user", "facility")
    return sorted([*held, *offered], key=lambda one: (sort_key(str(one.user)), one.user.email))


def sections_of_superusers(user: User, today: dt.date) -> Iterator[Section]:
    """The way to the set-up of any municipality."""
    path = reverse("initiatives:getting-started-choose")
    way = Line("", "", path, head=_("Set a municipality up"))
    yield Section(_("Getting started"), (way,), path, place=_("The whole portal"), kind=Kind.WAYS)
