"""Where a success criterion stands: measurements and ``today`` in, a status out.

Pure; nothing is stored, so a page, an export and an e-mail of the same day say the same. The ladder
is that of the project's issue "B. KRAMS", point 5; the thresholds below are the portal's own.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from ..enums import AssessmentLevel, CriterionStatus, Direction, Frequency, IndicatorKind
from ..sustain.thresholds import USUAL_LEAST_CHANGE, LeastChange

_MONTHS: dict[str, int] = {
    Frequency.MONTHLY: 1,
    Frequency.QUARTERLY: 3,
    Frequency.HALF_YEARLY: 6,
    Frequency.YEARLY: 12,
}
# Figures are counted when a period is over; so long one may take to type them in.
_GRACE_DAYS: dict[str, int] = {Frequency.WEEKLY: 3, Frequency.MONTHLY: 7}
_USUAL_GRACE_DAYS = 14

# How far behind the straight line from baseline to target, in parts of the whole way.
ON_COURSE_WITHIN = Decimal("0.10")
AT_RISK_WITHIN = Decimal("0.35")
# How far from the level that is to be kept, in parts of that level.
KEPT_WITHIN = Decimal("0.05")
SLIPPING_WITHIN = Decimal("0.15")

# What is worst tells how a criterion of several indicators stands.
_WORST_FIRST = (
    CriterionStatus.OFF_COURSE,
    CriterionStatus.AT_RISK,
    CriterionStatus.OVERDUE,
    CriterionStatus.NO_DATA,
    CriterionStatus.NOT_STARTED,
    CriterionStatus.ON_COURSE,
    CriterionStatus.REACHED,
)
_AGREES = {
    AssessmentLevel.MET: {CriterionStatus.REACHED},
    AssessmentLevel.PARTLY_MET: {CriterionStatus.ON_COURSE, CriterionStatus.AT_RISK},
    AssessmentLevel.NOT_MET: {CriterionStatus.OFF_COURSE},
    AssessmentLevel.NOT_ASSESSED: set(CriterionStatus),
}


def rounded(value: Decimal, kind: str) -> Decimal:
    """A figure as it is shown, and as it is judged: the one rule, so that the two agree.

    A share is in whole per cent, others have at most one decimal; a half goes up. Decimals are
    added until the figure is neither 0 nor 100 per cent unless it is exactly that: 0.04 is not
    "0 times", and 299 of 300 is not "100 per cent".
    """
    is_share = kind == IndicatorKind.SHARE
    ends = (Decimal(0), Decimal(100)) if is_share else (Decimal(0),)
    step = Decimal(1) if is_share else Decimal("0.1")
    while (found := value.quantize(step, rounding=ROUND_HALF_UP)) in ends and value not in ends:
        step /= 10
    return found


@dataclass(frozen=True, slots=True)
class Point:
    """A figure on a day; ``part`` of ``whole`` people where it is a share of them."""

    day: date
    value: Decimal
    part: int | None = None
    whole: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """An indicator at a facility. ``points`` are in the order of their days.

    ``followed_on`` is the day from which a first figure can be asked for: that on which the
    facility began to follow the indicator (``FacilityIndicator.followed_on``) or that on which the
    initiative was last put into force (its journal), whichever is later. None: ``starts_on``.
    """

    kind: str
    direction: str
    frequency: str
    starts_on: date
    baseline: Decimal | None = None
    baseline_on: date | None = None
    target: Decimal | None = None
    target_on: date | None = None
    followed_on: date | None = None
    points: tuple[Point, ...] = ()
    least_change: LeastChange = USUAL_LEAST_CHANGE


@dataclass(frozen=True, slots=True)
class Judgement:
    """``status`` is None where there is nothing to judge by: see :func:`judge`.

    ``is_worse`` and ``is_better``: the latest figure against the one before, whatever the status;
    neither where they differ by less than ``Facts.least_change``. ``due_on`` is the last day on
    which the next figure is in time, and ``is_overdue`` that it has passed, also for an indicator
    that was never measured.
    """

    status: CriterionStatus | None
    is_worse: bool = False
    is_better: bool = False
    due_on: date | None = None
    is_overdue: bool = False


def judge(facts: Facts, today: date) -> Judgement:
    """Judge one indicator; the first rung that fits decides.

    1. *not started*: measuring begins later.
    2. *no data*: no figure yet. The first is due a period after ``starts_on`` or ``followed_on``.
    3. *overdue*: the next figure should have been there; the last one says too little of today.
       Figures from the activity log come by themselves and are never overdue.
    4. *reached*: the latest figure is at the target or beyond. A level that is to be kept has been
       reached once its date has come.
    5. *off course*: the target's date has passed, or the figure is more than a third of the whole
       way behind the straight line from baseline to target on the day it was measured.
    6. *at risk*: behind that line, or no better than the baseline.
    7. *on course*: at most a tenth of the way behind.

    Without a baseline the line begins at the first figure. Without a target's date any progress
    is on course; without a target the baseline is what to be better than. What is assessed in
    dialogue has no status, and neither has a count from the activity log where nobody has said what
    it should become: one week against another says nothing.

    Figures, baseline and target are judged as they are shown (:func:`rounded`).
    """
    facts = _as_shown(facts)
    if facts.kind == IndicatorKind.DIALOGUE:
        return Judgement(None)
    if today < facts.starts_on:
        return Judgement(CriterionStatus.NOT_STARTED)
    due_on = _due_on(facts)
    overdue = due_on is not None and today > due_on
    if not facts.points:
        return Judgement(CriterionStatus.NO_DATA, due_on=due_on, is_overdue=overdue)
    if facts.kind == IndicatorKind.LOG and facts.baseline is None and facts.target is None:
        return Judgement(None, *_compared(facts))
    status = CriterionStatus.OVERDUE if overdue else _course(facts, today)
    return Judgement(status, *_compared(facts), due_on, overdue)


def _as_shown(facts: Facts) -> Facts:
    def shown(value: Decimal | None) -> Decimal | None:
        return None if value is None else rounded(value, facts.kind)

    # The first and the last two are all that anybody asks of.
    points = facts.points if len(facts.points) < 4 else (facts.points[0], *facts.points[-2:])
    return replace(
        facts,
        baseline=shown(facts.baseline),
        target=shown(facts.target),
        points=tuple(replace(point, value=rounded(point.value, facts.kind)) for point in points),
    )


def combine(judgements: Iterable[Judgement]) -> CriterionStatus | None:
    """The status of a criterion with several indicators: that of the worst one."""
    found = {judgement.status for judgement in judgements}
    return next((status for status in _WORST_FIRST if status in found), None)


def disagrees(level: AssessmentLevel, computed: CriterionStatus | None) -> bool:
    """Whether the manager sees it otherwise than the figures do, and so must say why.

    Where nothing is computed, because it is assessed in dialogue, there is nothing to disagree
    with; where figures are missing or old, a firm assessment needs a reason.
    """
    return computed is not None and computed not in _AGREES[AssessmentLevel(level)]


def _due_on(facts: Facts) -> date | None:
    if facts.kind == IndicatorKind.LOG:
        return None
    begins = max(facts.starts_on, facts.followed_on or facts.starts_on)
    since = facts.points[-1].day if facts.points else begins
    if facts.frequency == Frequency.WEEKLY:
        next_on = since + timedelta(weeks=1)
    else:
        next_on = _months_later(since, _MONTHS[facts.frequency])
    return next_on + timedelta(days=_GRACE_DAYS.get(facts.frequency, _USUAL_GRACE_DAYS))


def _months_later(day: date, months: int) -> date:
    """The same day of a later month; the last day of a month gives the last day of that one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    is_last = day.day == monthrange(day.year, day.month)[1]
    return date(year, month + 1, last if is_last else min(day.day, last))


