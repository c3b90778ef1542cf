"""A facility's weekly plans through the years, counted in weeks back from the current one.

Looking back from today, everything is the same however far the log reaches: a small country has the
same last year as a large one.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from .draws import stream
from .plan_kinds import KINDS, PlanKind

LEAST_PLANS, MOST_PLANS = 8, 14
HOLDS, FADES, STOPS, FORGETS, RESTS = "holds", "fades", "stops", "forgets", "rests"
_COURSES = (*(HOLDS,) * 38, *(FADES,) * 4, *(STOPS,) * 3, *(FORGETS,) * 2, *(RESTS,) * 3)
# How many of a week's times a plan has, and on how many days at most it falls.
_TIMES_A_WEEK = (*(1,) * 17, 2, 2, 3)
_PAUSE_REASONS = (
    "Sommerferie",
    "Køkkenet bliver sat i stand",
    "Den faste medarbejder er på barsel",
    "Svømmehallen er lukket",
    "Vi venter på en ny gruppe",
    "For mørkt og glat om vinteren",
    "Flytning til andre lokaler",
)
WEEKS_A_YEAR = 52


@dataclass(frozen=True, slots=True)
class Stretch:
    """One row of the weekly plan: from the week ``oldest`` to ``newest`` (0 while it runs).

    A plan ``without_days`` says only how often; it is then held on these ``weekdays``.
    ``continues``: it is a new rhythm of the stretch before it.
    """

    oldest: int
    newest: int
    kind: PlanKind
    title: str
    weekdays: tuple[int, ...]
    without_days: bool
    minutes: int
    time: dt.time
    continues: bool


@dataclass(frozen=True, slots=True)
class Rest:
    """A pause from the week ``oldest`` to ``newest``; without that, until somebody says so."""

    oldest: int
    newest: int | None
    reason: str

    def covers(self, weeks_ago: int) -> bool:
        return weeks_ago <= self.oldest and (self.newest is None or weeks_ago >= self.newest)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the plan with its rows, the newest first; ``course`` is how it goes lately."""

    course: str
    stretches: tuple[Stretch, ...]
    rests: tuple[Rest, ...]


def lines_of(seed: int, facility: int, weeks: int) -> list[Line]:
    """The plans of a facility as far back as ``weeks``."""
    chance = stream(seed, "plans", facility)
    wanted = chance.randint(LEAST_PLANS, MOST_PLANS)
    kinds = [KINDS[index] for index in chance.sample(range(len(KINDS)), wanted)]
    return [
        _line(stream(seed, "plan", facility, number), kind, weeks)
        for number, kind in enumerate(kinds)
    ]


def _line(chance: Random, kind: PlanKind, weeks: int) -> Line:
    course = chance.choice(_COURSES)
    rests = stream(chance.getrandbits(32), "rests")
    stretches = tuple(_stretches(chance, kind, course, weeks))
    return Line(course, stretches, tuple(_rests(rests, course, stretches, weeks)))


def _stretches(chance: Random, kind: PlanKind, course: str, weeks: int) -> Iterator[Stretch]:
    """From the newest back: a plan gets a new rhythm, or another takes its place."""
    newest, is_new = 0, course == HOLDS and chance.random() < 0.06
    while newest <= weeks:
        length = chance.randint(1, 4) if is_new else chance.randint(40, 220)
        if newest == 0 and not is_new:
            # Somewhere in the middle of a plan's time; what fades has to have begun before.
            length = chance.randint(14, 220)
        continues = not is_new and chance.random() < 0.7
        is_last = newest + length > weeks
        yield Stretch(
            oldest=min(newest + length - 1, weeks),
            newest=newest,
            kind=kind,
            title=chance.choice(kind.titles),
            weekdays=_weekdays(chance),
            without_days=chance.random() < 0.15,
            minutes=kind.minutes,
            time=kind.time,
            continues=continues and not is_last,
        )
        newest, is_new = newest + length, False
        if not continues:
            kind = chance.choice(KINDS)


def _weekdays(chance: Random) -> tuple[int, ...]:
    return tuple(sorted(chance.sample(range(1, 8), chance.choice(_TIMES_A_WEEK))))


def _rests(
    chance: Random, course: str, stretches: tuple[Stretch, ...], weeks: int
) -> Iterator[Rest]:
    """What rests now, and about one pause in eight years; each within one row of the plan."""
    if course == RESTS:
        ends = chance.choice((-2, -3, -5, None))
        since = min(chance.randint(2, 6), stretches[0].oldest)
        yield Rest(since, ends, chance.choice(_PAUSE_REASONS))
    for year in range(weeks // WEEKS_A_YEAR + 1):
        first = year * WEEKS_A_YEAR + chance.randint(14, WEEKS_A_YEAR - 6)
        happens, reason = chance.random() < 0.12, chance.choice(_PAUSE_REASONS)
        rest = Rest(first, first - chance.randint(1, 4), reason)
        of = next((one for one in stretches if one.newest <= first <= one.oldest), None)
        assert rest.newest is not None
        if happens and of and of.newest < rest.newest:
            yield rest
