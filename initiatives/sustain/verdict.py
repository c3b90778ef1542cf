"""The words for "Holder det?": what the rhythm of an activity tells."""

from django.utils.translation import gettext_lazy as _

from krams.enums import StatusChoices


class Verdict(StatusChoices):
    """How a plan stands up; :mod:`initiatives.sustain.rhythm` decides which one holds."""

    NEW = "new", "is-plan", "i-next", _("New")
    HOLDING = "holding", "is-ok", "i-check", _("Holding")
    UNKNOWN = "unknown", "is-none", "i-open", _("Not known")
    FADING = "fading", "is-warn", "i-down", _("Fading")
    STALLED = "stalled", "is-err", "i-stop", _("Stalled")
    PAUSED = "paused", "is-flat", "i-pause", _("Paused")
    UNPLANNED = "unplanned", "is-flat", "i-q", _("Unplanned")
