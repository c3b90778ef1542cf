"""Holder det? Whether an activity or a factor holds, fades or has stalled.

Pure: plans, their logs by week, and ``today`` go in; an :class:`Assessment` comes out. Held,
cancelled and not registered are three things: a time of which nobody wrote anything down was
perhaps held, so it counts neither for the plan nor against it. Nothing is stored: a page, an export
and an e-mail that ask on the same day give the same answer.

The way through: a plan and its log become a :class:`Course` (:func:`observe_line`); several courses
become one (:func:`merge`), so that a KRAMS factor is judged by the same ladder as an activity
(:func:`assess`). The rules are those of the project's issue "B. KRAMS", point 4.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from krams.danish.weeks import Week

from ..enums import Verdict
from .expected import Pause
from .thresholds import DEFAULT_THRESHOLDS, Thresholds, for_months
from .weeks import Line, WeekBeat, beats_together, combine, line_beats


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
    # Each plan of it comes once a month or so.
    monthly: bool = False


@dataclass(frozen=True, slots=True)
class Assessment:
    """A verdict with the figures behind it.

    ``expected`` and ``held`` count activities in the recent judged weeks, ``held`` as it was,
    also above plan. ``since`` is the week in which the state began: of a pause or a new plan the
    first one, of a stalled plan the last one in which it was held, of a fading plan the first
    recent one that fell short, of one that is not known the first with something missing; None
    for a plan that holds. ``restarts_on`` is set for a paused plan whose pause has an end.
    ``missing`` counts what was not registered in the recent weeks, ``missing_week`` is the last
    week of them with such a time.
    """

    verdict: Verdict
    expected: int
    held: int
    since: Week | None = None
    restarts_on: date | None = None
    missing: int = 0
    missing_week: Week | None = None

    @property
    def is_slipping(self) -> bool:
        """Whether somebody should talk about it."""
        return self.verdict in (Verdict.STALLED, Verdict.FADING)


def observe_line(line: Line, today: date, thresholds: Thresholds = DEFAULT_THRESHOLDS) -> Course:
    """Gather what there is to judge about one activity, whatever rhythms it has had.

    The logs must hold every week of ``thresholds.window`` and, if the activity was ever held
    before, at least the last such week: without it a plan that stalled long ago looks like one
    that never began.
    """
    return replace(_course(line, today), beats=tuple(line_beats(line, today, thresholds.window)))


def observe_lines(
    lines: Sequence[Line], today: date, thresholds: Thresholds = DEFAULT_THRESHOLDS
) -> Course:
    """Several activities as one: what ``merge`` makes of each ``observe_line``."""
    merged = merge(_course(line, today) for line in lines)
    return replace(merged, beats=tuple(beats_together(lines, today, thresholds.window)))


def _course(line: Line, today: date) -> Course:
    """Without its beats."""
    running = Week.of(today)
    current = [plan for plan, _log in line if plan.is_current(today)]
    held = (week for _plan, log in line for week, times in log.held.items() if times)
    pauses = [pause for plan in current if (pause := plan.rest_on(today))]
    return Course(
        beats=(),
        last_held=max((week for week in held if week < running), default=None),
        pause=_overlap(pauses) if pauses and len(pauses) == len(current) else None,
        current=bool(current),
        monthly=bool(line) and all(plan.is_monthly for plan, _log in line),
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
        monthly=bool(courses) and all(course.monthly for course in courses),
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
    3. *stalled*: held before, but not since the last ``stalled_weeks`` judged weeks began, and
       those weeks are known.
    4. *not known*: of the recent weeks ``unknown_percent`` or more of the plan is not registered,
       and what is missing could turn the answer either way.
    5. *fading*: the recent weeks kept under ``holding_percent`` of what is known, or at least
       ``drop_points`` percentage points less than the earlier weeks, if those are enough to
       judge by.
    6. *holding*.

    What is not registered is taken out of the plan, not counted as not held. Where so much is
    missing that this says little, there is a verdict only where it stands whatever became of the
    rest: under ``holding_percent`` though all of it was held, or holding though none of it was.

    Judged are complete weeks with something planned, within ``thresholds.window`` calendar
    weeks. Weeks without are skipped, so "the last four" reach further back across a pause, but
    never out of the window. What is held in the running week changes nothing until it is over.
    A plan that is more than three weeks old and was cancelled each time is fading, not stalled:
    nothing has come to a stop, and the figures (0 of n) tell the rest. An ended plan keeps the
    verdict of its last weeks while they are in the window; callers leave ended plans out.
    """
    thresholds = for_months(thresholds) if course.monthly else thresholds
    judged = [beat for beat in course.beats if beat.is_judged]
    recent = judged[-thresholds.recent_weeks :]
    earlier = judged[: -thresholds.recent_weeks][-thresholds.earlier_weeks :]

    def found(
        verdict: Verdict, since: Week | None = None, restarts_on: date | None = None
    ) -> Assessment:
        return _assessment(verdict, recent, since, restarts_on)

    if course.pause:
        return found(Verdict.PAUSED, Week.of(course.pause.starts_on), course.pause.restarts_on)
    if len(judged) < thresholds.new_weeks:
        return found(Verdict.NEW, next((beat.week for beat in course.beats if beat.expected), None))
    if _has_stalled(judged, course.last_held, thresholds):
        return found(Verdict.STALLED, course.last_held)
    is_fading = _is_fading(recent, earlier, thresholds)
    if is_fading is None:
        return found(Verdict.UNKNOWN, next(beat.week for beat in recent if beat.missing))
    if is_fading:
        fell_short = (beat.week for beat in recent if beat.held < beat.known)
        return found(Verdict.FADING, next(fell_short, recent[0].week))
    return found(Verdict.HOLDING)


