"""People who log in, by e-mail address, and who of them may do what where."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from ..danish.names import DANISH, AddressField, NameField
from ..database.prepared import prepared
from ..enums import SCOPES_OF_ROLE, DigestFrequency, ReminderDays, Role
from ..history.models import Dated, DatedQuerySet, Kept, in_force
from .permissions import GRANTING

if TYPE_CHECKING:
    # They stand on this module.
    from ..models import Authority, Cluster, Department, Facility

CLUSTERS_OF_SCOPE = ("first_cluster_slug", "first_cluster_name", "last_cluster_slug")


@prepared
def _with_scopes(pk: int) -> models.QuerySet["User"]:
    """A row for each membership in force."""
    path = "authority__cluster_memberships__"
    clusters = Membership.objects.filter(
        in_force(path=path),
        pk=OuterRef("scope__pk"),
        # A role within one cluster leads to that one alone.
        **{f"{path}cluster": Coalesce(F("within"), F(f"{path}cluster"))},
    )
    first, last = (clusters.order_by(f"{way}{path}pk") for way in ("", "-"))
    in_force_today = in_force(path="memberships__")
    return (
        User.objects.filter(pk=pk)
        .annotate(scope=FilteredRelation("memberships", condition=in_force_today))
        .annotate(
            first_cluster_slug=Subquery(first.values(f"{path}cluster__slug")[:1]),
            first_cluster_name=Subquery(first.values(f"{path}cluster__name")[:1]),
            last_cluster_slug=Subquery(last.values(f"{path}cluster__slug")[:1]),
        )
        # "scope" is made by the annotation above, which the plugin does not see.
        .select_related(  # type: ignore[misc]
            "scope__facility__department__municipality",
            "scope__department__municipality",
            "scope__authority",
            "scope__cluster",
        )
        .order_by("scope__pk")
    )


class UserManager(BaseUserManager["User"]):
    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an account. Raises ``ValueError`` without an e-mail address."""
        if not email:
            raise ValueError("An account needs an e-mail address.")
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(
            email, password, **{"is_staff": True, "is_superuser": True} | fields
        )

    def invited(self) -> models.QuerySet["User"]:
        """Open accounts with a role whose person has never logged in."""
        roles = Membership.objects.valid_on().filter(user=OuterRef("pk"))
        return self.filter(Exists(roles), last_login=None, is_active=True)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def get_with_scopes(self, pk: int) -> "User":
        """The account with its ``scopes``, in one query. Raises ``DoesNotExist``."""
        rows = _with_scopes(pk)
        if not rows:
            raise self.model.DoesNotExist
        user = rows[0]
        user.scopes = []
        for row in rows:
            # An account without roles is one row without a scope.
            if scope := getattr(row, "scope", None):
                for name in CLUSTERS_OF_SCOPE:
                    setattr(scope, name, getattr(row, name))
                user.scopes.append(scope)
        return user

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        return AddressField.normal(email or "")


class User(AbstractBaseUser, PermissionsMixin):
    """An account. What it may do follows from its memberships, not from Django's groups.

    ``name`` is what colleagues see beside what the person wrote: a role and a place is enough
    ("Medarbejder, Mosbjerghus").
    """

    email = AddressField(_("e-mail"), unique=True)
    name = NameField(_("shown as"), max_length=120, db_collation=DANISH)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may open the administration pages"), default=False)
    digest_frequency = models.CharField(
        _("e-mail about what needs you"),
        max_length=10,
        choices=DigestFrequency,
        default=DigestFrequency.WEEKLY,
    )
    reminder_days = models.PositiveSmallIntegerField(
        _("reminder before something is due"), choices=ReminderDays, default=ReminderDays.THREE
    )
    digest_language = models.CharField(
        _("language of the e-mail"), max_length=2, choices=settings.LANGUAGES, default="da"
    )
    tour_closed_at = models.DateTimeField(
        _("has closed the tour of Today"), null=True, blank=True, editable=False
    )
    sessions_ended_at = models.DateTimeField(
        _("logged out everywhere"), null=True, blank=True, editable=False
    )
    date_joined = models.DateTimeField(_("created"), default=timezone.now)

    objects = UserManager()

    # An administrator of the portal sees all, by other queries.
    SHAPES_QUERIES = ("is_superuser",)
    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once_whatever_case"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    # Django asks it for each key that sessions may be signed by; the plugin knows it not.
    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """What a session must hold to count: another one after ``sessions_ended_at``."""
        own = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        ended = self.sessions_ended_at
        return f"{own}:{ended.timestamp()}" if ended else own

    def get_full_name(self) -> str:
        return str(self)

    def clean(self) -> None:
        self.email = type(self).objects.normalize_email(self.email)

    @cached_property
    def scopes(self) -> "list[Membership]":
        """The memberships in force today with their places, read once a request.

        Each carries ``first_cluster_slug``, ``first_cluster_name`` and ``last_cluster_slug`` of its
        authority: different slugs mean several clusters.
        """
        return type(self).objects.get_with_scopes(self.pk).scopes

    @property
    def may_have_people(self) -> bool:
        """Whether the person may give roles anywhere, by the roles already read."""
        return self.is_superuser or any(scope.role in GRANTING for scope in self.scopes)


