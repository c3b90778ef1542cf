"""Choices of the cluster half."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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


class Concerned(TextChoices):
    """Whom a proposal is for. General practice has no column of its own."""

    ALL = "all", _("Municipalities, region and general practice")
    MUNICIPALITIES = "municipalities", _("The municipalities")
    REGION = "region", _("The region")
    PRACTICE = "practice", _("General practice")
    MUNICIPALITIES_REGION = "municipalities_region", _("The municipalities and the region")
    MUNICIPALITIES_PRACTICE = (
        "municipalities_practice",
        _("The municipalities and general practice"),
    )
    REGION_PRACTICE = "region_practice", _("The region and general practice")


class EffortState(StatusChoices):
    """Where one effort stands; that it has expired follows from its dates and is not chosen."""

    RUNNING = "running", "is-ok", "i-check", _("Running")
    PLANNED = "planned", "is-plan", "i-next", _("Planned")
    POSTPONED = "postponed", "is-plan", "i-next", _("Postponed")
    DISCONTINUED = "discontinued", "is-flat", "i-cross", _("Discontinued")


class ReadLinkState(StatusChoices):
    """Whether a read link opens its edition on a day; computed, never stored."""

    OPEN = "open", "is-ok", "i-check", pgettext_lazy("a link", "Works")
    EXPIRED = "expired", "is-flat", "i-clock", pgettext_lazy("a link", "Expired")
    REVOKED = "revoked", "is-no", "i-stop", pgettext_lazy("a link", "Stopped")
    WITHDRAWN = "withdrawn", "is-no", "i-cross", _("The edition is withdrawn")


class Division(TextChoices):
    """The part of a health authority that an effort or note belongs to."""

    SOMATIC = "somatic", _("Somatic")
    PSYCHIATRIC = "psychiatric", _("Psychiatric")


class AskKind(TextChoices):
    """What editors are asked to do with the fields that an ask names."""

    FILL = "fill", _("Fill in fields")
    CONFIRM = "confirm", _("Confirm or correct answers")
    COMMENT = "comment", _("Comment on proposals")


class AskScope(TextChoices):
    """Which fields an ask is about: those that lack what is asked for, or chosen proposals."""

    MISSING = "missing", _("Everything that is missing")
    CHOSEN = "chosen", _("Chosen proposals")


class Side(TextChoices):
    """Who speaks about a cell: those who keep the column, or those who coordinate the cluster."""

    EDITOR = "editor", _("Editor")
    COORDINATOR = "coordinator", _("Coordinator of the cluster")

    @property
    def other(self) -> "Side":
        return Side.COORDINATOR if self == Side.EDITOR else Side.EDITOR


class WordingOutcome(StatusChoices):
    """What came of a wording that a coordinator proposed."""

    OPEN = "open", "is-plan", "i-q", _("Waits for the editor")
    ACCEPTED = "accepted", "is-ok", "i-check", pgettext_lazy("of a proposed wording", "Accepted")
    DECLINED = "declined", "is-flat", "i-cross", _("Declined")
    WITHDRAWN = "withdrawn", "is-flat", "i-minus", _("Withdrawn")


class Happening(TextChoices):
    """What a save did to an answer."""

    ANSWERED = "answered", _("answered")
    CHANGED = "changed", _("changed the answer")
    EMPTIED = "emptied", _("took the answer back")
    EFFORTS = "efforts", _("changed the efforts")
    CONFIRMED = "confirmed", _("confirmed the answer as it stands")
