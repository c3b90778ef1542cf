"""The thresholds of a municipality."""

from django.utils.translation import gettext_lazy as _

from krams.forms import CountField, PortalForm
from krams.locking import VersionField

FIELDS = ("holding_percent", "drop_points", "smallest_shown_count")


class FollowUpForm(PortalForm):
    """Each field says what a change of it does."""

    holding_percent = CountField(
        label=_("Holds from (per cent of the plan)"),
        help_text=_(
            "An activity holds when at least this much of the plan was held in the last four "
            "complete weeks. A higher number warns earlier and more often."
        ),
        least=1,
        most=100,
    )
    drop_points = CountField(
        label=_("Fades at a drop of (percentage points)"),
        help_text=_(
            "It also counts as fading when it was held this much less than in the eight weeks "
            "before. A lower number warns earlier."
        ),
        least=1,
        most=100,
    )
    smallest_shown_count = CountField(
        label=_("Fewest people shown"),
        help_text=_(
            "Figures about fewer people than this are hidden, and with them the totals from which "
            "they could be worked out. A higher number protects better and hides more."
        ),
        least=1,
        most=50,
    )
    version = VersionField()

    @staticmethod
    def initial_of(settings) -> dict:
        return {
            **{name: getattr(settings, name) for name in FIELDS},
            # What was never saved has no version to be based on.
            "version": settings.version if settings.pk else 0,
        }

    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in FIELDS}
