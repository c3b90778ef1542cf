"""Who may do what where."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..enums import SCOPES_OF_ROLE, Role
from ..history.models import Dated, DatedQuerySet, Kept
from ..organisations.models import Authority, Cluster, Department, Facility
from .models_user import User

SCOPES = ("facility", "department", "authority", "cluster")


def _scope_fits_role() -> Q:
    """Exactly one scope, and one that goes with the role."""
    fits = Q()
    for role, scopes in SCOPES_OF_ROLE.items():
        for scope in scopes:
            others = {f"{other}__isnull": other != scope for other in SCOPES}
            fits |= Q(role=role, **others)
    return fits


class MembershipQuerySet(DatedQuerySet):
    def overseen_by(self, user):
        """The person's own roles, and those that count in a cluster that the person coordinates."""
        if user.is_superuser:
            return self
        mine = Cluster.objects.coordinated_by(user)
        return self.filter(Q(user=user) | Q(cluster__in=mine) | Q(within__in=mine))


class Membership(Dated, Kept):
    """A person has one role in exactly one scope; several memberships add up.

    An editor's role that was given through a cluster counts ``within`` that cluster alone.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    facility = models.ForeignKey(
        Facility, null=True, blank=True, on_delete=models.CASCADE, related_name="memberships"
    )
    department = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.CASCADE, related_name="memberships"
    )
    authority = models.ForeignKey(
        Authority, null=True, blank=True, on_delete=models.CASCADE, related_name="memberships"
    )
    cluster = models.ForeignKey(
        Cluster,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        # Cluster.memberships are its authorities' memberships.
        related_name="person_memberships",
    )

    within = models.ForeignKey(
        Cluster,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("only in this cluster"),
        help_text=_("The role of an editor that counts in the matrix of one cluster alone."),
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.CheckConstraint(
                condition=_scope_fits_role(),
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
    def scope(self):
        """The facility, department, authority or cluster."""
        return self.facility or self.department or self.authority or self.cluster
