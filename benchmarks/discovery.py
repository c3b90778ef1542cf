"""Which places, people and pages of a database are measured: found by query, never by name.

The choice depends on what is planned and who is there, not on how much has been registered, so
that two countries of different size that were made alike are asked for the same pages.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from clusters.models import Edition, Effort, Proposal
from initiatives.models import Initiative, Measurement
from krams.danish.weeks import Week
from krams.enums import Role
from krams.history.models import in_force
from krams.models import Cluster, ClusterMembership, Department, Membership, User

from .recording import Page

OVERVIEW_PLACES = 30
# Cells of a matrix: that of a sundhedsråd, that of a klynge, and what lies between.
LARGE, SMALL, SMALL_ENOUGH = 40 * 12, 9 * 4, 200
SEARCH = "rygestop"


class NothingThere(Exception):
    """The database lacks what a page shows; the text says what."""


def pages() -> tuple[list[Page], list[str]]:
    """The pages that can be measured here, and what is missing for the others."""
    found: list[Page] = []
    missing: list[str] = []
    for part in (_facility, _department, _matrices, _everybody, _context):
        try:
            for page in part():
                found.append(page)
        except NothingThere as error:
            missing.append(str(error))
    return found, missing


def _facility() -> Iterator[Page]:
    """The pages of whoever works at the facility with the most plans."""
    role = valid(Membership.objects.filter(role=Role.STAFF, facility__closed_on=None))
    today = timezone.localdate()
    plans = Q(facility__planned_activities__starts_on__lte=today) & (
        Q(facility__planned_activities__ends_on=None)
        | Q(facility__planned_activities__ends_on__gte=today)
    )
    busiest = role.annotate(plans=Count("facility__planned_activities", filter=plans))
    mine = busiest.order_by("-plans", "facility__slug", "pk").select_related("facility").first()
    if mine is None or mine.facility is None:
        raise NothingThere("somebody who works at a facility")
    slug, who = mine.facility.slug, mine.user_id
    filters = {"faktor": "m", "fra": f"{today - dt.timedelta(days=180):%d-%m-%Y}"}
    week = str(Week.of(today) - 1)
    yield Page("today", "facility today", who, reverse("initiatives:today", args=[slug]))
    yield Page("log", "log with a filter", who, _address("initiatives:log", slug, **filters))
    yield Page("week", "week grid", who, reverse("initiatives:grid", args=[slug, week]))
    yield Page("rhythm", "rhythm", who, reverse("initiatives:rhythm", args=[slug]))
    yield Page("tap", "one-tap log, POST", who, reverse("initiatives:today", args=[slug]), "tap")
    grid = reverse("initiatives:grid", args=[slug, week])
    yield Page("week_post", "week grid, POST", who, grid, "week")


def _department() -> Iterator[Page]:
    """The pages of whoever leads the department with about thirty facilities."""
    open_ones = Count("facilities", filter=Q(facilities__closed_on=None))
    department = None
    for one in sorted(
        Department.objects.annotate(places=open_ones, plans=Count("initiatives")),
        key=lambda one: (not one.plans, abs(one.places - OVERVIEW_PLACES), one.slug),
    ):
        leads = Q(department=one) | Q(authority=one.municipality_id)
        mine = valid(Membership.objects.filter(leads, role=Role.MANAGER)).order_by("pk").first()
        if mine:
            department, who, places = one, mine.user_id, one.places
            break
    if department is None:
        raise NothingThere("somebody who leads a department")
    slug = department.slug
    many = f"overview, {places} places"
    yield Page("overview", many, who, reverse("initiatives:overview", args=[slug]))
    yield Page("compare", "compare facilities", who, reverse("initiatives:compare", args=[slug]))
    done = reverse("initiatives:completeness", args=[slug])
    yield Page("completeness", "completeness", who, done)
    yield Page("criterion", "criterion", who, _criterion(department))
    initiative = Initiative.objects.filter(department=department, facility=None).order_by("pk")[0]
    yield Page(
        "initiative", "initiative", who, reverse("initiatives:initiative", args=[initiative.pk])
    )
    yield Page("search", f"search, “{SEARCH}”", who, _address("search", q=SEARCH))


def _criterion(department: Department) -> str:
    """That of the department which has the most measurements at one place."""
    measured = (
        Measurement.objects.filter(
            facility_indicator__facility__department=department,
            facility_indicator__facility__closed_on=None,
            facility_indicator__indicator__criterion__retired=False,
            facility_indicator__indicator__criterion__initiative__department=department,
        )
        .values(
            criterion=F("facility_indicator__indicator__criterion"),
            place=F("facility_indicator__facility__slug"),
        )
        .annotate(count=Count("pk"))
        .order_by("-count", "criterion", "place")
        .first()
    )
    if measured is None:
        raise NothingThere("a measured criterion")
    place = [department.slug, measured["criterion"], measured["place"]]
    return reverse("initiatives:criterion", args=place)


def _matrices() -> Iterator[Page]:
    """The pages of those who coordinate a small matrix and a large one."""
    sizes = _sizes()
    if not sizes:
        raise NothingThere("a matrix with efforts that somebody coordinates")
    small, large = (
        min(sizes, key=lambda one: (abs(sizes[one][0] * sizes[one][1] - cells), one.slug))
        for cells in (SMALL, LARGE)
    )
    for cluster in dict.fromkeys([small, large]):
        rows, columns = sizes[cluster]
        key = "matrix" if rows * columns < SMALL_ENOUGH else "matrix_large"
        title = f"matrix {rows} × {columns}"
        yield Page(key, title, _coordinator(cluster), _address("clusters:matrix", cluster.slug))
    main = large
    who, size = _coordinator(main), "{} × {}".format(*sizes[main])
    yield Page("gaps", f"gaps {size}", who, _address("clusters:gaps", main.slug))
    yield Page(
        "authorities", f"compare authorities {size}", who, _address("clusters:compare", main.slug)
    )
    edition = Edition.objects.filter(cluster=main, withdrawn_at=None).order_by("number").last()
    if edition:
        changes = _address("clusters:changes", main.slug, fra=edition.number, til="kladde")
        yield Page("difference", f"edition difference {size}", who, changes)
    yield Page("cell", f"cell edit {size}, POST", who, _cell(main), "cell")
    if small == large:
        raise NothingThere("a matrix of another size")


def _sizes() -> dict[Cluster, tuple[int, int]]:
    """Clusters with efforts and a coordinator: proposals and columns of each."""
    coordinated = valid(Membership.objects.filter(role=Role.COORDINATOR)).values("cluster")
    found = Cluster.objects.valid_on().filter(pk__in=coordinated).order_by("slug")
    with_efforts = Effort.objects.standing().values("cluster")
    return {
        one: (
            Proposal.objects.standing().filter(cluster=one).count(),
            ClusterMembership.objects.valid_on().filter(cluster=one).count(),
        )
        for one in found.filter(pk__in=with_efforts)
    }


def _coordinator(cluster: Cluster) -> int:
    mine = valid(Membership.objects.filter(role=Role.COORDINATOR, cluster=cluster))
    return mine.order_by("pk").values_list("user", flat=True)[0]


def _cell(cluster: Cluster) -> str:
    """A cell in the middle that holds an effort, in a column that the coordinator fills in."""
    columns = ClusterMembership.objects.valid_on().filter(cluster=cluster, awaits_consent=False)
    places = Effort.objects.standing().filter(
        cluster=cluster,
        authority__in=columns.values("authority"),
        proposals__retired_on=None,
        valid_until=None,
    )
    cells = places.order_by("proposals__number", "authority__slug").values_list(
        "proposals", "authority__slug"
    )
    found = list(cells.distinct())
    if not found:
        raise NothingThere("a cell with an effort")
    return reverse("clusters:cell-edit", args=[cluster.slug, *found[len(found) // 2]])


def _everybody() -> Iterator[Page]:
    """The first page of one person a role, and a page without data."""
    anybody = 0
    for role in Role:
        mine = valid(Membership.objects.filter(role=role)).order_by("pk").first()
        if mine:
            anybody = anybody or mine.user_id
            status = 302 if _goes_straight_to_today(mine) else 200
            home = reverse("home")
            yield Page(f"home_{role}", f"first page, {role}", mine.user_id, home, status=status)
    superuser = User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
    if superuser:
        yield Page("home_superuser", "first page, superuser", superuser.pk, reverse("home"))
        peer = reverse("peer:initiatives_activity_changelist")
        yield Page("peer", "Django's admin: list of registrations", superuser.pk, peer, goal=0)
    if not anybody:
        raise NothingThere("anybody with a role")
    yield Page("help", "help", anybody, reverse("help"), goal=6)


def _goes_straight_to_today(membership: Membership) -> bool:
    """Whether the first page of that person is that of the facility's day."""
    roles = set(
        valid(Membership.objects.filter(user=membership.user_id)).values_list("role", flat=True)
    )
    return roles == {Role.STAFF} and membership.facility_id is not None


def _context() -> Iterator[Page]:
    """What the framework costs by itself."""
    who = User.objects.filter(is_active=True, memberships__role=Role.STAFF).order_by("pk").first()
    if who is None:
        raise NothingThere("staff")
    yield Page("empty", "empty view, the portal's middleware", who.pk, "/benchmark/empty/", goal=0)
    bare = "empty view, sessions and accounts alone"
    yield Page("bare", bare, who.pk, "/benchmark/bare/", goal=0, server="bare")


def valid(roles: "QuerySet[Membership]") -> "QuerySet[Membership]":
    """Those in force, of people who may log in, that count everywhere."""
    return roles.filter(in_force(), user__is_active=True, within=None)


def _address(name: str, *args: Any, **query: Any) -> str:
    return reverse(name, args=args) + (f"?{urlencode(query)}" if query else "")
