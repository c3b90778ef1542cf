"""Who may do what where."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..enums import SCOPES_OF_ROLE, Role
from .base import Dated, DatedQuerySet, Kept
from .organisation import Authority, Cluster, Department, Facility
from .user import User

SCOPES = ("facility", "department", "authority", "cluster")


def _scope_fits_role() -> Q:
    """Exactly one scope, and one that goes with the role."""
    fits = Q()
    for role, scopes in SCOPES_OF_ROLE.items():
        for scope in scopes:
            others = {f"{other}__isnull": other != scope for other in SCOPES}
            fits |= Q(role=role, **others)
    return fits


class Membership(Dated, Kept):
    """A person has one role in exactly one scope; several memberships add up."""

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

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.CheckConstraint(
                condition=_scope_fits_role(),
                name="membership_one_scope_that_fits_the_role",
                violation_error_message=_("Choose exactly one place, and one that fits the role."),
            ),
            *(
                models.UniqueConstraint(
                    fields=["user", "role", scope],
                    condition=Q(**{f"{scope}__isnull": False}),
                    name=f"membership_once_per_{scope}",
                )
                for scope in SCOPES
            ),
            Dated.dates_in_order("membership_dates_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.scope}"

    @property
    def scope(self):
        """The facility, department, authority or cluster."""
        return self.facility or self.department or self.authority or self.cluster
