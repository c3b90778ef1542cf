"""People who log in, by e-mail address."""

import datetime as dt
from functools import lru_cache

from django.apps import apps
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, FilteredRelation, OuterRef, Subquery
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from ..danish.names import DANISH, AddressField, NameField
from ..enums import DigestFrequency
from ..history.models import in_force

CLUSTERS_OF_SCOPE = ("first_cluster_slug", "first_cluster_name", "last_cluster_slug")


@lru_cache(maxsize=2)
def _with_scopes(today: dt.date) -> models.QuerySet:
    """A row for each membership in force. Each request asks for one account: put together once."""
    clusters = (
        apps.get_model("krams", "ClusterMembership")
        .objects.valid_on(today)
        .filter(
            authority=OuterRef("scope__authority"),
            # A role within one cluster leads to that one alone.
            cluster=Coalesce(OuterRef("scope__within"), F("cluster")),
        )
    )
    in_force_today = in_force(today, path="memberships__")
    return (
        apps.get_model("krams", "User")
        .objects.annotate(scope=FilteredRelation("memberships", condition=in_force_today))
        .annotate(
            first_cluster_slug=Subquery(clusters.order_by("pk").values("cluster__slug")[:1]),
            first_cluster_name=Subquery(clusters.order_by("pk").values("cluster__name")[:1]),
            last_cluster_slug=Subquery(clusters.order_by("-pk").values("cluster__slug")[:1]),
        )
        .select_related(
            "scope__facility__department__municipality",
            "scope__department__municipality",
            "scope__authority",
            "scope__cluster",
        )
        .order_by("scope__pk")
    )


class UserManager(BaseUserManager):
    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        """Create an account. Raises ``ValueError`` without an e-mail address."""
        if not email:
            raise ValueError("An account needs an e-mail address.")
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(
            email, password, **{"is_staff": True, "is_superuser": True} | fields
        )

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email__iexact=email)

    def get_with_scopes(self, pk: int) -> "User":
        """The account with its ``scopes``, in one query. Raises ``DoesNotExist``."""
        rows = list(_with_scopes(timezone.localdate()).using(self._db).filter(pk=pk))
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
    def normalize_email(cls, email: str) -> str:
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
    digest_language = models.CharField(
        _("language of the e-mail"), max_length=2, choices=settings.LANGUAGES, default="da"
    )
    date_joined = models.DateTimeField(_("created"), default=timezone.now)

    objects = UserManager()

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

    def get_full_name(self) -> str:
        return str(self)

    def clean(self):
        self.email = type(self).objects.normalize_email(self.email)

    @cached_property
    def scopes(self) -> list:
        """The memberships in force today with their places, read once a request.

        Each carries ``first_cluster_slug``, ``first_cluster_name`` and ``last_cluster_slug`` of its
        authority: different slugs mean several clusters.
        """
        return type(self).objects.get_with_scopes(self.pk).scopes
