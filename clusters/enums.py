"""Choices of the cluster half."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from krams.enums import StatusChoices


class PositionState(StatusChoices):
    """What an authority answers to a proposal. Empty is never "none": it is NOT_FILLED."""

    ESTABLISHED = "established", "is-ok", "i-check", _("Established")
    INDIVIDUAL = "individual", "is-plan", "i-half", _("Individual solution")
    NOT_NEEDED = "not_needed", "is-flat", "i-equal", _("None – no need felt")
    NONE = "none", "is-no", "i-minus", _("None")
    UNKNOWN = "unknown", "is-warn", "i-q", _("Not known to us")
    PLANNED = "planned", "is-plan", "i-next", _("Planned")
    DISCONTINUED = "discontinued", "is-flat", "i-cross", _("Discontinued")
    ANSWERED = "answered", "is-flat", "i-dots", _("Answered, no state given")
    NOT_APPLICABLE = "not_applicable", "is-flat", "i-na", _("Not applicable")
    NOT_FILLED = "not_filled", "is-none", "i-open", _("Not filled in")


class EffortState(StatusChoices):
    """Where one effort stands; that it has expired follows from its dates and is not chosen."""

    RUNNING = "running", "is-ok", "i-check", _("Running")
    PLANNED = "planned", "is-plan", "i-next", _("Planned")
    POSTPONED = "postponed", "is-plan", "i-next", _("Postponed")
    DISCONTINUED = "discontinued", "is-flat", "i-cross", _("Discontinued")


class Division(TextChoices):
    """The part of a health authority that an effort or note belongs to."""

    SOMATIC = "somatic", _("Somatic")
    PSYCHIATRIC = "psychiatric", _("Psychiatric")


class Happening(TextChoices):
    """What a save did to an answer."""

    ANSWERED = "answered", _("answered")
    CHANGED = "changed", _("changed the answer")
    EMPTIED = "emptied", _("took the answer back")
    EFFORTS = "efforts", _("changed the efforts")
    CONFIRMED = "confirmed", _("confirmed the answer as it stands")
