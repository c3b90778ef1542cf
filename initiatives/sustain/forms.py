"""The form of a municipality's thresholds, which says what a change of each does."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from krams.history.forms import VersionField
from krams.web.forms import CountField, PortalForm

from ..models import FollowUpSettings
from .thresholds import LEAST_RECENT_WEEKS, MOST_EARLIER_WEEKS, MOST_RECENT_WEEKS

FIELDS = (
    "holding_percent",
    "recent_weeks",
    "drop_points",
    "earlier_weeks",
    "stalled_weeks",
    "new_weeks",
    "unknown_percent",
    "least_people",
    "least_points",
    "smallest_shown_count",
)


class FollowUpForm(PortalForm):
    """Each field says what a change of it does."""

    holding_percent = CountField(
        label=_("Holds from (per cent of the plan)"),
        help_text=_(
            "An activity holds when at least this much of the plan was held in the weeks that "
            "decide. A higher number warns earlier and more often."
        ),
        least=1,
        most=100,
    )
    recent_weeks = CountField(
        label=_("Weeks that decide"),
        help_text=_(
            "The latest complete weeks with something planned. Fewer weeks warn earlier, but one "
            "bad week then counts for more."
        ),
        least=LEAST_RECENT_WEEKS,
        most=MOST_RECENT_WEEKS,
    )
    drop_points = CountField(
        label=_("Fades at a drop of (percentage points)"),
        help_text=_(
            "It also counts as fading when it was held this much less than in the weeks before. "
            "A lower number warns earlier."
        ),
        least=1,
        most=100,
    )
    earlier_weeks = CountField(
        label=_("Weeks before to compare with"), least=1, most=MOST_EARLIER_WEEKS
    )
    stalled_weeks = CountField(
        label=_("Weeks without until it has stalled"),
        help_text=_("So many complete weeks in a row in which it was planned and never held."),
        least=1,
        most=MOST_RECENT_WEEKS,
    )
    new_weeks = CountField(
        label=_("Weeks until it is no longer new"),
        help_text=_("A new activity is not judged before it has been planned for so many weeks."),
        least=1,
        most=MOST_RECENT_WEEKS,
    )
    unknown_percent = CountField(
        label=_("Not known from (per cent not registered)"),
        help_text=_(
            "When at least this much of the plan is neither held nor cancelled, no verdict is "
            "given that the missing registrations could change."
        ),
        least=1,
        most=100,
    )
    least_people = CountField(
        label=_("A figure has changed from (people)"),
        help_text=_(
            "In a place of 15, one person is 7 percentage points. Only when a share differs by at "
            "least this many people, and by the percentage points below, is it called better or "
            "worse than last time. A count must differ by as many; every other figure by as many "
            "per cent of itself."
        ),
        least=1,
        most=50,
    )
    least_points = CountField(
        label=_("A figure has changed from (percentage points)"),
        help_text=_("A lower number tells of smaller changes, also those that are chance."),
        least=1,
        most=100,
    )
    smallest_shown_count = CountField(
        label=_("Fewest people shown"),
        help_text=_(
            "Figures about fewer people than this are hidden, and with them the totals from which "
            "they could be worked out. A higher number protects better and hides more."
        ),
        least=settings.MINIMUM_COUNT_FLOOR,
        most=50,
    )
    version = VersionField()

    @staticmethod
    def initial_of(stored: FollowUpSettings) -> dict[str, Any]:
        return {
            **{name: getattr(stored, name) for name in FIELDS},
            "smallest_shown_count": stored.smallest_shown,
            # What was never saved has no version to be based on.
            "version": stored.version if stored.pk else 0,
        }

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS}
