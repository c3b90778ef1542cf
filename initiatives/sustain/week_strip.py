"""How twelve weeks of an activity or a factor are drawn as blocks, and what is said of them.

Pure. A strip is drawn from weeks and a verdict alone; what the drawing shows is also said in words,
for who does not see it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from krams.danish.holidays import days_in_words
from krams.danish.weeks import Week

from ..enums import CancellationReason, Verdict
from .expected import left_out_between
from .thresholds import DEFAULT_THRESHOLDS, STRIP_WEEKS, Thresholds
from .verdict import Assessment, assess, observe_lines, unplanned
from .weeks import Line, WeekBeat

WIDTH, HEIGHT = 18, 33
TALLEST, GAP = 9, 2
# More than these are hairlines: then a week is one column, filled as far as it was held.
MOST_BLOCKS = 6
SLIPPING = (Verdict.FADING, Verdict.STALLED)


@dataclass(frozen=True, slots=True)
class Cell:
    """One week: the paths of its drawing (empty ones are left out) and what it says."""

    text: str
    on: str = ""
    off: str = ""
    missing: str = ""
    pause: str = ""
    running: bool = False


@dataclass(frozen=True, slots=True)
class Strip:
    """A row of the table; without ``assessment`` there is neither plan nor log."""

    cells: tuple[Cell, ...]
    assessment: Assessment | None
    figures: str
    cancelled: str = ""
    missing: str = ""
    cancelled_count: int = 0
    # Public holidays that were not counted, in words.
    left_out: str = ""

    @property
    def is_slipping(self) -> bool:
        return self.assessment is not None and self.assessment.verdict in SLIPPING


def strip_of(
    line: Line,
    today: date,
    thresholds: Thresholds = DEFAULT_THRESHOLDS,
) -> Strip:
    """The strip of one activity: its plan and those that it replaced."""
    return common_strip([line], today, thresholds)


def common_strip(
    lines: Iterable[Line],
    today: date,
    thresholds: Thresholds = DEFAULT_THRESHOLDS,
) -> Strip:
    """The strip of all the activities that serve one factor."""
    lines = list(lines)
    course = observe_lines(lines, today, thresholds)
    assessment = assess(course, thresholds)
    recent = [beat for beat in course.beats if beat.is_judged][-thresholds.recent_weeks :]
    reasons: Counter[str] = Counter()
    for _plan, log in chain.from_iterable(lines):
        for beat in recent:
            reasons.update(log.cancelled.get(beat.week, {}))
    return Strip(
        cells=_cells(course.beats[-STRIP_WEEKS:]),
        assessment=assessment,
        figures=_figures(assessment, len(recent), is_weekly=_is_weekly(lines)),
        cancelled=_cancelled(reasons, assessment.expected),
        missing=missing_text(assessment),
        cancelled_count=reasons.total(),
        left_out=_left_out(lines, recent, today) if recent else "",
    )


def _is_weekly(lines: Iterable[Line]) -> bool:
    return all(plan.is_weekly for plan, _log in chain.from_iterable(lines))


def _left_out(lines: Iterable[Line], recent: Sequence[WeekBeat], today: date) -> str:
    """ "Week 52: 25 and 26 December are not counted", of the weeks that decide."""
    first, last = recent[0].week.monday, (Week.of(today) - 1).sunday
    # Most weeks have none: then no plan is looked at.
    plans = (plan for plan, _log in chain.from_iterable(lines))
    by_week = defaultdict(list)
    for day in left_out_between(plans, first, last):
        by_week[Week.of(day).number].append(day)
    return " ".join(
        ngettext(
            "Week %(week)s: %(days)s is not counted.",
            "Week %(week)s: %(days)s are not counted.",
            len(days),
        )
        % {"week": week, "days": days_in_words(days)}
        for week, days in by_week.items()
    )


def unplanned_strip(
    held: Mapping[Week, int],
    today: date,
    thresholds: Thresholds = DEFAULT_THRESHOLDS,
) -> Strip:
    """The strip of what is held without a plan, perhaps nothing."""
    running = Week.of(today)
    weeks = [running - back for back in reversed(range(STRIP_WEEKS))]
    cells = _cells([WeekBeat(week, 0, held.get(week, 0), False, week == running) for week in weeks])
    if not any(held.get(week) for week in weeks):
        return Strip(cells, None, "")
    assessment = unplanned(held, today, thresholds)
    return Strip(cells, assessment, _figures(assessment, thresholds.recent_weeks))


def _cells(beats: Sequence[WeekBeat]) -> tuple[Cell, ...]:
    tallest = max((max(beat.expected, beat.held) for beat in beats), default=0)
    return tuple(draw(beat, tallest) for beat in beats)


def draw(beat: WeekBeat, tallest: int) -> Cell:
    """One block per planned time, from the ground up, filled where it was held.

    ``tallest`` is the highest number in the row, so that all its weeks have one scale. More blocks
    than can be told apart become one bar.
    """
    return _drawn(
        get_language(),
        beat.expected,
        beat.held,
        beat.missing,
        tallest,
        is_rest=beat.paused and not beat.held,
        running=beat.running,
    )


@lru_cache(maxsize=4096)
def _drawn(
    _language: str | None,
    expected: int,
    held: int,
    missing: int,
    tallest: int,
    *,
    is_rest: bool,
    running: bool,
) -> Cell:
    """Weeks are alike: nearly all cells of a page have been drawn before."""
    if is_rest:
        return Cell(_("on pause"), pause="M5 25h2.5v8H5zM10.5 25H13v8h-2.5z", running=running)
    text = week_words(expected, held, missing)
    blocks = max(expected, held)
    off = blocks - min(missing, blocks - held)
    if tallest > MOST_BLOCKS:
        return Cell(
            text,
            on=_part(_solid, 0, held, tallest),
            off=_part(_outline, held, off, tallest),
            missing=_part(_outline, off, blocks, tallest),
            running=running,
        )
    height = min(TALLEST, (HEIGHT - GAP * (tallest - 1)) / tallest) if tallest else TALLEST
    tops = [max(0.0, HEIGHT - height - level * (height + GAP)) for level in range(blocks)]
    return Cell(
        text,
        on="".join(_solid(top, height) for top in tops[:held]),
        off="".join(_outline(top, height) for top in tops[held:off]),
        missing="".join(_outline(top, height) for top in tops[off:]),
        running=running,
    )


def _part(shape: Callable[[float, float], str], first: int, last: int, tallest: int) -> str:
    """The part of a column from one number of times to another."""
    if first == last:
        return ""
    return shape(HEIGHT * (1 - last / tallest), HEIGHT * (last - first) / tallest)


def _solid(top: float, height: float) -> str:
    return f"M0 {top:.4g}h{WIDTH}v{height:.4g}H0z"


def _outline(top: float, height: float) -> str:
    """Half a unit inside, because a line is drawn on both sides of its path."""
    inner = max(0.5, height - 1)
    return f"M.5 {top + 0.5:.4g}h{WIDTH - 1}v{inner:.4g}H.5z"


def week_words(expected: int, held: int, missing: int, *, paused: bool = False) -> str:
    if paused and not held:
        return _("on pause")
    if not expected and not held:
        return _("nothing planned")
    if not expected:
        return _("%(held)s, none planned") % {"held": held}
    numbers = {"held": held, "expected": expected, "missing": missing}
    if missing:
        return _("%(held)s of %(expected)s, %(missing)s not registered") % numbers
    return _("%(held)s of %(expected)s") % numbers


def missing_text(assessment: Assessment) -> str:
    """ "6 of 8 are not registered": what is to be written up before anything is concluded."""
    if not assessment.missing:
        return ""
    return ngettext(
        "%(missing)s of %(expected)s is not registered",
        "%(missing)s of %(expected)s are not registered",
        assessment.missing,
    ) % {"missing": assessment.missing, "expected": assessment.expected}


def _figures(assessment: Assessment, weeks: int, *, is_weekly: bool = True) -> str:
    """The figure behind the verdict, in few words."""
    held, expected, since = assessment.held, assessment.expected, assessment.since
    match assessment.verdict:
        case Verdict.PAUSED if assessment.restarts_on:
            return _("Starts again in week %(week)s") % {
                "week": Week.of(assessment.restarts_on).number
            }
        case Verdict.PAUSED:
            return _("No date for starting again")
        case Verdict.UNKNOWN:
            return missing_text(assessment)
        case Verdict.STALLED:
            assert since is not None, "what has stalled was held"
            return _("None since week %(week)s") % {"week": since.number}
        case Verdict.NEW if since:
            return _("Since week %(week)s") % {"week": since.number}
        case Verdict.NEW:
            return _("Not begun yet")
        case Verdict.UNPLANNED:
            return ngettext(
                "%(held)s time in the last %(weeks)s weeks",
                "%(held)s times in the last %(weeks)s weeks",
                held,
            ) % {"held": held, "weeks": weeks}
    numbers = {"held": held, "expected": expected, "weeks": weeks}
    if not is_weekly:
        # Weeks between do not count, so "the last four weeks" would say too little.
        return _("%(held)s of the last %(expected)s planned times") % numbers
    return _("%(held)s of %(expected)s in the last %(weeks)s weeks") % numbers


def _cancelled(reasons: Counter[str], expected: int) -> str:
    """ "4 of 6 cancelled: too few staff"; with several reasons, how many times each."""
    if not reasons:
        return ""
    told = [
        CancellationReason(reason).label + (f" ({times})" if len(reasons) > 1 else "")
        for reason, times in reasons.most_common()
    ]
    return _("%(cancelled)s of %(expected)s cancelled: %(reasons)s") % {
        "cancelled": reasons.total(),
        "expected": max(expected, reasons.total()),
        "reasons": ", ".join(told),
    }
