"""What comes up on an agenda, and in which order."""

import datetime as dt
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation

from initiatives.criteria import status
from initiatives.enums import AssessmentLevel, CancellationReason, DecisionState, Direction, Verdict
from initiatives.meetings.agenda import ASK_ANYWAY, QUESTIONS, make
from initiatives.meetings.agenda_facts import (
    Agreed,
    Assessed,
    Attention,
    Facts,
    Followed,
    Item,
    Measured,
)
from initiatives.sustain.expected import Pause, Plan
from initiatives.sustain.weeks import Log
from krams.danish.weeks import Week
from krams.privacy.small_counts import HIDDEN

TODAY = dt.date(2026, 11, 21)  # a Saturday in week 47
MEETING = dt.date(2026, 11, 26)
PREVIOUS = dt.date(2026, 10, 29)
WEEKS = [Week.of(TODAY) - back for back in range(1, 27)]
OFTEN = 2


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def plan(**values) -> Plan:
    values.setdefault("starts_on", TODAY - dt.timedelta(weeks=40))
    return Plan(ends_on=None, weekdays=(), times_per_week=OFTEN, **values)


def followed(pk=1, title="Gåtur", *, held=None, cancelled=None, factors="M", facility="", **values):
    """Twice a week; ``held`` maps weeks back (1 is last week) to times held, all else is full."""
    log = Counter({week: OFTEN for week in WEEKS})
    for back, times in (held or {}).items():
        log[WEEKS[back - 1]] = times
    reasons = {week: Counter(closed=OFTEN - log[week]) for week in WEEKS if log[week] < OFTEN}
    if cancelled is not None:
        reasons = {WEEKS[back - 1]: Counter(given) for back, given in cancelled.items()}
    return Followed(
        pk, title, factors, facility, "bakkehuset", ((plan(**values), Log(log, reasons)),)
    )


def stalled(pk=1, title="Kaffefri eftermiddag", **values):
    return followed(pk, title, held=dict.fromkeys(range(1, 7), 0), **values)


def fading(pk=2, title="Aftentur", **values):
    return followed(pk, title, held={1: 0, 2: 1, 3: 0, 4: 1}, **values)


def recovered(pk=3, title="Svømning", **values):
    """Not held before the last meeting, and every time since."""
    return followed(pk, title, held=dict.fromkeys(range(4, 12), 0), **values)


def facts(**values) -> Facts:
    values.setdefault("previous_on", PREVIOUS)
    return Facts(today=TODAY, held_on=MEETING, meeting_id=1, **values)


def agreed(pk=1, **values) -> Agreed:
    values = {
        "text": "Gåturen flyttes",
        "responsible_role": "Medarbejder",
        "due_on": dt.date(2026, 12, 1),
        "closed_on": None,
        "closing_note": "",
        "plan_id": None,
        "plan_title": "",
        "meeting_id": 7,
        "kind": "house",
        "made_on": PREVIOUS,
        "place": "Bakkehuset",
    } | values
    return Agreed(pk=pk, **values)


def measured(value, before=None, *, direction=Direction.MORE, target=None, **values) -> Measured:
    """A figure, or ``HIDDEN``, and the one before; judged as the reader of figures does."""
    day = dt.date(2026, 11, 10)
    figures = [(PREVIOUS, before), (day, value)]
    course = status.Facts(
        kind="share",
        direction=direction,
        frequency="quarterly",
        starts_on=dt.date(2026, 1, 1),
        target=target,
        points=tuple(
            status.Point(on, Decimal(one)) for on, one in figures if one not in (None, HIDDEN)
        ),
    )
    shared = {"facility": "", "factors": "M", "criterion": "Motion", "indicator": "Andel"}
    return Measured(
        **(shared | values),
        unit="%",
        day=day,
        value=value,
        before=before,
        target=target,
        judgement=status.judge(course, day),
    )