def _start(facts: Facts) -> Point:
    first = facts.points[0]
    if facts.baseline is None:
        return first
    return Point(facts.baseline_on or min(facts.starts_on, first.day), facts.baseline)


def _rises(facts: Facts) -> bool:
    """Whether up is good; for a value to be reached, whichever way it lies."""
    if facts.direction == Direction.REACH and facts.target is not None:
        return facts.target >= _start(facts).value
    return facts.direction != Direction.LESS


def _level(facts: Facts) -> Decimal:
    return _start(facts).value if facts.target is None else facts.target


def _compared(facts: Facts) -> tuple[bool, bool]:
    """Whether the latest figure is worse, and whether it is better, than the one before."""
    if len(facts.points) < 2:
        return False, False
    before, latest = facts.points[-2:]
    if not _has_changed(before, latest, facts):
        return False, False
    if facts.direction == Direction.KEEP:
        level = _level(facts)
        gained = abs(before.value - level) - abs(latest.value - level)
    else:
        gained = (latest.value - before.value) * (1 if _rises(facts) else -1)
    return gained < 0, gained > 0


def _has_changed(before: Point, latest: Point, facts: Facts) -> bool:
    """By both measures; a share without counts has points alone."""
    least, difference = facts.least_change, abs(latest.value - before.value)
    if facts.kind != IndicatorKind.SHARE:
        return _differs(before.value, latest.value, least)
    if difference < least.points:
        return False
    if not before.whole or not latest.whole:
        return True
    assert latest.part is not None, "a whole has its part"
    assert before.part is not None, "a whole has its part"
    # |a/b - c/d| of the smaller group is |ad - bc| / max(b, d) people: whole numbers, no rounding.
    apart = abs(latest.part * before.whole - before.part * latest.whole)
    return apart >= least.people * max(before.whole, latest.whole)


