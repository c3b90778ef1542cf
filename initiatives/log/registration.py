"""A registration as it is told, whether it was read to be shown or to be changed. Pure."""

import datetime as dt
from dataclasses import dataclass, replace

from django.utils.translation import gettext, ngettext

from ..enums import CancellationReason, Factor, Outcome
from ..fields import factors_of


class Told:
    """What is said of a registration: its factors, its outcome, and both in one sentence."""

    title: str
    factors: str
    outcome: str
    participant_count: int | None
    cancellation_reason: str
    cancellation_text: str

    @property
    def factor_list(self) -> tuple[Factor, ...]:
        return factors_of(self.factors)

    @property
    def status(self) -> Outcome:
        return Outcome(self.outcome)

    @property
    def reason(self) -> str:
        """Why it was cancelled: the text of whoever chose "Other", else the reason's name."""
        if self.cancellation_reason == CancellationReason.OTHER and self.cancellation_text:
            return self.cancellation_text
        if not self.cancellation_reason:
            return ""
        return str(CancellationReason(self.cancellation_reason).label)

    @property
    def summary(self) -> str:
        """ "Walk: held, 7 participants" or "Walk: cancelled, too few staff"."""
        if self.outcome == Outcome.HELD:
            return ngettext(
                "%(title)s: held, %(count)s participant",
                "%(title)s: held, %(count)s participants",
                self.participant_count,  # type: ignore[arg-type]  # A held one has a number.
            ) % {"title": self.title, "count": self.participant_count}
        return gettext("%(title)s: cancelled, %(reason)s") % {
            "title": self.title,
            "reason": self.reason,
        }


@dataclass(slots=True)
class Registration(Told):
    """A row of the log that is shown; ``registered_by`` is None where the account is gone."""

    pk: int
    version: int
    planned_activity_id: int | None
    title: str
    factors: str
    held_on: dt.date
    started_at: dt.time | None
    outcome: str
    participant_count: int | None
    duration_minutes: int | None
    cancellation_reason: str
    cancellation_text: str
    note: str
    source: str
    removed_at: dt.datetime | None
    by_name: str | None
    by_email: str | None

    def without_people(self) -> "Registration":
        """For who does not register there: how many took part is told by weeks that are not small.

        A single time could be subtracted from the sum of its week.
        """
        return replace(self, participant_count=None)

    @property
    def registered_by(self) -> str | None:
        return self.by_name or self.by_email
