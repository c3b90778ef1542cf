"""What is asked and proposed about a cell: threads, their comments, and proposed wordings.

Nothing here is the answer: a cell changes only where its editor accepts a wording.
"""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from krams.database.watched import WatchedQuerySet
from krams.history.models import DATE_VALIDATORS
from krams.models import Authority, Cluster, User, Versioned

from ..enums import PositionState, Side, WordingOutcome
from ..matrix.models import Proposal

MOST_LETTERS = 2_000


class Thread(Versioned):
    """A question about one cell, or a wording proposed for it, with all that was said since.

    ``awaits`` is the side that has the word; nobody has it once the thread is resolved.
    """

    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="threads")
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="threads")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="threads")
    awaits = models.CharField(_("waits for"), max_length=12, choices=Side, blank=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True, editable=False)
    opened_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("question about a cell")
        verbose_name_plural = _("questions about cells")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(awaits__in=["", *Side.values]), name="thread_awaits_known"
            ),
            models.CheckConstraint(
                condition=Q(resolved_at=None) & ~Q(awaits="")
                | Q(resolved_at__isnull=False, awaits=""),
                name="thread_awaits_until_resolved",
            ),
        ]
        indexes = [
            models.Index(
                fields=["cluster", "authority"],
                condition=Q(resolved_at=None),
                name="thread_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.proposal} · {self.authority}"

    @property
    def proposed(self) -> "Wording | None":
        """The wording that the thread is about, where it is about one."""
        return getattr(self, "wording", None)

    def get_absolute_url(self) -> str:
        args = [self.cluster.slug, self.proposal_id, self.authority.slug]
        return reverse("clusters:conversation", args=args) + f"#s-{self.pk}"


class Comment(Versioned):
    """One entry of a thread. A withdrawn one says no more than that; the history has its text."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="comments")
    text = models.TextField(_("text"), max_length=MOST_LETTERS)
    side = models.CharField(_("written as"), max_length=12, choices=Side)
    written_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    # Kept as text beside the account: the account may go, what was said stays.
    written_by_name = models.CharField(max_length=120, editable=False)
    written_at = models.DateTimeField(default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    submission_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = WatchedQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="comment_has_a_text"),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="comment_side_known"),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    def get_absolute_url(self) -> str:
        return self.thread.get_absolute_url()


class Wording(Versioned):
    """What a coordinator proposes that a cell should say; its thread has the why.

    ``lines`` are its efforts, each ``{"effort": key or null, "text": …}`` in order; an effort with
    an empty text would go. ``seen_version`` is that of the cell for which it was written.
    """

    thread = models.OneToOneField(Thread, on_delete=models.CASCADE, related_name="wording")
    state = models.CharField(_("state"), max_length=20, choices=PositionState)
    state_from = models.DateField(
        _("from or since"), null=True, blank=True, validators=DATE_VALIDATORS
    )
    lines = models.JSONField(_("efforts"), default=list)
    seen_version = models.PositiveIntegerField()
    outcome = models.CharField(
        _("what came of it"), max_length=12, choices=WordingOutcome, default=WordingOutcome.OPEN
    )
    settled_at = models.DateTimeField(null=True, editable=False)
    settled_by_name = models.CharField(max_length=120, blank=True, editable=False)

    class Meta:
        verbose_name = _("proposed wording")
        verbose_name_plural = _("proposed wordings")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=PositionState.values), name="wording_state_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome=WordingOutcome.OPEN, settled_at=None)
                | Q(
                    outcome__in=[one for one in WordingOutcome.values if one != "open"],
                    settled_at__isnull=False,
                ),
                name="wording_settled_with_an_outcome",
            ),
        ]

    @property
    def outcome_status(self) -> WordingOutcome:
        """The outcome with its symbol and tone."""
        return WordingOutcome(self.outcome)

    def __str__(self) -> str:
        return f"{self.thread}: {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        return self.thread.get_absolute_url()