class TestSlipped:
    def test_names_what_fades_and_what_stopped_the_worst_first(self):
        agenda = make(facts(followed=(followed(9, "Mad"), fading(), stalled())))
        assert [row.followed.title for row in agenda.slipped] == [
            "Kaffefri eftermiddag",
            "Aftentur",
        ]
        assert [row.verdict for row in agenda.slipped] == [Verdict.STALLED, Verdict.FADING]
        assert [(row.assessment.held, row.assessment.expected) for row in agenda.slipped] == [
            (0, 8),
            (2, 8),
        ]

    def test_says_why_and_asks_what_can_be_done_about_it(self):
        weeks = {1: {CancellationReason.STAFFING: 2}, 3: {CancellationReason.STAFFING: 2}}
        weeks |= {2: {CancellationReason.WEATHER: 1}}
        [row] = make(facts(followed=(fading(cancelled=weeks),))).slipped
        assert row.cancelled == "5 of 8 cancelled: Too few staff (4), The weather (1)"
        assert row.question == QUESTIONS[CancellationReason.STAFFING]

    def test_without_reasons_asks_about_the_rhythm(self):
        """As of an activity that somebody has put on the agenda though it holds."""
        for reasons in ({}, {20: {CancellationReason.WEATHER: 2}}):
            item = Item(pk=1, text="", plan_id=1, plan_title="Gåtur")
            [row] = make(facts(followed=(followed(cancelled=reasons),), items=(item,))).items
            assert (row.cancelled, row.question) == ("", ASK_ANYWAY)

    def test_what_is_not_registered_has_not_slipped(self):
        agenda = make(facts(followed=(stalled(cancelled={}), fading())))
        assert [row.followed.title for row in agenda.slipped] == ["Aftentur"]
        [row] = agenda.unknown
        assert (row.followed.title, row.missing) == (
            "Kaffefri eftermiddag",
            "8 of 8 are not registered",
        )

    def test_what_slips_still_tells_what_is_missing(self):
        given = {1: {CancellationReason.WEATHER: 2}, 2: {CancellationReason.WEATHER: 1}}
        given |= {3: {CancellationReason.WEATHER: 1}, 4: {CancellationReason.WEATHER: 1}}
        [row] = make(facts(followed=(fading(cancelled=given),))).slipped
        assert row.missing == "1 of 8 is not registered"

    def test_tells_what_is_new_since_the_last_meeting(self):
        long_ago = followed(4, "Mad", held=dict.fromkeys(range(1, 14), 0))
        agenda = make(facts(followed=(fading(), long_ago)))
        assert {row.followed.title: row.is_new for row in agenda.slipped} == {
            "Aftentur": True,
            "Mad": False,
        }

    def test_at_the_first_meeting_nothing_is_new_because_all_is(self):
        agenda = make(facts(previous_on=None, followed=(fading(), recovered())))
        assert [row.is_new for row in agenda.slipped] == [False]
        assert agenda.better == ()

    def test_what_recovered_since_last_time_is_told_too(self):
        agenda = make(facts(followed=(recovered(), followed(9, "Mad"))))
        assert agenda.slipped == ()
        assert [row.followed.title for row in agenda.better] == ["Svømning"]

    def test_stands_still_after_the_meeting(self):
        """The agenda of a past meeting is what it was on its day."""
        past = replace(facts(followed=(fading(),)), held_on=TODAY - dt.timedelta(weeks=10))
        past = replace(past, previous_on=None)
        assert past.as_of == past.held_on
        assert make(past).slipped == ()

    def test_a_changed_rhythm_is_no_new_beginning(self):
        old = replace(plan(), ends_on=TODAY - dt.timedelta(weeks=3))
        new = plan(starts_on=TODAY - dt.timedelta(days=20))
        stopped = {week: Counter(closed=OFTEN) for week in WEEKS[:4]}
        log = Log(Counter({week: OFTEN for week in WEEKS[3:]}), stopped)
        lately = Log(Counter(), stopped)
        chain = Followed(1, "Gåtur", "M", "", "b", ((new, lately), (old, log)))
        [row] = make(facts(followed=(chain,))).slipped
        assert row.verdict is Verdict.STALLED  # alone, the new rhythm would be new

    def test_holding_is_summed_by_factor(self):
        agenda = make(facts(followed=(followed(1, factors="KM"), followed(2), fading(3))))
        assert [(tally.factor, tally.held, tally.expected) for tally in agenda.holding] == [
            ("K", 8, 8),
            ("M", 16, 16),
        ]