def _assessment(
    verdict: Verdict, recent: Sequence[WeekBeat], since: Week | None, restarts_on: date | None
) -> Assessment:
    return Assessment(
        verdict,
        sum(beat.expected for beat in recent),
        sum(beat.held for beat in recent),
        since,
        restarts_on,
        sum(beat.missing for beat in recent),
        max((beat.week for beat in recent if beat.missing), default=None),
    )


def _has_stalled(
    judged: Sequence[WeekBeat], last_held: Week | None, thresholds: Thresholds
) -> bool:
    if last_held is None or len(judged) < thresholds.stalled_weeks:
        return False
    without = judged[-thresholds.stalled_weeks :]
    return last_held < without[0].week and not _misses_much(without, thresholds)


def _misses_much(judged: Sequence[WeekBeat], thresholds: Thresholds) -> bool:
    missing = 100 * sum(beat.missing for beat in judged)
    return missing >= thresholds.unknown_percent * sum(beat.expected for beat in judged)


def _is_fading(
    recent: Sequence[WeekBeat], earlier: Sequence[WeekBeat], thresholds: Thresholds
) -> bool | None:
    """None where so much is not registered that nobody can tell."""
    kept = sum(beat.kept for beat in recent)
    missing = sum(beat.missing for beat in recent)
    expected = sum(beat.expected for beat in recent)
    if not _misses_much(recent, thresholds):
        return _falls_short(Fraction(100 * kept, expected - missing), earlier, thresholds)
    if 100 * (kept + missing) < thresholds.holding_percent * expected:
        return True
    at_worst = _falls_short(Fraction(100 * kept, expected), earlier, thresholds)
    return None if at_worst else False


def _falls_short(
    percent_now: Fraction, earlier: Sequence[WeekBeat], thresholds: Thresholds
) -> bool:
    """Percentages are exact: 75 of 100 must not become 74.99."""
    if percent_now < thresholds.holding_percent:
        return True
    earlier = [beat for beat in earlier if beat.known]
    if len(earlier) < thresholds.new_weeks:
        return False
    kept, known = (sum(getattr(beat, name) for beat in earlier) for name in ("kept", "known"))
    return Fraction(100 * kept, known) - percent_now >= thresholds.drop_points


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
