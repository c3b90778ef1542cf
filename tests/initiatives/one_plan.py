"""Weeks, course and verdict of a single plan, as tests of the rules ask for them."""

from datetime import date

from initiatives.sustain.expected import Plan
from initiatives.sustain.thresholds import DEFAULT_THRESHOLDS, STRIP_WEEKS, Thresholds
from initiatives.sustain.verdict import Assessment, Course, assess, observe_line
from initiatives.sustain.weeks import Log, WeekBeat, line_beats


def beats(plan: Plan, log: Log, today: date, weeks: int = STRIP_WEEKS) -> list[WeekBeat]:
    """The last weeks of one plan; see :func:`line_beats`."""
    return line_beats([(plan, log)], today, weeks)


def observe(
    plan: Plan,
    log: Log,
    today: date,
    thresholds: Thresholds = DEFAULT_THRESHOLDS,
) -> Course:
    """Gather what there is to judge about one plan; see :func:`observe_line`."""
    return observe_line([(plan, log)], today, thresholds)


def verdict(
    plan: Plan,
    log: Log,
    today: date,
    thresholds: Thresholds = DEFAULT_THRESHOLDS,
) -> Assessment:
    """Judge one plan; see :func:`observe` for what ``log`` must hold."""
    return assess(observe(plan, log, today, thresholds), thresholds)