class TestPauses:
    def pause(self, starts_on, restarts_on):
        return Pause(starts_on, restarts_on, "Svømmehallen er lukket")

    def test_one_that_ends_before_the_next_meeting_comes_up(self):
        pause = self.pause(TODAY - dt.timedelta(weeks=2), dt.date(2026, 12, 3))
        agenda = make(facts(followed=(followed(pauses=(pause,)),), next_on=dt.date(2026, 12, 17)))
        [row] = agenda.restarts
        assert (row.restarts_on, row.has_passed) == (dt.date(2026, 12, 3), False)
        assert agenda.paused == ()

    def test_one_that_ends_after_the_next_meeting_only_rests(self):
        pause = self.pause(TODAY - dt.timedelta(weeks=2), dt.date(2026, 12, 18))
        agenda = make(facts(followed=(followed(pauses=(pause,)),), next_on=dt.date(2026, 12, 17)))
        assert agenda.restarts == ()
        assert [one.title for one in agenda.paused] == ["Gåtur"]

    def test_one_that_has_ended_tells_whether_it_was_taken_up_again(self):
        restart = WEEKS[1].monday  # two weeks ago
        pause = self.pause(TODAY - dt.timedelta(weeks=8), restart)
        agenda = make(facts(followed=(followed(pauses=(pause,), held={1: 0, 2: 1}),)))
        [row] = agenda.restarts
        assert (row.has_passed, row.held) == (True, 1)

    @pytest.mark.parametrize("restart", [None, PREVIOUS])
    def test_open_ones_and_those_before_the_last_meeting_do_not(self, restart):
        pause = self.pause(TODAY - dt.timedelta(weeks=20), restart)
        assert make(facts(followed=(followed(pauses=(pause,)),))).restarts == ()

    def test_nothing_starts_again_while_the_whole_facility_rests(self):
        coming = TODAY + dt.timedelta(days=3)
        own = self.pause(TODAY - dt.timedelta(weeks=8), coming)
        assert len(make(facts(followed=(followed(pauses=(own,)),))).restarts) == 1
        both = (own, self.pause(coming, None))
        assert make(facts(followed=(followed(pauses=both),))).restarts == ()

    def test_a_new_pause_right_after_is_no_restart(self):
        restart = TODAY - dt.timedelta(days=5)
        pauses = (self.pause(TODAY - dt.timedelta(weeks=8), restart), self.pause(restart, None))
        agenda = make(facts(followed=(followed(pauses=pauses),)))
        assert agenda.restarts == ()
        assert len(agenda.paused) == 1


class TestByHand:
    def test_an_activity_stands_first_with_its_figures_and_not_again_below(self):
        agenda = make(facts(followed=(stalled(), fading()), items=(Item(5, "", 2, "Aftentur"),)))
        [row] = agenda.items
        assert (row.item.pk, row.verdict, row.figures) == (
            5,
            Verdict.FADING,
            "2 of 8 in the last 4 weeks",
        )
        assert [row.followed.title for row in agenda.slipped] == ["Kaffefri eftermiddag"]

    def test_an_activity_of_a_cancelled_meeting_and_of_this_one_stands_once(self):
        items = (Item(5, "", 2, "Aftentur"), Item(6, "", 2, "Aftentur"), Item(7, "Ny havebænk"))
        agenda = make(facts(followed=(fading(),), items=items))
        assert [row.pk for row in agenda.items] == [5, 7]

    def test_an_activity_that_has_ended_keeps_its_name(self):
        [item] = make(facts(items=(Item(5, "", 2, "Aftentur"),))).items
        assert item.about == "Aftentur"


