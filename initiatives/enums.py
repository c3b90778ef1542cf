"""Choices of the KRAMS half; a status carries the tone and symbol that it is shown with."""

from itertools import combinations

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from krams.enums import StatusChoices


class Factor(TextChoices):
    """The five KRAMS factors of Sundhedsstyrelsen; the value is the letter."""

    DIET = "K", _("Diet")
    SMOKING = "R", _("Smoking")
    ALCOHOL = "A", _("Alcohol and drugs")
    EXERCISE = "M", _("Exercise")
    SLEEP = "S", _("Sleep")


# Every non-empty set of factors as its letters in the order of the word KRAMS: "K", "KM", "KRAMS".
FACTOR_SETS = tuple(
    "".join(letters)
    for size in range(1, len(Factor) + 1)
    for letters in combinations(Factor.values, size)
)


class Weekday(IntegerChoices):
    """ISO weekdays. Labels stand alone, with a capital in Danish too; in a sentence use dates."""

    MONDAY = 1, pgettext_lazy("standing alone", "Monday")
    TUESDAY = 2, pgettext_lazy("standing alone", "Tuesday")
    WEDNESDAY = 3, pgettext_lazy("standing alone", "Wednesday")
    THURSDAY = 4, pgettext_lazy("standing alone", "Thursday")
    FRIDAY = 5, pgettext_lazy("standing alone", "Friday")
    SATURDAY = 6, pgettext_lazy("standing alone", "Saturday")
    SUNDAY = 7, pgettext_lazy("standing alone", "Sunday")


class Repeats(TextChoices):
    """In which weeks a plan has its weekdays; :mod:`initiatives.cycle` decides."""

    WEEKLY = "week", _("Every week")
    FORTNIGHTLY = "fortnight", _("Every other week")
    FIRST = "1", _("First time in the month")
    SECOND = "2", _("Second time in the month")
    THIRD = "3", _("Third time in the month")
    FOURTH = "4", _("Fourth time in the month")
    LAST = "last", _("Last time in the month")


# Every non-empty set of weekdays as its ISO digits in order: "1", "135", "1234567".
WEEKDAY_SETS = tuple(
    "".join(str(day) for day in days)
    for size in range(1, len(Weekday) + 1)
    for days in combinations(Weekday.values, size)
)


class InitiativeStatus(StatusChoices):
    """A person's decision, never derived from dates."""

    DRAFT = "draft", "is-flat", "i-open", _("Draft")
    ACTIVE = "active", "is-ok", "i-next", _("Active")
    PAUSED = "paused", "is-flat", "i-pause", _("On pause")
    ENDED = "ended", "is-no", "i-stop", _("Ended")


class Outcome(StatusChoices):
    """What became of an activity."""

    HELD = "held", "is-ok", "i-check", _("Held")
    CANCELLED = "cancelled", "is-flat", "i-cross", _("Cancelled")


class CancellationReason(TextChoices):
    STAFFING = "staffing", _("Too few staff")
    NO_INTEREST = "no_interest", _("Nobody wanted to take part")
    WEATHER = "weather", _("The weather")
    CLOSED = "closed", _("The place was closed")
    ILLNESS = "illness", _("Illness")
    ECONOMY = "economy", _("Economy")
    OTHER = "other", _("Other")


class ActivitySource(TextChoices):
    """How a registration came in; demo data stays recognisable as such."""

    PORTAL = "portal", _("Registered in the portal")
    IMPORT = "import", _("Imported")
    DEMO = "demo", _("Demo data")


class Verdict(StatusChoices):
    """How a plan stands up; :mod:`initiatives.sustain.verdict` decides."""

    NEW = "new", "is-plan", "i-next", _("New")
    HOLDING = "holding", "is-ok", "i-check", _("Holding")
    UNKNOWN = "unknown", "is-none", "i-open", _("Not known")
    FADING = "fading", "is-warn", "i-down", _("Fading")
    STALLED = "stalled", "is-err", "i-stop", _("Stalled")
    PAUSED = "paused", "is-flat", "i-pause", _("Paused")
    UNPLANNED = "unplanned", "is-flat", "i-q", _("Unplanned")