def _differs(before: Decimal, latest: Decimal, least: LeastChange) -> bool:
    """Of counts and averages: so many per cent of the larger one, and of whole numbers as many.

    One person more or less in a count, or in an average of a few, is no change.
    """
    difference, larger = abs(latest - before), max(abs(before), abs(latest))
    if 100 * difference < least.points * larger:
        return False
    is_count = all(value == value.to_integral_value() for value in (before, latest))
    return difference >= least.people or not is_count


def _course(facts: Facts, today: date) -> CriterionStatus:
    if facts.direction == Direction.KEEP:
        return _kept(facts, today)
    start, latest = _start(facts), facts.points[-1]
    sign = 1 if _rises(facts) else -1
    gained = sign * (latest.value - start.value)
    if facts.target is None:
        return _by_gain(gained)
    if sign * (latest.value - facts.target) >= 0:
        return CriterionStatus.REACHED
    way = sign * (facts.target - start.value)
    if way <= 0 or (facts.target_on and facts.target_on < today):
        return CriterionStatus.OFF_COURSE
    if facts.target_on is None:
        return _by_gain(gained)
    behind = _expected(start.day, facts.target_on, latest.day) - gained / way
    if behind <= ON_COURSE_WITHIN:
        return CriterionStatus.ON_COURSE
    return CriterionStatus.AT_RISK if behind <= AT_RISK_WITHIN else CriterionStatus.OFF_COURSE


def _by_gain(gained: Decimal) -> CriterionStatus:
    if gained > 0:
        return CriterionStatus.ON_COURSE
    return CriterionStatus.OFF_COURSE if gained < 0 else CriterionStatus.AT_RISK


def _expected(first: date, last: date, day: date) -> Decimal:
    """How much of the way should be behind on ``day``, from 0 to 1."""
    if last <= first:
        return Decimal(1)
    passed = Decimal((day - first).days) / Decimal((last - first).days)
    return min(max(passed, Decimal(0)), Decimal(1))


def _kept(facts: Facts, today: date) -> CriterionStatus:
    level, latest = _level(facts), facts.points[-1].value
    away = abs(latest - level)
    if away <= abs(level) * KEPT_WITHIN:
        done = facts.target_on is not None and facts.target_on <= today
        return CriterionStatus.REACHED if done else CriterionStatus.ON_COURSE
    slipping = away <= abs(level) * SLIPPING_WITHIN
    return CriterionStatus.AT_RISK if slipping else CriterionStatus.OFF_COURSE
