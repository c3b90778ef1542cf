"""Holder det? Plans against what was held."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from initiatives.enums import Verdict
from initiatives.sustain.expected import Pause, Plan, expected_in_week, plans_of_activities
from initiatives.sustain.thresholds import Thresholds
from initiatives.sustain.verdict import (
    Assessment,
    assess,
    combined_verdict,
    merge,
    observe_line,
    observe_lines,
    unplanned,
)
from initiatives.sustain.weeks import Log, WeekBeat, combine, line_beats
from krams.danish.weeks import Week

from ..one_plan import beats, observe, verdict

TODAY = date(2027, 1, 20)  # a Wednesday; the twelve weeks before it cross 2026-W53
RUNNING = Week.of(TODAY)
LONG_AGO = date(2026, 1, 5)
EVERY_WEEK = Plan(LONG_AGO, None, weekdays=(1, 3), times_per_week=None)
# Christmas and new year lie in the weeks that are looked at.
FOUR_TIMES = Plan(LONG_AGO, None, weekdays=(), times_per_week=4, on_holidays=True)


def weeks_ago(back):
    return RUNNING - back


MANY = 99


def written(held) -> Log:
    """All that was not held in these weeks was cancelled, in whatever number."""
    weeks = {RUNNING - back for back in range(-60, 160)}
    return Log(Counter(held), {week: Counter(weather=MANY) for week in weeks})


def log(*counts):
    """Activities held in the last complete weeks, the latest count last; the rest cancelled."""
    return written({weeks_ago(back): count for back, count in enumerate(reversed(counts), start=1)})


def paused(plan, starts_on, restarts_on=None):
    return replace(plan, pauses=(*plan.pauses, Pause(starts_on, restarts_on)))


days = st.dates(date(2026, 6, 1), date(2027, 6, 30))  # holds week 53 and new year
lengths = st.integers(0, 120).map(lambda length: timedelta(days=length))
counts = st.integers(0, 9)


@st.composite
def pauses(draw):
    starts_on = draw(days)
    return Pause(starts_on, draw(st.none() | lengths.map(lambda length: starts_on + length)))


@st.composite
def plans(draw):
    starts_on = draw(days)
    ends_on = draw(st.none() | lengths.map(lambda length: starts_on + length))
    weekdays = draw(st.sets(st.integers(1, 7)))
    return Plan(
        starts_on,
        ends_on,
        tuple(sorted(weekdays)),
        None if weekdays else draw(st.integers(1, 10)),
        tuple(draw(st.lists(pauses(), max_size=3))),
        on_holidays=draw(st.booleans()),
    )


held_counts = st.dictionaries(days.map(Week.of), counts, max_size=30)
reasons = st.dictionaries(
    days.map(Week.of), counts.map(lambda times: Counter(weather=times)), max_size=30
)
logs = st.builds(lambda held, cancelled: Log(Counter(held), cancelled), held_counts, reasons)


class TestPlan:
    @pytest.mark.parametrize(
        ("weekdays", "times_per_week"), [((), None), ((1,), 1), ((0,), None), ((8,), None), ((), 0)]
    )
    def test_needs_weekdays_or_a_number_of_times(self, weekdays, times_per_week):
        with pytest.raises(ValueError, match=r"weekdays|at least once"):
            Plan(LONG_AGO, None, weekdays, times_per_week)

    def test_cannot_end_before_it_starts(self):
        with pytest.raises(ValueError, match="before it starts"):
            Plan(TODAY, TODAY - timedelta(days=1), (1,), None)
        with pytest.raises(ValueError, match="before it starts"):
            Pause(TODAY, TODAY - timedelta(days=1))

    def test_thresholds_cannot_judge_by_nothing(self):
        with pytest.raises(ValueError, match="at least 1"):
            Thresholds(recent_weeks=0)


class TestExpectedInWeek:
    week = Week(2026, 53)  # 28 December to 3 January

    def test_counts_weekdays(self):
        assert expected_in_week(EVERY_WEEK, self.week) == 2

    def test_takes_out_paused_days_but_not_the_restart_day(self):
        tuesday, wednesday = self.week.days[1:3]
        assert expected_in_week(paused(EVERY_WEEK, LONG_AGO, wednesday), self.week) == 1
        assert expected_in_week(paused(EVERY_WEEK, tuesday, wednesday), self.week) == 2
        assert expected_in_week(paused(EVERY_WEEK, wednesday), self.week) == 1

    def test_start_and_end_days_count(self):
        monday, wednesday = self.week.days[0], self.week.days[2]
        assert expected_in_week(replace(EVERY_WEEK, starts_on=wednesday), self.week) == 1
        assert expected_in_week(replace(EVERY_WEEK, ends_on=monday), self.week) == 1

    @pytest.mark.parametrize(
        ("times", "paused_days", "expected"),
        [(4, 0, 4), (4, 3, 2), (1, 3, 1), (1, 4, 0), (7, 2, 5), (4, 7, 0)],
    )
    def test_shares_out_times_a_week_over_running_days(self, times, paused_days, expected):
        plan = replace(FOUR_TIMES, times_per_week=times)
        plan = paused(plan, self.week.monday, self.week.monday + timedelta(days=paused_days))
        assert expected_in_week(plan, self.week) == expected

    def test_only_until_today(self):
        assert expected_in_week(EVERY_WEEK, RUNNING, today=RUNNING.days[1]) == 1
        assert expected_in_week(EVERY_WEEK, RUNNING + 1, today=TODAY) == 0

    @given(plans(), days.map(Week.of))
    def test_is_never_more_than_the_plan(self, plan, week):
        most = plan.times_per_week or len(plan.weekdays)
        assert 0 <= expected_in_week(plan, week) <= most
        if all(plan.runs_on(day) for day in week.days):
            assert expected_in_week(plan, week) == most
        if not any(plan.runs_on(day) for day in week.days):
            assert expected_in_week(plan, week) == 0

    @given(plans(), days, lengths, days.map(Week.of))
    def test_a_pause_never_adds(self, plan, start, length, week):
        with_pause = paused(plan, start, start + length)
        assert expected_in_week(with_pause, week) <= expected_in_week(plan, week)

    @given(plans(), days.map(Week.of), days)
    def test_a_week_gone_by_is_expected_whole(self, plan, week, today):
        so_far = expected_in_week(plan, week, today)
        assert so_far <= expected_in_week(plan, week)
        if today >= week.sunday:
            assert so_far == expected_in_week(plan, week)


class TestBeats:
    def test_ends_with_the_running_week(self):
        strip = beats(EVERY_WEEK, written({RUNNING: 1, Week(2026, 53): 2}), TODAY)
        assert len(strip) == 12
        assert strip[-1] == WeekBeat(RUNNING, expected=2, held=1, paused=False, running=True)
        assert strip[-4] == WeekBeat(Week(2026, 53), 2, 2, paused=False, running=False)

    def test_a_week_is_paused_when_the_pause_leaves_nothing(self):
        plan = paused(EVERY_WEEK, Week(2026, 53).monday, Week(2027, 1).days[2])
        strip = {beat.week: beat for beat in beats(plan, written({}), TODAY)}
        assert strip[Week(2026, 53)].paused
        assert not strip[Week(2027, 1)].paused
        assert strip[Week(2027, 1)].expected == 1

    @given(plans(), logs, days, st.integers(1, 60))
    def test_strip_has_every_week_once(self, plan, held, today, weeks):
        strip = beats(plan, held, today, weeks)
        assert [beat.week for beat in strip] == [Week.of(today) - n for n in range(weeks)][::-1]
        assert [beat.running for beat in strip] == [False] * (weeks - 1) + [True]
        assert all(beat.held == held.held.get(beat.week, 0) for beat in strip)
        assert not any(beat.paused and beat.expected for beat in strip)


class TestVerdict:
    def test_holding_counts_exactly_75_percent(self):
        assert verdict(FOUR_TIMES, log(3, 3, 3, 3), TODAY) == Assessment(Verdict.HOLDING, 16, 12)

    def test_fading_under_75_percent_since_the_first_week_that_fell_short(self):
        result = verdict(FOUR_TIMES, log(4, 4, 2, 1), TODAY)
        assert result == Assessment(Verdict.FADING, 16, 11, since=weeks_ago(2))

    def test_fading_25_points_below_the_eight_weeks_before(self):
        assert verdict(FOUR_TIMES, log(*[4] * 8, 3, 3, 3, 3), TODAY).verdict == Verdict.FADING
        assert verdict(FOUR_TIMES, log(*[4] * 7, 3, 3, 3, 3, 3), TODAY).verdict == Verdict.HOLDING

    def test_one_busy_week_does_not_hide_three_empty_ones(self):
        assert verdict(FOUR_TIMES, log(0, 0, 0, 16), TODAY).verdict == Verdict.FADING

    def test_stalled_since_it_was_last_held(self):
        result = verdict(EVERY_WEEK, log(2, 2, 0, 0, 0), TODAY)
        assert result == Assessment(Verdict.STALLED, 8, 2, since=weeks_ago(4))

    def test_two_empty_weeks_are_not_yet_stalled(self):
        assert verdict(EVERY_WEEK, log(2, 2, 2, 0, 0), TODAY).verdict == Verdict.FADING

    def test_stalled_long_ago_is_still_stalled(self):
        last_held = weeks_ago(30)
        result = verdict(EVERY_WEEK, written({last_held: 1}), TODAY)
        assert result == Assessment(Verdict.STALLED, 8, 0, since=last_held)

    def test_the_running_week_changes_nothing(self):
        stalled = log(2, 2, 0, 0, 0)
        assert verdict(
            EVERY_WEEK, Log(stalled.held | Counter({RUNNING: 2}), stalled.cancelled), TODAY
        ) == verdict(EVERY_WEEK, stalled, TODAY)

    def test_never_held_is_fading(self):
        result = verdict(EVERY_WEEK, written({}), TODAY)
        assert (result.verdict, result.held) == (Verdict.FADING, 0)

    def test_new_until_three_complete_weeks(self):
        third_monday_ago = replace(EVERY_WEEK, starts_on=weeks_ago(3).monday)
        assert verdict(third_monday_ago, written({}), TODAY).verdict == Verdict.FADING
        two_weeks_old = replace(EVERY_WEEK, starts_on=weeks_ago(2).monday)
        assert verdict(two_weeks_old, log(2, 1), TODAY) == Assessment(
            Verdict.NEW, 4, 3, since=weeks_ago(2)
        )

    def test_a_plan_that_starts_later_is_new(self):
        plan = replace(EVERY_WEEK, starts_on=TODAY + timedelta(days=30))
        assert verdict(plan, written({}), TODAY) == Assessment(Verdict.NEW, 0, 0)

    def test_paused_from_the_first_day_to_the_day_before_restart(self):
        restart = TODAY + timedelta(days=1)
        result = verdict(paused(EVERY_WEEK, TODAY, restart), log(0, 0, 0, 0), TODAY)
        assert (result.verdict, result.since, result.restarts_on) == (
            Verdict.PAUSED,
            RUNNING,
            restart,
        )
        restarted = paused(EVERY_WEEK, weeks_ago(2).monday, TODAY)
        assert verdict(restarted, log(2, 2, 2, 2, 0, 0), TODAY).verdict == Verdict.HOLDING

    def test_an_open_pause_has_no_restart(self):
        assert verdict(paused(EVERY_WEEK, LONG_AGO), written({}), TODAY).restarts_on is None

    def test_paused_weeks_are_skipped(self):
        plan = paused(EVERY_WEEK, weeks_ago(4).monday, weeks_ago(1).monday)
        assert verdict(plan, log(2, 2, 2, 0, 0, 0, 2), TODAY).verdict == Verdict.HOLDING
        assert verdict(plan, log(2, 2, 2, 0, 0, 0, 0), TODAY).verdict == Verdict.HOLDING
        assert verdict(plan, log(2, 0, 0, 0, 0, 0, 0), TODAY).verdict == Verdict.STALLED

    def test_back_from_a_long_pause_is_new_again(self):
        plan = paused(EVERY_WEEK, LONG_AGO + timedelta(days=60), weeks_ago(2).monday)
        assert verdict(plan, log(0, 0), TODAY).verdict == Verdict.NEW

    def test_thresholds_belong_to_the_municipality(self):
        held = log(*[2] * 8, 1, 1, 1, 1)
        lenient = Thresholds(holding_percent=50, drop_points=60)
        assert verdict(EVERY_WEEK, held, TODAY).verdict == Verdict.FADING
        assert verdict(EVERY_WEEK, held, TODAY, lenient).verdict == Verdict.HOLDING

    @given(plans(), logs, days)
    def test_every_verdict_keeps_its_word(self, plan, held, today):
        result = verdict(plan, held, today)
        running = Week.of(today)
        complete = [b for b in beats(plan, held, today, 13) if b.expected and not b.running]
        is_paused = plan.is_current(today) and plan.pause_on(today) is not None
        assert (result.verdict == Verdict.PAUSED) == is_paused
        if result.verdict == Verdict.NEW:
            assert len(complete) < 3
        elif result.verdict == Verdict.STALLED:
            assert not any(beat.held for beat in complete[-3:])
            assert held.held[result.since]
            assert result.since < complete[-3].week
        elif result.verdict == Verdict.FADING:
            assert result.since in [beat.week for beat in complete[-4:]]
        elif result.verdict == Verdict.UNKNOWN:
            assert result.missing >= result.expected * 0.25
            assert result.since <= result.missing_week
        elif result.verdict == Verdict.HOLDING:
            assert result.held >= (result.expected - result.missing) * 0.75
        assert result.since is None or result.since <= running

    @given(plans(), logs, days, st.integers(1, 13))
    def test_holding_more_never_makes_the_latest_weeks_worse(self, plan, held, today, back):
        if verdict(plan, held, today).verdict == Verdict.HOLDING:
            week = Week.of(today) - min(back, 4)
            more = Log(held.held + Counter([week]), held.cancelled)
            recent = [b.week for b in observe(plan, held, today).beats if b.is_judged][-4:]
            if week in recent:
                assert verdict(plan, more, today).verdict == Verdict.HOLDING

    @given(plans(), days)
    def test_a_plan_kept_to_the_letter_never_fades(self, plan, today):
        kept = written({b.week: b.expected for b in beats(plan, written({}), today, 13)})
        assert verdict(plan, kept, today).verdict in {Verdict.HOLDING, Verdict.NEW, Verdict.PAUSED}

    @given(plans(), logs, days, st.integers(-200, 200))
    def test_moving_everything_by_whole_weeks_changes_nothing(self, plan, held, today, steps):
        """New year and week 53 are weeks like any other, but for their holidays."""
        shift = timedelta(weeks=steps)
        plan = replace(plan, on_holidays=True)
        moved = replace(
            plan,
            starts_on=plan.starts_on + shift,
            ends_on=plan.ends_on and plan.ends_on + shift,
            pauses=tuple(
                Pause(pause.starts_on + shift, pause.restarts_on and pause.restarts_on + shift)
                for pause in plan.pauses
            ),
        )
        here = verdict(plan, held, today)
        there = verdict(
            moved,
            Log(
                Counter({week + steps: n for week, n in held.held.items()}),
                {week + steps: given for week, given in held.cancelled.items()},
            ),
            today + shift,
        )
        assert there == replace(
            here,
            since=here.since and here.since + steps,
            missing_week=here.missing_week and here.missing_week + steps,
            restarts_on=here.restarts_on and here.restarts_on + shift,
        )


class TestNotRegistered:
    """Held, cancelled and not registered are three things."""

    def test_nothing_is_stalled_of_which_nothing_is_known(self):
        result = verdict(EVERY_WEEK, Log(log(2, 2, 2, 2, 0, 0, 0, 0).held), TODAY)
        assert (result.verdict, result.missing, result.expected) == (Verdict.UNKNOWN, 8, 8)
        assert (result.since, result.missing_week) == (weeks_ago(4), weeks_ago(1))

    def test_six_of_eight_missing_is_not_two_of_eight_cancelled(self):
        given = Log(Counter({weeks_ago(6): 2}), {weeks_ago(4): Counter(weather=2)})
        assert verdict(EVERY_WEEK, given, TODAY).verdict == Verdict.UNKNOWN

    def test_a_single_gap_does_not_count_against_the_plan(self):
        given = log(4, 4, 4, 3)
        given.cancelled[weeks_ago(1)] = Counter()
        result = verdict(FOUR_TIMES, given, TODAY)
        assert (result.verdict, result.missing) == (Verdict.HOLDING, 1)

    def test_what_is_known_to_slip_slips_though_much_is_missing(self):
        given = Log(Counter(), {weeks_ago(back): Counter(weather=1) for back in range(1, 5)})
        assert verdict(EVERY_WEEK, given, TODAY).verdict == Verdict.FADING
        assert verdict(EVERY_WEEK, given, TODAY).missing == 4

    def test_the_threshold_belongs_to_the_municipality(self):
        given = Log(log(2, 2, 2, 2, 0, 1, 0, 1).held, log(1).cancelled)
        del given.cancelled[weeks_ago(1)]
        del given.cancelled[weeks_ago(3)]
        strict, lenient = Thresholds(unknown_percent=100), Thresholds(unknown_percent=25)
        assert verdict(EVERY_WEEK, given, TODAY, strict).verdict == Verdict.FADING
        assert verdict(EVERY_WEEK, given, TODAY, lenient).verdict == Verdict.FADING

    def test_a_time_later_this_week_or_today_is_not_missing(self):
        daily = replace(EVERY_WEEK, weekdays=(1, 2, 3, 4, 5, 6, 7))
        assert beats(daily, Log(), TODAY)[-1].missing == TODAY.isoweekday() - 1
        assert beats(FOUR_TIMES, Log(), TODAY)[-1].missing == 0

    @given(plans(), logs, days)
    def test_registering_a_gap_never_adds_to_what_is_missing(self, plan, given, today):
        before = verdict(plan, given, today)
        if not before.missing:
            return
        for more in (Counter([before.missing_week]), None):
            held = given.held + more if more else given.held
            cancelled = dict(given.cancelled)
            if not more:
                old = cancelled.get(before.missing_week, Counter())
                cancelled[before.missing_week] = old + Counter(closed=1)
            after = verdict(plan, Log(held, cancelled), today)
            assert after.missing == before.missing - 1

    @given(plans(), logs, days)
    def test_a_verdict_stands_whatever_became_of_the_rest(self, plan, given, today):
        """Where much is missing, filling the gaps either way gives the same answer."""
        before = verdict(plan, given, today)
        if 4 * before.missing < before.expected or before.verdict in {Verdict.NEW, Verdict.PAUSED}:
            return
        gaps = {b.week: b.missing for b in beats(plan, given, today, 13) if b.missing}
        recent = [b.week for b in observe(plan, given, today).beats if b.is_judged][-4:]
        gaps = {week: times for week, times in gaps.items() if week in recent}
        held = Log(given.held + Counter(gaps), given.cancelled)
        cancelled = dict(given.cancelled)
        for week, times in gaps.items():
            cancelled[week] = cancelled.get(week, Counter()) + Counter(closed=times)
        best, worst = (verdict(plan, log, today) for log in (held, Log(given.held, cancelled)))
        if before.verdict == Verdict.UNKNOWN:
            assert worst.is_slipping
            assert best.held >= 0.75 * best.expected
        else:
            assert best.is_slipping == worst.is_slipping == before.is_slipping


class TestCombined:
    def test_sums_expected_and_held(self):
        strip = combine([beats(EVERY_WEEK, log(1), TODAY), beats(FOUR_TIMES, log(3), TODAY)])
        assert strip[-2] == WeekBeat(weeks_ago(1), 6, 4, paused=False, running=False)

    def test_a_week_is_paused_only_when_no_plan_runs(self):
        resting = beats(paused(EVERY_WEEK, LONG_AGO), written({}), TODAY)
        later = beats(replace(EVERY_WEEK, starts_on=TODAY), written({}), TODAY)
        assert combine([resting, resting])[-2].paused
        assert combine([resting, later])[-2].paused
        assert not combine([resting, beats(FOUR_TIMES, written({}), TODAY)])[-2].paused
        assert not combine([later, later])[-2].paused

    def test_a_factor_is_judged_on_its_sums(self):
        steady = observe(FOUR_TIMES, log(*[4] * 12), TODAY)
        stopped = observe(replace(FOUR_TIMES, times_per_week=1), log(1, 0, 0, 0, 0), TODAY)
        assert assess(stopped).verdict == Verdict.STALLED
        assert combined_verdict([steady, stopped]) == Assessment(Verdict.HOLDING, 20, 16)

    def test_a_factor_is_paused_only_when_all_its_current_plans_are(self):
        restart = TODAY + timedelta(days=10)
        short = observe(paused(EVERY_WEEK, weeks_ago(1).monday, restart), written({}), TODAY)
        long = observe(paused(EVERY_WEEK, weeks_ago(3).monday), written({}), TODAY)
        ended = observe(replace(EVERY_WEEK, ends_on=weeks_ago(5).monday), written({}), TODAY)
        running = observe(FOUR_TIMES, written({}), TODAY)
        result = combined_verdict([long, short, ended])
        assert (result.verdict, result.since) == (Verdict.PAUSED, weeks_ago(1))
        assert result.restarts_on == restart
        assert combined_verdict([long, short, running]).verdict == Verdict.FADING

    def test_nothing_to_combine_is_new(self):
        assert combined_verdict([]) == Assessment(Verdict.NEW, 0, 0)

    @given(st.lists(st.tuples(plans(), logs), max_size=4), days)
    def test_sums_and_order_of_plans(self, logged_plans, today):
        courses = [observe(plan, held, today) for plan, held in logged_plans]
        merged = merge(courses)
        for figure in ("expected", "held", "missing"):
            assert sum(getattr(beat, figure) for beat in merged.beats) == sum(
                getattr(beat, figure) for course in courses for beat in course.beats
            )
        assert not any(beat.paused and beat.expected for beat in merged.beats)
        assert combined_verdict(courses[::-1]) == combined_verdict(courses)

    @given(st.lists(st.tuples(plans(), logs), max_size=4), days)
    def test_activities_seen_together_are_those_seen_alone_and_merged(self, logged_plans, today):
        lines = [[one] for one in logged_plans]
        # And all as one activity, whose rhythm was changed now and then.
        for some in (lines, [logged_plans] if logged_plans else []):
            assert observe_lines(some, today) == merge(observe_line(one, today) for one in some)

    @given(plans(), logs, days)
    def test_one_plan_combined_is_itself(self, plan, held, today):
        assert combined_verdict([observe(plan, held, today)]) == verdict(plan, held, today)


class TestOneActivityOfSeveralRhythms:
    """Three times a week until the Tuesday of last week, on Thursdays from then on."""

    old = replace(FOUR_TIMES, times_per_week=3, ends_on=weeks_ago(1).days[1])
    new = Plan(weeks_ago(1).days[2], None, weekdays=(4,), times_per_week=None)

    def test_a_registration_under_the_old_rhythm_fills_the_gap_of_the_new_one(self):
        under_old = Log(Counter({weeks_ago(1): 2}))
        line = [(self.new, Log()), (self.old, under_old)]
        assert [beat.missing for beat in beats(self.new, Log(), TODAY)][-2] == 1
        beat = line_beats(line, TODAY)[-2]
        assert (beat.expected, beat.held, beat.missing) == (2, 2, 0)
        assert observe_line(line, TODAY).beats[-2] == beat

    def test_what_is_not_written_up_under_any_is_missing_once(self):
        assert line_beats([(self.new, Log()), (self.old, Log())], TODAY)[-2].missing == 2

    @given(plans(), plans(), logs, logs, days)
    def test_never_more_is_missing_than_of_the_rows_alone(self, new, old, first, second, today):
        line = [(new, first), (old, second)]
        alone = combine([beats(plan, held, today) for plan, held in line])
        for beat, apart in zip(line_beats(line, today), alone, strict=True):
            assert beat.missing <= apart.missing
            assert (beat.expected, beat.held, beat.paused) == (
                apart.expected,
                apart.held,
                apart.paused,
            )

    def test_lines_are_told_from_what_each_replaced(self):
        assert plans_of_activities({3: 2, 2: 1, 1: None, 5: None, 9: 4}) == [[3, 2, 1], [5], [9]]
        assert plans_of_activities({}) == []


class TestUnplanned:
    def test_counts_the_last_four_complete_weeks(self):
        held = log(5, 1, 0, 2, 1).held | Counter({RUNNING: 7})
        assert unplanned(held, TODAY) == Assessment(Verdict.UNPLANNED, 0, 4, since=weeks_ago(5))

    def test_nothing_held(self):
        assert unplanned({RUNNING: 0}, TODAY) == Assessment(Verdict.UNPLANNED, 0, 0)


class TestWords:
    def test_every_verdict_has_a_word_a_tone_and_a_symbol_of_its_own(self):
        with override("en"):
            assert [str(word.label) for word in Verdict] == [
                "New",
                "Holding",
                "Not known",
                "Fading",
                "Stalled",
                "Paused",
                "Unplanned",
            ]
        assert len({word.symbol for word in Verdict}) == len(Verdict)
        assert all(word.tone.startswith("is-") for word in Verdict)
        assert Verdict("fading") is Verdict.FADING
        assert str(Verdict.FADING) == "fading"