class IndicatorKind(TextChoices):
    """Where an indicator's figure comes from."""

    VALUE = "value", _("A figure that is entered")
    SHARE = "share", _("A share: how many of how many")
    LOG = "log", _("Taken from the activity log")
    DIALOGUE = "dialogue", _("Assessed in dialogue")


class FigureAbout(TextChoices):
    """What an indicator of kind VALUE tells of: only an average of people may be about few."""

    PEOPLE = "people", _("People: an average, such as their points")
    OTHER = "other", _("Something else, such as meals served or what they cost")


class LogMeasure(TextChoices):
    """What an indicator of kind LOG counts, per week."""

    SESSIONS = "sessions", _("Activities held")
    PARTICIPATIONS = "participations", _("Participations")


class Direction(TextChoices):
    MORE = "more", _("More")
    LESS = "less", _("Less")
    KEEP = "keep", _("Keep the level")
    REACH = "reach", _("Reach a value")


class Frequency(TextChoices):
    """How often an indicator is measured."""

    WEEKLY = "weekly", _("Every week")
    MONTHLY = "monthly", _("Every month")
    QUARTERLY = "quarterly", _("Every quarter")
    HALF_YEARLY = "half_yearly", _("Every half year")
    YEARLY = "yearly", _("Every year")


class CriterionStatus(StatusChoices):
    """Where a success criterion stands, computed by ``criteria.status``; never stored."""

    NOT_STARTED = "not_started", "is-flat", "i-next", _("Not started")
    NO_DATA = "no_data", "is-flat", "i-open", _("No data")
    OVERDUE = "overdue", "is-warn", "i-clock", _("Overdue")
    REACHED = "reached", "is-ok", "i-check", _("Reached")
    ON_COURSE = "on_course", "is-ok", "i-next", _("On course")
    AT_RISK = "at_risk", "is-warn", "i-half", _("At risk")
    OFF_COURSE = "off_course", "is-err", "i-cross", _("Off course")


class AssessmentLevel(StatusChoices):
    """The manager's assessment of a success criterion at a facility."""

    MET = "met", "is-ok", "i-check", _("Met")
    PARTLY_MET = "partly_met", "is-warn", "i-half", _("Partly met")
    NOT_MET = "not_met", "is-err", "i-cross", _("Not met")
    NOT_ASSESSED = "not_assessed", "is-flat", "i-open", _("Not assessed")


class MeetingKind(TextChoices):
    HOUSE = "house", _("House meeting")
    USER_COUNCIL = "user_council", _("User council meeting")
    MANAGEMENT = "management", _("Management follow-up")


class MeetingRhythm(TextChoices):
    """How often a meeting repeats; without one it stands alone."""

    WEEKLY = "weekly", _("Every week")
    FORTNIGHTLY = "fortnightly", _("Every other week")
    MONTHLY = "monthly", _("Every month")
    # A word of its own: the date of a last Thursday does not tell it from a fourth one.
    LAST = "last", _("Last time in the month")


class DecisionState(StatusChoices):
    """Where a decision stands on a day; computed, never stored."""

    OVERDUE = "overdue", "is-warn", "i-clock", _("Past its date")
    OPEN = "open", "is-plan", "i-next", _("Open")
    DONE = "done", "is-ok", "i-check", _("Done")
    DROPPED = "dropped", "is-flat", "i-cross", pgettext_lazy("a decision", "Dropped")


class ConcernKind(TextChoices):
    """What concerns are about, in the order of an e-mail; the label is its heading."""

    PLAN = "plan", _("Activities that slip")
    LOG = "log", _("Not registered")
    PAUSE = "pause", _("On pause without a date")
    DECISION = "decision", _("Decisions past their date")
    POINT = "point", _("Attention points past their date")
    MEASUREMENT = "measurement", _("Measurements that are due")