class TestDecisions:
    def test_those_past_their_date_come_first_then_open_then_done(self):
        rows = make(
            facts(
                decisions=(
                    agreed(1, due_on=dt.date(2026, 12, 3)),
                    agreed(2, closed_on=dt.date(2026, 11, 20)),
                    agreed(3, due_on=dt.date(2026, 11, 20)),
                    agreed(4, due_on=dt.date(2026, 11, 15)),
                    agreed(5, due_on=TODAY),
                )
            )
        ).open
        assert [(row.decision.pk, row.state) for row in rows] == [
            (4, DecisionState.OVERDUE),
            (3, DecisionState.OVERDUE),
            (5, DecisionState.OPEN),
            (1, DecisionState.OPEN),
            (2, DecisionState.DONE),
        ]

    def test_what_was_done_before_the_last_meeting_is_gone(self):
        closed = agreed(closed_on=PREVIOUS - dt.timedelta(days=1))
        assert make(facts(decisions=(closed,))).open == ()

    def test_its_own_stand_apart_in_the_order_they_were_made(self):
        agenda = make(facts(decisions=(agreed(8, meeting_id=1), agreed(6, meeting_id=1))))
        assert [row.decision.pk for row in agenda.decided] == [6, 8]
        assert agenda.open == ()


class TestNews:
    def test_a_figure_stands_beside_the_one_before_and_the_target(self):
        [news] = make(facts(measured=(measured(53, 35, target=Decimal(60)),))).news
        assert (news.value, news.before, news.target) == (53, 35, 60)
        assert (news.is_better, news.is_reached) == (True, False)

    @pytest.mark.parametrize(
        ("direction", "value", "is_better", "is_reached"),
        [
            (Direction.MORE, 70, True, True),
            (Direction.MORE, 40, False, False),
            (Direction.LESS, 70, False, False),
            (Direction.LESS, 40, True, True),
            (Direction.MORE, 50, None, False),
        ],
    )
    def test_better_and_reached_follow_the_direction(self, direction, value, is_better, is_reached):
        target = Decimal(45 if direction == Direction.LESS else 60)
        row = measured(value, 50, direction=direction, target=target)
        [news] = make(facts(measured=(row,))).news
        assert (news.is_better, news.is_reached) == (is_better, is_reached)

    def test_a_hidden_figure_hides_everything_that_tells_of_it(self):
        [news] = make(facts(measured=(measured(HIDDEN, 53, target=Decimal(60)),))).news
        assert news.is_hidden
        assert (news.before, news.is_better, news.is_reached) == (None, None, None)

    def test_one_hidden_last_time_is_not_compared_with(self):
        [news] = make(facts(measured=(measured(47, HIDDEN),))).news
        assert (news.value, news.before, news.is_better) == (47, None, None)

    def test_what_got_worse_comes_first(self):
        good = measured(53, 35, criterion="Kost")
        bad = measured(35, 53, criterion="Søvn")
        assert [news.criterion for news in make(facts(measured=(good, bad))).news] == [
            "Søvn",
            "Kost",
        ]

    def test_an_assessment_is_news_but_not_that_there_is_none(self):
        rows = (
            Assessed("", "K", "Kost", AssessmentLevel.PARTLY_MET, "Sukker", PREVIOUS),
            Assessed("", "M", "Motion", AssessmentLevel.NOT_ASSESSED, "", PREVIOUS),
        )
        [news] = make(facts(assessed=rows)).news
        assert (news.level, news.reason) == (AssessmentLevel.PARTLY_MET, "Sukker")


def test_attention_points_come_up_before_their_next_chance_the_earliest_first():
    points = (
        Attention("senere", "K", dt.date(2026, 12, 17)),
        Attention("forbi", "", dt.date(2026, 11, 1)),
        Attention("for sent", "", dt.date(2026, 12, 18)),
    )
    agenda = make(facts(attention=points, next_on=dt.date(2026, 12, 17)))
    assert [point.text for point in agenda.attention] == ["forbi", "senere"]
