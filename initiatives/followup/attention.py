"""What requires attention in a department, each line with the one thing that deals with it.

Pure, but for addresses. :func:`concerns_from` gives :class:`Concern` objects; the page and the
e-mail show the same ones.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krams.danish.collation import sort_key
from krams.danish.weeks import Week

from ..criteria.figures import Tracked
from ..enums import ConcernKind, CriterionStatus, DecisionState, Factor, Verdict
from ..fields import factors_of
from ..sustain.expected import Pause, chain
from ..sustain.rows import HasSlug, JudgedRow
from ..sustain.thresholds import Thresholds
from ..sustain.verdict import Assessment, assess, observe_line
from ..sustain.week_strip import missing_text
from ..sustain.weeks import WeekBeat, line_beats
from .concern import Concern, Facts, Point, Restart
from .factor_matrix import Courses
from .overview import Cell, Row, Table

# A pause without a date is a plan that nobody has promised to take up again.
LONGEST_OPEN_PAUSE = timedelta(weeks=4)


def concerns_from(
    facts: Facts,
    department: HasSlug,
    tables: Iterable[Table],
    today: date,
    thresholds: Thresholds,
) -> tuple[list[Concern], Counter[Verdict], Courses]:
    """Everything that requires attention, oldest first, and how the plans of today are judged.

    Last comes what the plans of today are judged by, for each facility and factor.
    ``tables`` come from ``read_tables``.
    """
    verdicts: Counter[Verdict] = Counter()
    by_factor = Courses()
    concerns = [
        *_overdue_measurements(tables, department.slug),
        *_plans(facts, today, thresholds, verdicts, by_factor),
        *map(_decision, facts.decisions),
        *map(_point, facts.points),
    ]
    return (
        sorted(concerns, key=lambda one: (one.since, sort_key(str(one.title)))),
        verdicts,
        by_factor,
    )


def _day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def _overdue_measurements(tables: Iterable[Table], department_slug: str) -> Iterator[Concern]:
    """Figures that should have been there; only where an indicator is followed at the facility."""
    for table in tables:
        for row in table.rows:
            for cell in row.cells:
                for one in cell.tracked:
                    if one.judgement.is_overdue:
                        yield _overdue(department_slug, row, cell, one)


def _overdue(department_slug: str, row: Row, cell: Cell, one: Tracked) -> Concern:
    page = [department_slug, cell.column.pk, row.slug]
    name = one.name if cell.is_compound else cell.column.title
    due_on = one.judgement.due_on
    assert due_on is not None, "what is overdue was due"
    due = _day(due_on)
    if one.latest:
        latest = _day(one.latest.day)
        text = _("The latest measurement is from %(latest)s; the next was due %(due)s.")
    else:
        latest, text = "", _("Nothing has been measured yet.")
    if row.may_manage:
        url = reverse("initiatives:measurement-add", args=[*page, one.indicator_id])
        action = _("Enter measurement")
    else:
        url, action = reverse("initiatives:criterion", args=page), _("See the criterion")
    return Concern(
        about=ConcernKind.MEASUREMENT,
        kind=CriterionStatus.OVERDUE,
        word=_("Measurement overdue") if one.latest else _("Measurement missing"),
        factors=cell.column.factors,
        title=format_lazy("{}: {}", row.name, name),
        text=text % {"latest": latest, "due": due},
        since=due_on,
        url=url,
        action=action,
        may_act=row.may_manage,
    )


def _plans(
    facts: Facts,
    today: date,
    thresholds: Thresholds,
    verdicts: Counter[Verdict],
    by_factor: Courses,
) -> Iterator[Concern]:
    """Plans that slip or of which too little is known, pauses without an end, and what is missing.

    What was not registered last week is one line a facility; a plan that slips is told of there
    too, one that is not known has a line of its own. A facility that rests as a whole is one line.
    """
    last_week = Week.of(today) - 1
    missing, told = defaultdict(list), set()
    houses: dict[int, Concern] = {}
    replaced = {row.replaces_id for row in facts.rows.values()}
    for row in facts.rows.values():
        plan = facts.plans[row.pk]
        links = chain(row, facts.rows)
        line = [(facts.plans[link.pk], facts.logs[link.pk]) for link in links]
        beats: Sequence[WeekBeat] = ()
        if plan.is_current(today):
            course = observe_line(line, today, thresholds)
            beats = course.beats
            by_factor.add(row.facility, row.factors, [course])
            found = assess(course, thresholds)
            verdicts[found.verdict] += 1
            if found.verdict == Verdict.UNKNOWN:
                told.add(row.pk)
                yield _unknown(row, found)
            elif found.is_slipping:
                yield _slipping(row, found, thresholds)
            pause = plan.pause_on(today)
            if pause and not pause.restarts_on and pause.starts_on <= today - LONGEST_OPEN_PAUSE:
                if pause.of_house:
                    houses.setdefault(row.facility_id, _house_paused(row, pause))
                else:
                    yield _paused(row, pause)
        if row.pk in replaced or told.intersection(link.pk for link in links):
            continue
        *_before, beat, _running = beats or line_beats(line, today, weeks=2)
        if beat.missing:
            missing[row.facility_id].append((row, beat.missing))
    yield from houses.values()
    for lines in missing.values():
        yield _unregistered(lines, last_week)


def _slipping(row: JudgedRow, found: Assessment, thresholds: Thresholds) -> Concern:
    """One that has stalled is paused with a reason; one that fades is talked about."""
    numbers = {"held": found.held, "expected": found.expected}
    stalled = found.verdict == Verdict.STALLED
    if stalled and found.since:
        text = _("Last held in week %(week)d; planned %(expected)d times lately.") % {
            "week": found.since.number,
            **numbers,
        }
    else:
        text = ngettext(
            "%(held)d of %(expected)d planned times in the last week.",
            "%(held)d of %(expected)d planned times in the last %(weeks)d weeks.",
            thresholds.recent_weeks,
        ) % {**numbers, "weeks": thresholds.recent_weeks}
    url, action = reverse("initiatives:rhythm", args=[row.facility.slug]), _("See the rhythm")
    pauses = stalled and row.may_manage
    if pauses:
        url = reverse("initiatives:plan-pause", args=[row.facility.slug, row.pk])
        action = _("Pause it")
    if found.missing:
        text = f"{text} {missing_text(found)}."
    return Concern(
        about=ConcernKind.PLAN,
        kind=found.verdict,
        word=found.verdict.label,
        factors=factors_of(row.factors),
        title=format_lazy("{}: {}", row.facility.name, str(row)),
        text=text,
        since=found.since.monday if found.since else row.starts_on,
        url=url,
        action=action,
        may_act=row.may_log,
        plan=row if row.may_log and not pauses else None,
    )


def _unknown(row: JudgedRow, found: Assessment) -> Concern:
    """First it is written up what became of it; before that there is nothing to talk about."""
    slug = row.facility.slug
    assert found.since is not None, "what is not known has a first week"
    url, action = reverse("initiatives:rhythm", args=[slug]), _("See the rhythm")
    if row.may_log:
        url = reverse("initiatives:grid", args=[slug, str(found.missing_week)])
        action = _("Register the week")
    return Concern(
        about=ConcernKind.LOG,
        kind=found.verdict,
        word=found.verdict.label,
        factors=factors_of(row.factors),
        title=format_lazy("{}: {}", row.facility.name, str(row)),
        text=f"{missing_text(found)}.",
        since=found.since.monday,
        url=url,
        action=action,
        may_act=row.may_log,
    )


def _paused(row: JudgedRow, pause: Pause) -> Concern:
    pk, version = row.current_pause
    slug = row.facility.slug
    return replace(
        _house_paused(row, pause),
        factors=factors_of(row.factors),
        title=format_lazy("{}: {}", row.facility.name, str(row)),
        url=row.get_absolute_url(),
        action=_("See the plan"),
        restart=Restart(reverse("initiatives:plan-restart", args=[slug, row.pk, pk]), version)
        if row.may_manage
        else None,
    )


def _house_paused(row: JudgedRow, pause: Pause) -> Concern:
    """The facility of ``row`` rests as a whole; its weekly plan has what ends that."""
    return Concern(
        about=ConcernKind.PAUSE,
        kind=Verdict.PAUSED,
        word=Verdict.PAUSED.label,
        factors=(),
        title=_("%(facility)s: everything planned") % {"facility": row.facility.name},
        text=_("Since %(day)s, with no date for starting again: %(reason)s")
        % {"day": _day(pause.starts_on), "reason": pause.reason},
        since=pause.starts_on,
        url=reverse("initiatives:plan", args=[row.facility.slug]),
        action=_("See the plan"),
        may_act=row.may_manage,
    )


def _unregistered(lines: list[tuple[JudgedRow, int]], week: Week) -> Concern:
    """Of one facility, all its plans in one line."""
    first = lines[0][0]
    slug, number = first.facility.slug, sum(times for _row, times in lines)
    letters = "".join(letter for letter in Factor if any(letter in r.factors for r, _n in lines))
    url = reverse("initiatives:log", args=[slug])
    if first.may_log:
        url = reverse("initiatives:grid", args=[slug, str(week)])
    return Concern(
        about=ConcernKind.LOG,
        kind=CriterionStatus.OVERDUE,
        word=_("Not registered"),
        factors=factors_of(letters),
        title=format_lazy("{}: {}", first.facility.name, week.label),
        text=ngettext(
            "%(number)d planned time is neither held nor cancelled: %(names)s.",
            "%(number)d planned times are neither held nor cancelled: %(names)s.",
            number,
        )
        % {"number": number, "names": _names([str(row) for row, _times in lines])},
        since=week.monday,
        url=url,
        action=_("Register the week") if first.may_log else _("See the registrations"),
        may_act=first.may_log,
    )


def _names(names: list[str]) -> str:
    """The first few, and how many more."""
    names = list(dict.fromkeys(names))
    if len(names) <= 4:
        return ", ".join(names)
    return _("%(names)s and %(number)d more") % {
        "names": ", ".join(names[:3]),
        "number": len(names) - 3,
    }


def _decision(point: Point) -> Concern:
    if point.may_act:
        url = reverse("initiatives:decision-follow-up", args=[point.parent, point.pk])
        action = _("Close or postpone")
    else:
        url = reverse("initiatives:meeting", args=[point.parent]) + f"#decision-{point.pk}"
        action = _("See the meeting")
    return Concern(
        about=ConcernKind.DECISION,
        kind=DecisionState.OVERDUE,
        word=_("Decision past its date"),
        factors=(),
        title=format_lazy("{}: {}", point.place, point.text) if point.place else point.text,
        text=_("Agreed to be done by %(day)s.") % {"day": _day(point.due_on)},
        since=point.due_on,
        url=url,
        action=action,
        may_act=point.may_act,
    )


def _point(point: Point) -> Concern:
    if point.may_act:
        url = reverse("initiatives:section-edit", args=[point.parent, "opfoelgning"])
        action = _("Close or postpone")
    else:
        url, action = (
            reverse("initiatives:initiative", args=[point.parent]),
            _("See the initiative"),
        )
    return Concern(
        about=ConcernKind.POINT,
        kind=DecisionState.OVERDUE,
        word=_("Follow-up past its date"),
        factors=factors_of(point.factor) if point.factor else (),
        title=point.text,
        text=_("To be followed up by %(day)s.") % {"day": _day(point.due_on)},
        since=point.due_on,
        url=url,
        action=action,
        may_act=point.may_act,
    )
