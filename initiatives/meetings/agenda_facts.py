"""What an agenda is made of: plain facts that ``queries.agenda`` reads once. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from krams.danish.weeks import Week
from krams.privacy.small_counts import Hidden

from ..criteria import status
from ..enums import AssessmentLevel, DecisionState
from ..sustain.expected import Plan
from ..sustain.thresholds import DEFAULT_THRESHOLDS, Thresholds
from ..sustain.verdict import Assessment, assess, observe_line
from ..sustain.weeks import Log

# Before the first meeting there is no "last time": as far back as the strip shows.
FIRST_LOOK_BACK = timedelta(weeks=12)
# A next meeting that nobody has planned yet is thought to lie about a month away.
USUAL_INTERVAL = timedelta(weeks=5)


@dataclass(frozen=True)
class Followed:
    """An activity of the weekly plan with its log; ``course`` begins with the rhythm of today.

    A rhythm that was changed is several plans; together they are one activity.
    """

    pk: int
    title: str
    factors: str
    facility: str
    facility_slug: str
    course: tuple[tuple[Plan, Log], ...]

    @property
    def plan(self) -> Plan:
        return self.course[0][0]

    def assess(self, day: date, thresholds: Thresholds) -> Assessment:
        return assess(observe_line(self.course, day, thresholds), thresholds)

    def held_since(self, day: date) -> int:
        """Times held in the weeks from that of ``day`` on."""
        first = Week.of(day)
        return sum(
            times for _plan, log in self.course for week, times in log.held.items() if week >= first
        )


@dataclass(frozen=True, slots=True)
class Item:
    """Put on the agenda by hand: a text, an activity, or both."""

    pk: int
    text: str
    plan_id: int | None = None
    plan_title: str = ""
    version: int = 1
    handled_on: date | None = None
    meeting_id: int = 0
    put_on: date | None = None

    @property
    def part(self) -> str:
        """Its id on the page."""
        return f"item-{self.pk}"

    @property
    def about(self) -> str:
        return self.plan_title or self.text


@dataclass(frozen=True, slots=True)
class Wishes:
    """What residents wished for a meeting that was cancelled, on the ``day`` that it had."""

    text: str
    day: date


@dataclass(frozen=True, slots=True)
class Agreed:
    """A decision; ``made_on``, ``kind`` and ``place`` are those of its meeting."""

    pk: int
    text: str
    responsible_role: str
    due_on: date
    closed_on: date | None
    closing_note: str
    plan_id: int | None
    plan_title: str
    meeting_id: int
    kind: str
    made_on: date
    place: str
    version: int = 1
    dropped: bool = False

    def state(self, day: date) -> DecisionState:
        if self.closed_on:
            return DecisionState.DROPPED if self.dropped else DecisionState.DONE
        return DecisionState.OVERDUE if self.due_on < day else DecisionState.OPEN


@dataclass(frozen=True, slots=True)
class Measured:
    """The latest measurement of an indicator at a facility, and the one before it.

    ``value`` and ``before`` are as they may be shown, and ``judgement`` rests on no more than that.
    ``counts`` are part and whole of a share, and those of the one before where it may be shown;
    ``people`` is how many an average is of.
    """

    facility: str
    factors: str
    criterion: str
    indicator: str
    unit: str
    day: date
    value: Decimal | Hidden
    judgement: status.Judgement
    before: Decimal | Hidden | None = None
    target: Decimal | None = None
    counts: tuple[int, ...] = ()
    people: int | None = None


@dataclass(frozen=True, slots=True)
class Assessed:
    """A manager's assessment of a criterion at a facility."""

    facility: str
    factors: str
    criterion: str
    level: AssessmentLevel
    reason: str
    day: date


@dataclass(frozen=True, slots=True)
class Attention:
    """An attention point of an initiative that is to be followed up on a day."""

    text: str
    factor: str
    follow_up_on: date


@dataclass(frozen=True)
class Facts:
    """What an agenda is made of. ``today`` is the day that it is made on.

    ``many_places`` says that facilities must be named: the meeting is one of a department.
    """

    today: date
    held_on: date
    meeting_id: int
    previous_on: date | None = None
    next_on: date | None = None
    many_places: bool = False
    thresholds: Thresholds = DEFAULT_THRESHOLDS
    followed: tuple[Followed, ...] = ()
    items: tuple[Item, ...] = ()
    decisions: tuple[Agreed, ...] = ()
    measured: tuple[Measured, ...] = ()
    assessed: tuple[Assessed, ...] = ()
    attention: tuple[Attention, ...] = ()
    wishes: str = ""
    earlier_wishes: tuple[Wishes, ...] = ()

    @property
    def as_of(self) -> date:
        """An agenda grows until the day of its meeting, then it stands."""
        return min(self.today, self.held_on)

    @property
    def since(self) -> date:
        return self.previous_on or self.held_on - FIRST_LOOK_BACK

    @property
    def horizon(self) -> date:
        """The day by which there is another meeting."""
        return self.next_on or self.held_on + USUAL_INTERVAL
