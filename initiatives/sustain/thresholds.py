"""Where a municipality draws its lines: what holds, what fades, and how much a change is. Pure."""

from dataclasses import dataclass, fields, replace

STRIP_WEEKS = 12
# What a municipality may choose: one week says nothing of a rhythm, and half a year of log is
# enough to judge.
LEAST_RECENT_WEEKS = 2
MOST_RECENT_WEEKS = 8
MOST_EARLIER_WEEKS = 16


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where a municipality draws its lines; weeks are complete weeks with something planned.

    Raises ValueError for a value under 1, which would judge by nothing.
    """

    holding_percent: int = 75
    drop_points: int = 25
    recent_weeks: int = 4
    earlier_weeks: int = 8
    stalled_weeks: int = 3
    new_weeks: int = 3
    unknown_percent: int = 25

    def __post_init__(self) -> None:
        if any(getattr(self, field.name) < 1 for field in fields(self)):
            raise ValueError("every threshold is at least 1")

    @property
    def window(self) -> int:
        """Weeks to look at: recent, earlier and the running one; as many as the strip at least."""
        return max(self.recent_weeks + self.earlier_weeks + 1, STRIP_WEEKS)


DEFAULT_THRESHOLDS = Thresholds()
TIMES_OF_A_MONTHLY = 2


def for_months(thresholds: Thresholds) -> Thresholds:
    """The same lines for what comes once a month: a window of weeks holds two or three times of it.

    Two tell enough. Every other week needs no lines of its own: weeks without are never judged.
    """
    return replace(
        thresholds,
        new_weeks=min(thresholds.new_weeks, TIMES_OF_A_MONTHLY),
        stalled_weeks=min(thresholds.stalled_weeks, TIMES_OF_A_MONTHLY),
    )


LONGEST_WINDOW = MOST_RECENT_WEEKS + MOST_EARLIER_WEEKS + 1


@dataclass(frozen=True)
class LeastChange:
    """What it takes for a figure to have changed at all; both must hold.

    ``people`` as many people, of the smaller of the two groups, as the difference amounts to, and
    ``points`` percentage points as they are shown. In a place of 15 one person is 7 points. Other
    figures than shares: ``points`` per cent of the larger figure, and of whole numbers ``people``.
    """

    people: int = 2
    points: int = 10


USUAL_LEAST_CHANGE = LeastChange()
