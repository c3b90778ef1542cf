"""Letters that wait to be sent, and what became of them."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..enums import LetterState


class Letter(models.Model):
    """One letter to one person, kept in the transaction of what it tells and sent after it.

    The composer of its ``kind`` (``krams.letters.composers``) writes it when it is sent, from what
    ``about`` names: a link that opens an account is made then, and stored nowhere. Only what cannot
    be made later stands in ``text``, and is emptied when the letter has left. ``key`` is what the
    same kind is posted once for.
    """

    kind = models.CharField(_("kind"), max_length=40)
    to = models.ForeignKey(
        "krams.User", on_delete=models.CASCADE, related_name="letters", verbose_name=_("to")
    )
    by = models.ForeignKey(
        "krams.User",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("written because of"),
    )
    about = models.CharField(_("about"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True, editable=False)
    key = models.CharField(max_length=120, null=True, editable=False)
    # What its links begin with.
    portal = models.CharField(max_length=200, blank=True, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=LetterState, default=LetterState.WAITING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    next_try_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    settled_at = models.DateTimeField(_("settled"), null=True)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="letter_once_a_kind_and_key"),
            models.CheckConstraint(
                condition=models.Q(state__in=LetterState.values), name="letter_state_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(state__in=(LetterState.WAITING, LetterState.SENDING)),
                name="letters_that_wait",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.to}"

    def link(self, path: str) -> str:
        """The address of a page, as a link of the letter needs it."""
        return self.portal + path
