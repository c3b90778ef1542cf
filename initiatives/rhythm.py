"""Holder det? Compares what was planned with what was held, week by week.

Pure: plans, counts of held activities per week, and ``today`` go in; a strip of :class:`WeekBeat`
and an :class:`Assessment` come out. Nothing is stored, so a page, an export and an e-mail that
ask on the same day give the same answer.

The way through: a plan and its log become a :class:`Course` (:func:`observe`); several courses
become one (:func:`merge`), so that a KRAMS factor is judged by the same ladder as an activity
(:func:`assess`). The rules are those of the project's issue "B. KRAMS", point 4.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from fractions import Fraction
from functools import lru_cache

from initiatives.verdict import Verdict
from krams.danish import Week

STRIP_WEEKS = 12
# What a municipality may choose: one week says nothing of a rhythm, and half a year of log is
# enough to judge.
LEAST_RECENT_WEEKS = 2
MOST_RECENT_WEEKS = 8
MOST_EARLIER_WEEKS = 16


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which a plan does not run; ``restarts_on`` is the first day it runs again.

    Without a restart date the pause is open. Raises ValueError for a restart before the start.
    """

    starts_on: date
    restarts_on: date | None
    reason: str = ""

    def __post_init__(self) -> None:
        if self.restarts_on is not None and self.restarts_on < self.starts_on:
            raise ValueError("a pause cannot end before it starts")

    def covers(self, day: date) -> bool:
        return self.starts_on <= day and (self.restarts_on is None or day < self.restarts_on)

    def touches(self, first: date, last: date) -> bool:
        return self.starts_on <= last and (self.restarts_on is None or first < self.restarts_on)


