"""The agenda of a meeting makes itself: what slipped since last time, and what is still open.

Pure: :class:`Facts` in, an :class:`Agenda` out. An activity is judged by ``sustain.verdict`` on
the day of the agenda and on the day of the last meeting of the same place and kind; what changed
in between is the news. Which points of earlier meetings come up again is asked of the database, in
``queries.agenda``. The rules are those of the project's issue "B. KRAMS", point 7.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from krams.danish.collation import sort_key
from krams.danish.weeks import Week

from ..enums import CancellationReason, DecisionState, Factor, Verdict
from ..fields import factors_of
from ..sustain.verdict import Assessment
from ..sustain.week_strip import strip_of
from ..weekdays import rhythm_days
from .agenda_facts import Agreed, Attention, Facts, Followed, Item
from .criteria_news import News, news_of_criteria

SLIPPED = (Verdict.STALLED, Verdict.FADING)

QUESTIONS = {
    CancellationReason.STAFFING: _("Who can do it, and when are there enough of us?"),
    CancellationReason.NO_INTEREST: _("What would you rather do?"),
    CancellationReason.WEATHER: _("What do we do instead when the weather is bad?"),
    CancellationReason.CLOSED: _("Where else can we do it?"),
    CancellationReason.ILLNESS: _("Who steps in when somebody is ill?"),
    CancellationReason.ECONOMY: _("Can it be done for less?"),
    CancellationReason.OTHER: _("What does it take?"),
}
ASK_ANYWAY = _("Does the rhythm fit, or should it be another one?")


@dataclass(frozen=True)
class Row:
    """An activity as it stands; ``is_new`` where it did not slip at the last meeting."""

    followed: Followed
    assessment: Assessment
    figures: str
    cancelled: str
    missing: str
    question: str | Promise
    is_new: bool = False
    item: Item | None = None

    @property
    def verdict(self) -> Verdict:
        return self.assessment.verdict

    @property
    def factors(self) -> tuple[Factor, ...]:
        return factors_of(self.followed.factors)

    @property
    def pk(self) -> int:
        """Of the agenda item, where a person has put the activity on the agenda."""
        assert self.item is not None, "only a row that was put there has one"
        return self.item.pk

    @property
    def part(self) -> str:
        assert self.item is not None, "only a row that was put there has one"
        return self.item.part

    @property
    def about(self) -> str:
        return self.followed.title

    @property
    def planned(self) -> str:
        """How often: "3 a week", or in which weeks."""
        plan = self.followed.plan
        if not plan.is_weekly:
            return rhythm_days("".join(map(str, plan.weekdays)), plan.repeats)
        times = plan.times_per_week or len(plan.weekdays)
        return ngettext("%(number)s a week", "%(number)s a week", times) % {"number": times}


@dataclass(frozen=True, slots=True)
class Restart:
    """A pause that ends, or ended since last time; ``held`` counts the times since then."""

    followed: Followed
    restarts_on: date
    reason: str
    has_passed: bool
    held: int


@dataclass(frozen=True, slots=True)
class Tally:
    """What holds, for one factor: times held of times planned in the last weeks."""

    factor: Factor
    held: int
    expected: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A decision and where it stands."""

    decision: Agreed
    state: DecisionState
    is_elsewhere: bool

    @property
    def part(self) -> str:
        """Its id on the page."""
        return f"decision-{self.decision.pk}"


@dataclass(frozen=True)
class Agenda:
    """The agenda, in the order of the page; every list is in the order of its section.

    Of what got better and of what rests, the page names ``MOST_NAMED``.
    """

    MOST_NAMED: ClassVar[int] = 6
    # A department of sixty facilities cannot talk about hundreds of activities: the worst ones.
    MOST_SLIPPED: ClassVar[int] = 50

    facts: Facts
    items: tuple[Row | Item, ...] = ()
    slipped: tuple[Row, ...] = ()
    slipped_left_out: int = 0
    unknown: tuple[Row, ...] = ()
    better: tuple[Row, ...] = ()
    holding: tuple[Tally, ...] = ()
    paused: tuple[Followed, ...] = ()
    restarts: tuple[Restart, ...] = ()
    open: tuple[Standing, ...] = ()
    news: tuple[News, ...] = ()
    attention: tuple[Attention, ...] = ()
    decided: tuple[Standing, ...] = ()

    @property
    def better_left_out(self) -> int:
        return max(0, len(self.better) - self.MOST_NAMED)

    @property
    def unknown_left_out(self) -> int:
        return max(0, len(self.unknown) - self.MOST_NAMED)

    @property
    def paused_left_out(self) -> int:
        return max(0, len(self.paused) - self.MOST_NAMED)


