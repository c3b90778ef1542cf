"""Choices of the kernel."""

from typing import Self

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a person does here; which scope goes with it stands in ``SCOPES_OF_ROLE``."""

    STAFF = "staff", _("Staff")
    MANAGER = "manager", _("Manager")
    EDITOR = "editor", _("Editor")
    COORDINATOR = "coordinator", _("Cluster coordinator")
    VIEWER = "viewer", _("Viewer")
    ADMINISTRATOR = "administrator", _("Administrator")


SCOPES_OF_ROLE = {
    Role.STAFF: ("facility", "department"),
    Role.MANAGER: ("facility", "department", "authority"),
    Role.EDITOR: ("authority",),
    Role.COORDINATOR: ("cluster",),
    Role.VIEWER: ("facility", "department", "authority", "cluster"),
    Role.ADMINISTRATOR: ("authority", "cluster"),
}


class AuthorityKind(TextChoices):
    MUNICIPALITY = "municipality", _("Municipality")
    REGION = "region", _("Region")


class ClusterKind(TextChoices):
    HEALTH_CLUSTER = "health_cluster", _("Health cluster")
    HEALTH_COUNCIL = "health_council", _("Health council")


class FacilityKind(TextChoices):
    RESIDENTIAL = "residential", _("Residential facility")
    RECEPTION = "reception", _("Reception and rehabilitation")
    TREATMENT = "treatment", _("Treatment centre")
    DROP_IN = "drop_in", _("Drop-in centre")


class DigestFrequency(TextChoices):
    """How often a person wants the e-mail about what they must act on."""

    WEEKLY = "weekly", _("Every week")
    MONTHLY = "monthly", _("Every month")
    NEVER = "never", _("Never")


class ReminderDays(IntegerChoices):
    """How many days before something is due a person wants to be reminded of it."""

    NEVER = 0, _("No reminders")
    ONE = 1, _("The day before")
    THREE = 3, _("3 days before")
    SEVEN = 7, _("A week before")


class DigestOutcome(TextChoices):
    SENDING = "sending", _("Handed over, no answer yet")
    SENT = "sent", _("Sent")
    NOTHING = "nothing", _("Nothing to say")


class LetterState(TextChoices):
    """What became of one letter; ``UNCERTAIN`` broke off in the middle, so it may have arrived."""

    WAITING = "waiting", _("Waits to be sent")
    SENDING = "sending", _("Handed over, no answer yet")
    SENT = "sent", _("Sent")
    POINTLESS = "pointless", _("No longer needed")
    UNCERTAIN = "uncertain", _("Broken off, may have arrived")
    FAILED = "failed", _("Not sent")


class AuditKind(TextChoices):
    """What is kept of who came in, took something out, or gave somebody a right."""

    LOG_IN = "log_in", _("Log-in")
    LOG_IN_FAILED = "log_in_failed", _("Log-in refused")
    LOG_OUT = "log_out", _("Log-out")
    LOG_OUT_EVERYWHERE = "log_out_everywhere", _("Logged out everywhere")
    PASSWORD = "password", _("Password changed")
    SECOND_STEP = "second_step", _("Second step of the log-in changed")
    ACCOUNT = "account", _("Account made, closed or changed")
    GRANT = "grant", _("Role given, changed or ended")
    INVITATION = "invitation", _("Invitation")
    CONSENT = "consent", _("Consent to being in a cluster")
    EXPORT = "export", _("File taken out")
    READ_LINK = "read_link", _("Read link")
    FEED = "feed", _("Calendar link")
    SETTING = "setting", _("Setting changed")
    RESTORED = "restored", _("Earlier version restored")
    REDACTED = "redacted", _("Text redacted")
    RETENTION = "retention", _("Deleted when its time was up")
    PERSONAL_DATA = "personal_data", _("A person's own data")
    ADMINISTRATION = "administration", _("Change on the administration pages")


class StatusChoices(TextChoices):
    """A status that carries how it is shown: a word, a tone (CSS class) and a symbol (icon id).

    Members are written ``NAME = value, tone, symbol, label``; Django takes the label from the end.
    """

    tone: str
    symbol: str

    def __new__(cls, value: str, *shown: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.tone, member.symbol = shown
        return member


class InvitationState(StatusChoices):
    WAITING = "waiting", "is-plan", "i-clock", _("Invited")
    EXPIRED = "expired", "is-warn", "i-bang", _("The link has run out")
    ACCEPTED = "accepted", "is-ok", "i-check", _("Accepted")
    WITHDRAWN = "withdrawn", "is-flat", "i-cross", _("Withdrawn")
