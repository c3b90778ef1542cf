"""Frozen editions of a matrix, for the political cluster meeting."""

import datetime as dt
from typing import Any, NoReturn, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from krams.database.watched import WatchedQuerySet
from krams.history.models import DATE_VALIDATORS
from krams.models import Cluster, Kept, User, Versioned

from ..enums import ReadLinkState


class EditionQuerySet(models.QuerySet["Edition"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(cluster__in=Cluster.objects.visible_to(user))


class Edition(models.Model):
    """The matrix as it was when it was frozen.

    Nothing but its withdrawal can change, and that once: triggers in the migrations refuse every
    other update and every delete. A correction is a new edition.
    """

    cluster = models.ForeignKey(Cluster, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField(_("number"), editable=False)
    title = models.CharField(_("title"), max_length=200)
    meeting = models.CharField(_("meeting"), max_length=200)
    meeting_on = models.DateField(_("date of the meeting"), validators=DATE_VALIDATORS)
    content = models.JSONField(editable=False)
    frozen_at = models.DateTimeField(auto_now_add=True)
    frozen_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    # Kept as text beside the account: the account may go, the edition stays.
    frozen_by_name = models.CharField(max_length=120, editable=False)
    submission_id = models.UUIDField(unique=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_reason = models.CharField(_("reason for withdrawal"), max_length=300, blank=True)

    objects = EditionQuerySet.as_manager()
    # Of the content, in those that ``editions_of`` gives.
    authorities: list[dict[str, Any]]

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["cluster", "number"], name="edition_number_once"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_reason="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason=""),
                name="edition_withdrawn_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return gettext("Edition %(number)s: %(title)s") % {
            "number": self.number,
            "title": self.title,
        }

    def get_absolute_url(self) -> str:
        return reverse("clusters:edition", args=[self.cluster.slug, self.number])

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Editions stay; one that should not be used is withdrawn."""
        raise models.ProtectedError("An edition is never deleted.", {self})


class EditionRedaction(models.Model):
    """That words were taken out of what was frozen, when, by whom and why; never which words.

    The database lets the content of an edition be written while one of these is not ``done``, and
    at no other time.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="redactions")
    at = models.DateTimeField(_("time"), auto_now_add=True)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=120, editable=False)
    reason = models.CharField(_("reason"), max_length=300)
    done = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("text taken out of an edition")
        verbose_name_plural = _("texts taken out of editions")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.edition}: {self.reason}"


class EditionText(Versioned):
    """What a coordinator writes around an edition: an introduction and a conclusion.

    They are no part of what was frozen, so they can be written afterwards and corrected; the
    history says who wrote what. An edition that is withdrawn keeps them as they are.
    """

    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="written")
    introduction = models.TextField(_("introduction"), max_length=5000, blank=True)
    conclusion = models.TextField(_("conclusion"), max_length=5000, blank=True)

    objects = WatchedQuerySet.as_manager()

    class Meta:
        verbose_name = _("texts of an edition")
        verbose_name_plural = _("texts of editions")

    def __str__(self) -> str:
        return str(self.edition)

    def get_absolute_url(self) -> str:
        return self.edition.get_absolute_url()


class ReadLink(Kept):
    """A way to one edition without an account, until a day; whoever has the link can read it.

    The link itself is nowhere stored: only what its token hashes to (``read_links``).
    ``opened_count`` counts how often the page was opened, by programs that look for viruses too.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="read_links")
    label = models.CharField(_("for whom"), max_length=120)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    expires_on = models.DateField(_("last day"), validators=DATE_VALIDATORS)
    revoked_at = models.DateTimeField(_("stopped"), null=True, editable=False)
    opened_count = models.PositiveIntegerField(default=0, editable=False)
    last_opened_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    submission_id = models.UUIDField(unique=True, editable=False)

    class Meta:
        verbose_name = _("read link")
        verbose_name_plural = _("read links")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        edition = self.edition
        return reverse("clusters:read-links", args=[edition.cluster.slug, edition.number])

    def state(self, day: dt.date) -> ReadLinkState:
        """Of a link that comes with its edition."""
        if self.edition.withdrawn_at:
            return ReadLinkState.WITHDRAWN
        if self.revoked_at:
            return ReadLinkState.REVOKED
        return ReadLinkState.EXPIRED if self.expires_on < day else ReadLinkState.OPEN