SCOPES = ("facility", "department", "authority", "cluster")


def scope_fits_role() -> Q:
    """Exactly one scope, and one that goes with the role."""
    fits = Q()
    for role, scopes in SCOPES_OF_ROLE.items():
        for scope in scopes:
            others = {f"{other}__isnull": other != scope for other in SCOPES}
            fits |= Q(role=role, **others)
    return fits


class MembershipQuerySet(DatedQuerySet["Membership"]):
    def held_by(self, user: User, roles: Collection[Role] | None = None) -> Self:
        """Those of the person in force today, optionally of some roles only."""
        mine = self.valid_on().filter(user=user)
        return mine if roles is None else mine.filter(role__in=roles)


class Membership(Dated, Kept):
    """A person has one role in exactly one scope; several memberships add up.

    An editor's role that was given through a cluster counts ``within`` that cluster alone.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    facility = models.ForeignKey(
        "krams.Facility",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="memberships",
    )
    department = models.ForeignKey(
        "krams.Department",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="memberships",
    )
    authority = models.ForeignKey(
        "krams.Authority",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="memberships",
    )
    cluster = models.ForeignKey(
        "krams.Cluster",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        # Cluster.memberships are its authorities' memberships.
        related_name="person_memberships",
    )
    within = models.ForeignKey(
        "krams.Cluster",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("only in this cluster"),
        help_text=_("The role of an editor that counts in the matrix of one cluster alone."),
    )
    # Given by the organisation's log-in, which ends it too; what people gave it leaves alone.
    by_claims = models.BooleanField(default=False, db_default=False, editable=False)

    # Of those in ``User.scopes``: the clusters of the authority.
    first_cluster_slug: str | None
    first_cluster_name: str | None
    last_cluster_slug: str | None

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.CheckConstraint(
                condition=scope_fits_role(),
                name="membership_one_scope_that_fits_the_role",
                violation_error_message=_("Choose exactly one place, and one that fits the role."),
            ),
            models.CheckConstraint(
                condition=Q(within=None) | Q(role=Role.EDITOR),
                name="membership_within_a_cluster_of_editors_only",
                violation_error_message=_("Only an editor's role can be limited to a cluster."),
            ),
            *(
                models.UniqueConstraint(
                    fields=["user", "role", scope],
                    condition=Q(within=None, **{f"{scope}__isnull": False}),
                    name=f"membership_once_per_{scope}",
                )
                for scope in SCOPES
            ),
            models.UniqueConstraint(
                fields=["user", "role", "authority", "within"],
                condition=Q(within__isnull=False),
                name="membership_once_within_a_cluster",
            ),
            Dated.dates_in_order("membership_dates_in_order"),
        ]

    def __str__(self) -> str:
        place = f"{self.scope} ({self.within})" if self.within_id else self.scope
        return f"{self.get_role_display()}, {place}"

    @property
    def scope(self) -> "Facility | Department | Authority | Cluster | None":
        """The facility, department, authority or cluster."""
        return self.facility or self.department or self.authority or self.cluster


class LogIn(models.Model):
    """Whose a session is, so that log-ins can be listed and ended; the session says the rest.

    Kept by ``krams.people.sessions``. The hashes are of what the organisation's log-in calls the
    person and its own session: by these it names whom it logs out.
    """

    # Without a constraint in the database: Django's own commands delete sessions in bulk.
    session = models.OneToOneField(
        "sessions.Session", on_delete=models.CASCADE, db_constraint=False, related_name="log_in"
    )
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="log_ins")
    subject_hash = models.CharField(max_length=64, blank=True, db_index=True)
    sid_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("log-in that is open")
        verbose_name_plural = _("log-ins that are open")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.pk}"