@dataclass(frozen=True, slots=True)
class Plan:
    """An activity that repeats every week, on fixed weekdays or a number of times.

    ``weekdays`` are ISO weekdays (1 is Monday); an activity counts once a day. Both ``starts_on``
    and ``ends_on`` are days on which it runs. Raises ValueError unless exactly one of
    ``weekdays`` and ``times_per_week`` is given, for an unknown weekday, fewer than one time a
    week, or an end before the start.
    """

    starts_on: date
    ends_on: date | None
    weekdays: tuple[int, ...]
    times_per_week: int | None
    pauses: tuple[Pause, ...] = ()

    def __post_init__(self) -> None:
        if bool(self.weekdays) == (self.times_per_week is not None):
            raise ValueError("a plan has either weekdays or a number of times a week")
        if not set(self.weekdays) <= set(range(1, 8)):
            raise ValueError("weekdays are 1 (Monday) to 7 (Sunday)")
        if self.times_per_week is not None and self.times_per_week < 1:
            raise ValueError("a plan runs at least once a week")
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise ValueError("a plan cannot end before it starts")

    def is_current(self, day: date) -> bool:
        """Whether the plan has started and not ended, paused or not."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def pause_on(self, day: date) -> Pause | None:
        """The pause that the day lies in; where several do, the one that lasts longest."""
        covering = [pause for pause in self.pauses if pause.covers(day)]
        return max(covering, key=lambda pause: pause.restarts_on or date.max, default=None)

    def runs_on(self, day: date) -> bool:
        return self.is_current(day) and not any(pause.covers(day) for pause in self.pauses)

    def runs_through(self, week: Week) -> bool:
        """Whether it runs on all seven days: the usual week, told without looking at each."""
        first, last = week.monday, week.sunday
        return (
            self.starts_on <= first
            and (self.ends_on is None or last <= self.ends_on)
            and not any(pause.touches(first, last) for pause in self.pauses)
        )


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

    def __post_init__(self) -> None:
        if any(getattr(self, field.name) < 1 for field in fields(self)):
            raise ValueError("every threshold is at least 1")

    @property
    def window(self) -> int:
        """Weeks to look at: recent, earlier and the running one; as many as the strip at least."""
        return max(self.recent_weeks + self.earlier_weeks + 1, STRIP_WEEKS)


DEFAULT_THRESHOLDS = Thresholds()
LONGEST_WINDOW = MOST_RECENT_WEEKS + MOST_EARLIER_WEEKS + 1


@dataclass(frozen=True, slots=True)
class WeekBeat:
    """One week of the strip, in activities.

    ``paused``: nothing was expected, and a pause is why. ``running``: the week is not over, so
    it is shown but never judged.
    """

    week: Week
    expected: int
    held: int
    paused: bool
    running: bool

    @property
    def is_judged(self) -> bool:
        """A complete week with something planned: the only kind that verdicts look at."""
        return self.expected > 0 and not self.running

    @property
    def kept(self) -> int:
        """Held, but at most what was planned: one busy week does not make up for empty ones."""
        return min(self.held, self.expected)


@dataclass(frozen=True, slots=True)
class Course:
    """What the ladder judges: the beats in order, and what they cannot tell.

    ``last_held`` is the last complete week with something held, also if it lies before the
    beats. ``pause`` is the one that today lies in. ``current`` says that a plan runs or is
    paused today, neither ended nor still to start.
    """

    beats: tuple[WeekBeat, ...]
    last_held: Week | None
    pause: Pause | None
    current: bool


@dataclass(frozen=True, slots=True)
class Assessment:
    """A verdict with the figures behind it.

    ``expected`` and ``held`` count activities in the recent judged weeks, ``held`` as it was,
    also above plan. ``since`` is the week in which the state began: of a pause or a new plan the
    first one, of a stalled plan the last one in which it was held, of a fading plan the first
    recent one that fell short; None for a plan that holds. ``restarts_on`` is set for a paused
    plan whose pause has an end.
    """

    verdict: Verdict
    expected: int
    held: int
    since: Week | None = None
    restarts_on: date | None = None

    @property
    def is_slipping(self) -> bool:
        """Whether somebody should talk about it."""
        return self.verdict in (Verdict.STALLED, Verdict.FADING)


def expected_in_week(plan: Plan, week: Week, today: date | None = None) -> int:
    """Return how many activities the plan promises in the week, by ``today`` if it is given.

    Days outside the plan and in pauses are taken out. Of "n times a week" the share of running
    days remains, n x days / 7 with halves rounded up, and so never more than n.
    """
    if (today is None or week.sunday <= today) and plan.runs_through(week):
        return plan.times_per_week or len(set(plan.weekdays))
    days = [
        weekday
        for weekday, day in enumerate(week.days, start=1)
        if plan.runs_on(day) and (today is None or day <= today)
    ]
    if plan.times_per_week is None:
        return sum(weekday in plan.weekdays for weekday in days)
    return (2 * plan.times_per_week * len(days) + 7) // 14


def beats(
    plan: Plan, held: Mapping[Week, int], today: date, weeks: int = STRIP_WEEKS
) -> list[WeekBeat]:
    """Return the plan's last weeks in order; the last one is the running week.

    ``held`` maps weeks to activities held; a missing week is 0. The running week shows what is
    expected of it as a whole.
    """
    running = Week.of(today)
    return [_beat(plan, week, held.get(week, 0), running) for week in _weeks_to(running, weeks)]


@lru_cache(maxsize=64)
def _weeks_to(last: Week, number: int) -> tuple[Week, ...]:
    """The same few weeks for every plan of a page."""
    return tuple(last - back for back in reversed(range(number)))


def _beat(plan: Plan, week: Week, held: int, running: Week) -> WeekBeat:
    expected = expected_in_week(plan, week)
    paused = expected == 0 and any(plan.is_current(day) and plan.pause_on(day) for day in week.days)
    return WeekBeat(week, expected, held, paused, running=week == running)


def combine(strips: Iterable[Sequence[WeekBeat]]) -> list[WeekBeat]:
    """Sum the strips of several plans into one, week by week in order.

    A week is paused where nothing is expected of any plan and at least one is paused.
    """
    strips = list(strips)
    if len(strips) == 1:
        return list(strips[0])
    by_week: dict[Week, list[WeekBeat]] = {}
    for strip in strips:
        for beat in strip:
            by_week.setdefault(beat.week, []).append(beat)
    return [_sum(by_week[week]) for week in sorted(by_week)]


def _sum(same_week: Sequence[WeekBeat]) -> WeekBeat:
    expected = sum(beat.expected for beat in same_week)
    return WeekBeat(
        week=same_week[0].week,
        expected=expected,
        held=sum(beat.held for beat in same_week),
        paused=expected == 0 and any(beat.paused for beat in same_week),
        running=same_week[0].running,
    )


def observe(
    plan: Plan,
    held: Mapping[Week, int],
    today: date,
    thresholds: Thresholds = DEFAULT_THRESHOLDS,
) -> Course:
    """Gather what there is to judge about one plan.

    ``held`` must hold every week of ``thresholds.window`` and, if the activity was ever held
    before, at least the last such week: without it a plan that stalled long ago looks like one
    that never began.
    """
    running = Week.of(today)
    current = plan.is_current(today)
    return Course(
        beats=tuple(beats(plan, held, today, thresholds.window)),
        last_held=max((week for week in held if held[week] and week < running), default=None),
        pause=plan.pause_on(today) if current else None,
        current=current,
    )


def merge(courses: Iterable[Course]) -> Course:
    """Make one course of several plans, for a factor or a whole facility.

    It is paused only when every current plan is: since the last of them paused, and until the
    first restarts.
    """
    courses = list(courses)
    current = [course for course in courses if course.current]
    pauses = [course.pause for course in current if course.pause]
    all_paused = bool(pauses) and len(pauses) == len(current)
    return Course(
        beats=tuple(combine(course.beats for course in courses)),
        last_held=max((course.last_held for course in courses if course.last_held), default=None),
        pause=_overlap(pauses) if all_paused else None,
        current=bool(current),
    )


def _overlap(pauses: Sequence[Pause]) -> Pause:
    """The time that all the pauses have in common; they share at least today."""
    restarts = [pause.restarts_on for pause in pauses if pause.restarts_on]
    return Pause(max(pause.starts_on for pause in pauses), min(restarts, default=None))


def assess(course: Course, thresholds: Thresholds = DEFAULT_THRESHOLDS) -> Assessment:
    """Judge a course by a ladder; the first rung that fits decides.

    1. *paused*: today lies in a pause.
    2. *new*: fewer than ``new_weeks`` judged weeks. A plan that restarts after a long pause is
       new once more: there is nothing yet to judge it by.
    3. *stalled*: held before, but not since the last ``stalled_weeks`` judged weeks began.
    4. *fading*: the recent weeks kept under ``holding_percent`` of the plan, or at least
       ``drop_points`` percentage points less than the earlier weeks, if those are enough to
       judge by.
    5. *holding*.

    Judged are complete weeks with something planned, within ``thresholds.window`` calendar
    weeks. Weeks without are skipped, so "the last four" reach further back across a pause, but
    never out of the window. What is held in the running week changes nothing until it is over.
    A plan that is more than three weeks old and was never held is fading, not stalled: nothing
    has come to a stop, and the figures (0 of n) tell the rest. An ended plan keeps the verdict
    of its last weeks while they are in the window; callers leave ended plans out.
    """
    judged = [beat for beat in course.beats if beat.is_judged]
    recent = judged[-thresholds.recent_weeks :]
    earlier = judged[: -thresholds.recent_weeks][-thresholds.earlier_weeks :]
    figures = sum(beat.expected for beat in recent), sum(beat.held for beat in recent)

    if course.pause:
        began = Week.of(course.pause.starts_on)
        return Assessment(Verdict.PAUSED, *figures, began, course.pause.restarts_on)
    if len(judged) < thresholds.new_weeks:
        first = next((beat.week for beat in course.beats if beat.expected), None)
        return Assessment(Verdict.NEW, *figures, first)
    if _has_stalled(judged, course.last_held, thresholds):
        return Assessment(Verdict.STALLED, *figures, course.last_held)
    if _is_fading(recent, earlier, thresholds):
        fell_short = next((beat.week for beat in recent if beat.held < beat.expected), None)
        return Assessment(Verdict.FADING, *figures, fell_short)
    return Assessment(Verdict.HOLDING, *figures)


def _has_stalled(
    judged: Sequence[WeekBeat], last_held: Week | None, thresholds: Thresholds
) -> bool:
    if last_held is None or len(judged) < thresholds.stalled_weeks:
        return False
    return last_held < judged[-thresholds.stalled_weeks].week


def _is_fading(
    recent: Sequence[WeekBeat], earlier: Sequence[WeekBeat], thresholds: Thresholds
) -> bool:
    percent_now = _percent_kept(recent)
    if percent_now < thresholds.holding_percent:
        return True
    if len(earlier) < thresholds.new_weeks:
        return False
    return _percent_kept(earlier) - percent_now >= thresholds.drop_points


def _percent_kept(judged: Sequence[WeekBeat]) -> Fraction:
    """Share of the plan that was kept, in exact percent: 75 of 100 must not become 74.99."""
    return Fraction(100 * sum(beat.kept for beat in judged), sum(beat.expected for beat in judged))


def verdict(
    plan: Plan,
    held: Mapping[Week, int],
    today: date,
    thresholds: Thresholds = DEFAULT_THRESHOLDS,
) -> Assessment:
    """Judge one plan; see :func:`observe` for what ``held`` must hold."""
    return assess(observe(plan, held, today, thresholds), thresholds)


def combined_verdict(
    courses: Iterable[Course], thresholds: Thresholds = DEFAULT_THRESHOLDS
) -> Assessment:
    """Judge several plans as one, by their sums."""
    return assess(merge(courses), thresholds)


def unplanned(
    held: Mapping[Week, int],
    today: date,
    thresholds: Thresholds = DEFAULT_THRESHOLDS,
) -> Assessment:
    """Describe an activity that is held without a plan: how often lately, and since when."""
    running = Week.of(today)
    lately = (running - back for back in range(1, thresholds.recent_weeks + 1))
    return Assessment(
        Verdict.UNPLANNED,
        expected=0,
        held=sum(held.get(week, 0) for week in lately),
        since=min((week for week in held if held[week]), default=None),
    )
