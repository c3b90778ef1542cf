"""Where: regions and municipalities, departments, facilities, and the clusters that they form.

Structure is data with dates: on 1 January 2027 two regions merge and sundhedsklynger give way to
sundhedsråd, while an old matrix keeps its cluster as it was.
"""

from collections.abc import Collection
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ..danish.names import DANISH, NameField, NameKeyField, UniqueName
from ..database.watched import Watched
from ..enums import AuthorityKind, ClusterKind, FacilityKind, Role
from ..history.models import Dated, DatedQuerySet, Versioned
from ..people.models import Membership, User
from ..people.permissions import COORDINATING, MANAGING, READING_FACILITIES, REGISTERING
from ..people.queries import in_one_cluster, memberships


class Authority(Dated):
    """A municipality or a region: who answers in a column of the matrix.

    ``code`` is the official municipality or region number ("0860", "1081"); a region that is only
    decided may have none yet.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=AuthorityKind)
    code = NameField(_("code"), max_length=8, blank=True)
    name = NameField(_("name"), max_length=80, db_collation=DANISH)
    name_key = NameKeyField(of="name")
    official_name = NameField(_("official name"), max_length=120, db_collation=DANISH)
    official_name_key = NameKeyField(of="official_name")
    slug = models.SlugField(_("address"), unique=True)
    regions = models.ManyToManyField(
        "self", through="RegionMembership", symmetrical=False, related_name="municipalities"
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("authority")
        verbose_name_plural = _("authorities")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                "kind", "code", condition=~Q(code=""), name="authority_code_once"
            ),
            UniqueName(fields=["kind", "name_key"], name="authority_name_once"),
            UniqueName(fields=["official_name_key"], name="authority_official_name_once"),
            Dated.dates_in_order("authority_dates_in_order"),
        ]

    def __str__(self) -> str:
        return self.official_name


class RegionMembership(Dated):
    """Which region a municipality belongs to, and when."""

    municipality = models.ForeignKey(
        Authority, on_delete=models.CASCADE, related_name="region_memberships"
    )
    region = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "valid_from"], name="one_region_from_a_day"
            ),
            Dated.dates_in_order("region_membership_dates_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.municipality} – {self.region}"


class DepartmentQuerySet(models.QuerySet["Department"]):
    def reached_by(self, user: User, roles: Collection[Role]) -> Self:
        """Where ``user`` holds one of ``roles``: in the department or its whole municipality."""
        if user.is_superuser:
            return self
        return self.filter(
            Exists(
                memberships(user, roles).filter(
                    Q(department=OuterRef("pk")) | Q(authority=OuterRef("municipality"))
                )
            )
        )

    def visible_to(self, user: User) -> Self:
        """Also those in which the person works at one facility."""
        if user.is_superuser:
            return self
        return self.filter(
            Exists(
                memberships(user, READING_FACILITIES).filter(
                    Q(department=OuterRef("pk"))
                    | Q(authority=OuterRef("municipality"))
                    | Q(facility__department=OuterRef("pk"))
                )
            )
        )

    def managed_by(self, user: User) -> Self:
        return self.reached_by(user, MANAGING)

    def without_a_manager(self) -> Self:
        """Where nobody manages the department or its municipality today."""
        held = Membership.objects.valid_on().filter(role__in=MANAGING)
        here = Q(department=OuterRef("pk")) | Q(authority=OuterRef("municipality"))
        return self.filter(~Exists(held.filter(here)))


class Department(Versioned):
    """A part of a municipality that owns initiatives, such as its social psychiatry."""

    municipality = models.ForeignKey(
        Authority,
        on_delete=models.PROTECT,
        related_name="departments",
        limit_choices_to={"kind": AuthorityKind.MUNICIPALITY},
        verbose_name=_("municipality"),
    )
    name = NameField(_("name"), max_length=120, db_collation=DANISH)
    name_key = NameKeyField(of="name")
    slug = models.SlugField(_("address"), unique=True, max_length=80)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["name", "pk"]
        constraints = [
            UniqueName(fields=["municipality", "name_key"], name="department_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class FacilityQuerySet(Watched, models.QuerySet["Facility"]):
    def reached_by(self, user: User, roles: Collection[Role]) -> Self:
        """Facilities where ``user`` holds one of ``roles``, directly or through what owns it."""
        if user.is_superuser:
            return self
        return self.filter(
            Exists(
                memberships(user, roles).filter(
                    Q(facility=OuterRef("pk"))
                    | Q(department=OuterRef("department"))
                    | Q(authority=OuterRef("department__municipality"))
                )
            )
        )

    def visible_to(self, user: User) -> Self:
        return self.reached_by(user, READING_FACILITIES)

    def loggable_by(self, user: User) -> Self:
        """Where the person may register activities."""
        return self.reached_by(user, REGISTERING)

    def managed_by(self, user: User) -> Self:
        return self.reached_by(user, MANAGING)

    def open(self) -> Self:
        return self.filter(closed_on=None)

    def without_people(self) -> Self:
        """Where nobody may register today."""
        held = Membership.objects.valid_on().filter(role__in=REGISTERING)
        here = (
            Q(facility=OuterRef("pk"))
            | Q(department=OuterRef("department"))
            | Q(authority=OuterRef("department__municipality"))
        )
        return self.filter(~Exists(held.filter(here)))


class Facility(Versioned):
    """A botilbud or centre. ``place_count`` is the number of places, where it has any."""

    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        related_name="facilities",
        verbose_name=_("department"),
    )
    kind = models.CharField(
        _("kind"), max_length=20, choices=FacilityKind, default=FacilityKind.RESIDENTIAL
    )
    name = NameField(_("name"), max_length=120, db_collation=DANISH)
    name_key = NameKeyField(of="name")
    slug = models.SlugField(_("address"), unique=True, max_length=80)
    place_count = models.PositiveSmallIntegerField(
        _("places"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(999)],
    )
    remark = NameField(_("remark"), max_length=200, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects = FacilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("facility")
        verbose_name_plural = _("facilities")
        ordering = ["name", "pk"]
        constraints = [
            UniqueName(fields=["department", "name_key"], name="facility_name_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("initiatives:today", args=[self.slug])


class ClusterQuerySet(DatedQuerySet["Cluster"]):
    def visible_to(self, user: User) -> Self:
        """Clusters where the person has a role, or whose member authorities they have a role for.

        A membership that has ended still shows the old matrix.
        """
        if user.is_superuser:
            return self
        mine = memberships(user)
        return self.filter(
            Exists(mine.filter(cluster=OuterRef("pk")))
            | Exists(mine.filter(authority__cluster_memberships__cluster=OuterRef("pk")))
            | Exists(in_one_cluster(user).filter(within=OuterRef("pk")))
        )

    def coordinated_by(self, user: User) -> Self:
        if user.is_superuser:
            return self
        return self.filter(Exists(memberships(user, COORDINATING).filter(cluster=OuterRef("pk"))))

    def ever_at(self, slug: str) -> Self:
        """Those that have the address or have had it: a link in an old e-mail still says it."""
        return self.filter(
            Q(slug=slug) | Q(pk__in=self.model.history.filter(slug=slug).values("id"))
        )


class Cluster(Dated, Versioned):
    """Municipalities and a region that meet politically: a sundhedsklynge, later a sundhedsråd."""

    kind = models.CharField(
        _("kind"), max_length=20, choices=ClusterKind, default=ClusterKind.HEALTH_CLUSTER
    )
    name = NameField(_("name"), max_length=80, db_collation=DANISH)
    name_key = NameKeyField(of="name")
    slug = models.SlugField(_("address"), unique=True)
    region = models.ForeignKey(
        Authority,
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"kind": AuthorityKind.REGION},
        verbose_name=_("region"),
    )
    authorities = models.ManyToManyField(
        Authority, through="ClusterMembership", related_name="clusters"
    )
    confirmation_interval_months = models.PositiveSmallIntegerField(
        _("months before an answer counts as unconfirmed"),
        default=6,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    submission_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = ClusterQuerySet.as_manager()

    class Meta:
        verbose_name = _("cluster")
        verbose_name_plural = _("clusters")
        ordering = ["name", "pk"]
        constraints = [
            UniqueName(fields=["region", "name_key"], name="cluster_name_once_a_region"),
            Dated.dates_in_order("cluster_dates_in_order"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("clusters:matrix", args=[self.slug])


class ClusterMembership(Dated):
    """An authority's time in a cluster; ``position`` orders the columns.

    ``awaits_consent`` as long as a coordinator has added the authority and nobody who speaks for it
    has said yes: until then only its own people may fill in the column. ``consent_withdrawn_on``
    says that it is so again, since when.
    """

    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="memberships")
    authority = models.ForeignKey(
        Authority, on_delete=models.PROTECT, related_name="cluster_memberships"
    )
    position = models.PositiveSmallIntegerField(default=0)
    awaits_consent = models.BooleanField(_("the authority has not said yes yet"), default=False)
    consent_withdrawn_on = models.DateField(
        _("consent taken back on"), null=True, blank=True, editable=False
    )

    # Of those in a ``Sheet`` of the matrix: what the person may do to the column.
    may_edit: bool
    may_agree: bool
    may_take_back: bool

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "authority", "valid_from"], name="cluster_member_from_a_day"
            ),
            Dated.dates_in_order("cluster_membership_dates_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.cluster}: {self.authority}"
