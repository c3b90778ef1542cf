"""Invitations: a role that somebody has when they have said yes to it."""

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..database.watched import WatchedQuerySet
from ..enums import InvitationState, Role
from ..history.models import Kept
from ..people.models import SCOPES, User, scope_fits_role

if TYPE_CHECKING:
    from ..models import Authority, Cluster, Department, Facility

# How long a link lasts. As long as a colleague may be away, shorter than an address changes hands.
LASTS = dt.timedelta(days=14)


class InvitationQuerySet(WatchedQuerySet["Invitation"]):
    def waiting(self) -> Self:
        """Those that nobody has accepted or withdrawn; their links may have run out."""
        return self.filter(accepted_at=None, withdrawn_at=None)


class Invitation(Kept):
    """A role at one place, offered to a person whose account nobody has opened yet.

    The secret of its link is stored as a hash alone, and a new link makes the old one dead.
    ``round`` counts the links: a letter that waits belongs to one of them.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    facility = models.ForeignKey(
        "krams.Facility", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    department = models.ForeignKey(
        "krams.Department", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    authority = models.ForeignKey(
        "krams.Authority", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    cluster = models.ForeignKey(
        "krams.Cluster", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    within = models.ForeignKey(
        "krams.Cluster",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("only in this cluster"),
    )
    valid_until = models.DateField(_("last day of the role"), null=True, blank=True)
    invited_by = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="+", verbose_name=_("invited by")
    )
    expires_at = models.DateTimeField(_("the link lasts until"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    secret_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)
    round = models.PositiveIntegerField(default=1, editable=False)
    # The link was shown to who invites, not sent to the address: it proves nothing of who opens it.
    handed_over = models.BooleanField(default=False, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to a role")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(
                condition=scope_fits_role(), name="invitation_one_scope_that_fits_the_role"
            ),
            models.CheckConstraint(
                condition=Q(within=None) | Q(role=Role.EDITOR),
                name="invitation_within_a_cluster_of_editors_only",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(withdrawn_at=None),
                name="invitation_accepted_or_withdrawn",
            ),
            *(
                models.UniqueConstraint(
                    fields=["user", scope],
                    condition=Q(
                        accepted_at=None,
                        withdrawn_at=None,
                        within=None,
                        **{f"{scope}__isnull": False},
                    ),
                    name=f"invitation_waits_once_per_{scope}",
                )
                for scope in SCOPES
            ),
            models.UniqueConstraint(
                fields=["user", "authority", "within"],
                condition=Q(accepted_at=None, withdrawn_at=None, within__isnull=False),
                name="invitation_waits_once_within_a_cluster",
            ),
        ]

    def __str__(self) -> str:
        place = f"{self.scope} ({self.within})" if self.within_id else self.scope
        return f"{self.get_role_display()}, {place}"

    @property
    def scope(self) -> "Facility | Department | Authority | Cluster | None":
        return self.facility or self.department or self.authority or self.cluster

    @property
    def state(self) -> InvitationState:
        """As of now."""
        if self.accepted_at:
            return InvitationState.ACCEPTED
        if self.withdrawn_at:
            return InvitationState.WITHDRAWN
        is_over = self.expires_at <= timezone.now()
        return InvitationState.EXPIRED if is_over else InvitationState.WAITING