def make(facts: Facts) -> Agenda:
    """Put the agenda together."""
    rows = [_row(followed, facts) for followed in facts.followed]
    by_plan = {row.followed.pk: row for row in rows}
    items = tuple(_items(facts, by_plan))
    by_hand = {item.followed.pk for item in items if isinstance(item, Row)}
    others = [row for row in rows if row.followed.pk not in by_hand]
    slipped = sorted((row for row in others if row.verdict in SLIPPED), key=_worst_first)
    restarts = tuple(_restarts(facts))
    restarting = {restart.followed.pk for restart in restarts}
    return Agenda(
        facts=facts,
        items=items,
        slipped=tuple(_with_words(row, facts) for row in slipped[: Agenda.MOST_SLIPPED]),
        slipped_left_out=max(0, len(slipped) - Agenda.MOST_SLIPPED),
        unknown=tuple(
            _with_words(row, facts)
            for row in sorted(
                (row for row in others if row.verdict is Verdict.UNKNOWN), key=_by_name
            )
        ),
        better=tuple(sorted((row for row in others if _got_better(row, facts)), key=_by_name)),
        holding=tuple(_tallies(rows)),
        paused=tuple(
            row.followed
            for row in sorted((row for row in rows if row.verdict is Verdict.PAUSED), key=_by_name)
            if row.followed.pk not in restarting
        ),
        restarts=restarts,
        open=tuple(_earlier_decisions(facts)),
        news=tuple(news_of_criteria(facts)),
        attention=tuple(_attention(facts)),
        decided=tuple(
            _standing(decision, facts)
            for decision in sorted(facts.decisions, key=lambda decision: decision.pk)
            if decision.meeting_id == facts.meeting_id
        ),
    )


def _row(followed: Followed, facts: Facts) -> Row:
    """The verdict; the words follow for the rows that are shown, since drawing is slow."""
    return Row(followed, followed.assess(facts.as_of, facts.thresholds), "", "", "", "")


def _with_words(row: Row, facts: Facts) -> Row:
    strip = strip_of(row.followed.course, facts.as_of, facts.thresholds)
    first = Week.of(facts.as_of) - facts.thresholds.window
    reasons: Counter[str] = Counter()
    for _plan, log in row.followed.course:
        for week, given in log.cancelled.items():
            if week > first:
                reasons.update(given)
    asked = QUESTIONS[CancellationReason(reasons.most_common(1)[0][0])] if reasons else ASK_ANYWAY
    return replace(
        row,
        figures=strip.figures,
        cancelled=strip.cancelled,
        missing=strip.missing,
        question=asked,
        is_new=bool(facts.previous_on) and _verdict_then(row, facts) not in SLIPPED,
    )


def _verdict_then(row: Row, facts: Facts) -> Verdict:
    assert facts.previous_on is not None, "then is the last meeting"
    return row.followed.assess(facts.previous_on, facts.thresholds).verdict


def _got_better(row: Row, facts: Facts) -> bool:
    if row.verdict is not Verdict.HOLDING or not facts.previous_on:
        return False
    return _verdict_then(row, facts) in SLIPPED


def _by_name(row: Row) -> tuple[Any, ...]:
    return sort_key(row.followed.facility), sort_key(row.followed.title), row.followed.pk


def _worst_first(row: Row) -> tuple[Any, ...]:
    kept = row.assessment.held / row.assessment.expected if row.assessment.expected else 1
    return row.verdict is not Verdict.STALLED, kept, _by_name(row)


def _items(facts: Facts, by_plan: dict[int, Row]) -> Iterator[Row | Item]:
    """Each activity once, also if it was left over from another meeting and put on this one."""
    seen = set()
    own_first = sorted(facts.items, key=lambda item: item.meeting_id != facts.meeting_id)
    for item in own_first:
        if item.plan_id in seen:
            continue
        if item.plan_id:
            seen.add(item.plan_id)
        row = by_plan.get(item.plan_id) if item.plan_id else None
        yield replace(_with_words(row, facts), item=item) if row else item


def _tallies(rows: list[Row]) -> Iterator[Tally]:
    for factor in Factor:
        mine = [
            row.assessment
            for row in rows
            if row.verdict is Verdict.HOLDING and factor in row.followed.factors
        ]
        if mine:
            yield Tally(
                factor,
                held=sum(assessment.held for assessment in mine),
                expected=sum(assessment.expected for assessment in mine),
            )


def _restarts(facts: Facts) -> Iterator[Restart]:
    """Pauses that end before the next meeting, or ended since the last one; the earliest first."""
    found = []
    for followed in facts.followed:
        for pause in followed.plan.pauses:
            day = pause.restarts_on
            if day is None or not facts.since < day <= facts.horizon:
                continue
            if not followed.plan.is_current(max(day, facts.as_of)):
                continue
            passed = day <= facts.as_of
            if followed.plan.pause_on(max(day, facts.as_of)):
                continue  # It was put on pause again, or the whole facility rests on.
            held = followed.held_since(day) if passed else 0
            found.append(Restart(followed, day, pause.reason, passed, held))
    yield from sorted(found, key=lambda restart: (restart.restarts_on, restart.followed.pk))


def _standing(decision: Agreed, facts: Facts) -> Standing:
    return Standing(
        decision,
        decision.state(facts.today),
        is_elsewhere=facts.many_places and bool(decision.place),
    )


def _earlier_decisions(facts: Facts) -> list[Standing]:
    """Open ones, those past their date first; then what was done since last time."""
    order = list(DecisionState)
    earlier = [
        _standing(decision, facts)
        for decision in facts.decisions
        if decision.meeting_id != facts.meeting_id
        and (decision.closed_on is None or decision.closed_on >= facts.since)
    ]
    return sorted(
        earlier,
        key=lambda row: (order.index(row.state), row.decision.due_on, row.decision.pk),
    )


def _attention(facts: Facts) -> list[Attention]:
    """Those whose day comes before the next meeting; the earliest first."""
    due = [point for point in facts.attention if point.follow_up_on <= facts.horizon]
    return sorted(due, key=lambda point: (point.follow_up_on, sort_key(point.text)))
