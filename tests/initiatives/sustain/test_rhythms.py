"""On which days a plan is planned: every week, every other one, once a month, and on holidays."""

import calendar
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from dateutil.rrule import FR, MO, MONTHLY, SA, SU, TH, TU, WE, WEEKLY, rrule
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from initiatives.enums import Repeats, Verdict
from initiatives.sustain.expected import (
    Pause,
    Plan,
    expected_between,
    expected_in_week,
    expected_in_weeks,
    left_out_between,
)
from initiatives.sustain.week_strip import strip_of
from initiatives.sustain.weeks import Log
from initiatives.weekdays import rhythm_days
from krams.danish.holidays import is_holiday
from krams.danish.weeks import Week

from ..one_plan import verdict

DAYS = (MO, TU, WE, TH, FR, SA, SU)
NTH = {Repeats.FIRST: 1, Repeats.SECOND: 2, Repeats.THIRD: 3, Repeats.FOURTH: 4, Repeats.LAST: -1}
START = date(2026, 1, 5)
ONE_DAY = timedelta(days=1)
YEARS = st.dates(date(2023, 1, 1), date(2030, 12, 31))


def plan(weekdays=(1,), repeats=Repeats.WEEKLY, **values):
    anchor = values.pop("anchor", START if repeats == Repeats.FORTNIGHTLY else None)
    values.setdefault("starts_on", START)
    values.setdefault("ends_on", None)
    return Plan(weekdays=weekdays, times_per_week=None, repeats=repeats, anchor=anchor, **values)


def days(first, last):
    return [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]


def oracle(one: Plan, first: date, last: date) -> list[date]:
    """The same days by dateutil's reading of RFC 5545."""
    by_day = [DAYS[day - 1] for day in one.weekdays]
    # Long enough before, and in a week that has its turn.
    start = first - timedelta(days=first.weekday() + 7 * 60)
    if one.repeats == Repeats.FORTNIGHTLY:
        off = (start - (one.anchor - timedelta(days=one.anchor.weekday()))).days % 14
        start -= timedelta(days=off)
        rule = {"freq": WEEKLY, "interval": 2, "byweekday": by_day, "wkst": MO}
    elif one.repeats == Repeats.WEEKLY:
        rule = {"freq": WEEKLY, "byweekday": by_day}
    else:
        rule = {"freq": MONTHLY, "byweekday": [day(NTH[one.repeats]) for day in by_day]}
    found = rrule(
        **rule,
        dtstart=datetime.combine(start, time()),
        until=datetime.combine(last, time()),
    )
    return [moment.date() for moment in found if first <= moment.date() <= last]


@st.composite
def plans(draw):
    repeats = draw(st.sampled_from(list(Repeats)))
    weekdays = tuple(sorted(draw(st.sets(st.integers(1, 7), min_size=1))))
    anchor = draw(YEARS) if repeats == Repeats.FORTNIGHTLY else None
    starts_on = draw(YEARS)
    ends_on = draw(st.none() | st.integers(0, 500).map(lambda n: starts_on + timedelta(days=n)))
    rests = st.tuples(YEARS, st.none() | st.integers(1, 60)).map(
        lambda pair: Pause(pair[0], pair[1] and pair[0] + timedelta(days=pair[1]))
    )
    return Plan(
        starts_on,
        ends_on,
        weekdays,
        None,
        tuple(draw(st.lists(rests, max_size=2))),
        repeats=repeats,
        anchor=anchor,
        on_holidays=draw(st.booleans()),
    )


class TestDays:
    @settings(max_examples=30)
    @given(plans(), YEARS)
    def test_are_those_that_dateutil_gives(self, one, first):
        last = first + timedelta(days=365)
        assert [day for day in days(first, last) if one.falls_on(day)] == oracle(one, first, last)

    @settings(max_examples=30)
    @given(plans(), YEARS)
    def test_are_what_the_weeks_of_a_year_expect(self, one, day):
        """One function decides: pages that look at days and pages that count weeks agree."""
        weeks = tuple(Week.of(day) + ahead for ahead in range(53))
        in_days = [sum(map(one.is_planned_on, week.days)) for week in weeks]
        assert expected_in_weeks(one, weeks) == in_days
        assert [expected_in_week(one, week) for week in weeks] == in_days

    @given(plans(), YEARS, st.integers(0, 6))
    def test_a_part_of_a_week_expects_its_own_days(self, one, first, length):
        last = min(first + timedelta(days=length), Week.of(first).sunday)
        assert expected_between(one, first, last) == sum(map(one.is_planned_on, days(first, last)))

    @settings(max_examples=30)
    @given(plans(), YEARS)
    def test_a_holiday_is_planned_only_if_the_plan_says_so(self, one, first):
        for day in days(first, first + timedelta(days=365)):
            if is_holiday(day) and not one.on_holidays:
                assert not one.is_planned_on(day)
                also = replace(one, on_holidays=True)
                assert one.leaves_out(day) == also.is_planned_on(day)
            else:
                assert not one.leaves_out(day)

    @pytest.mark.parametrize("year", [2024, 2026, 2027])
    @pytest.mark.parametrize("nth", [*NTH])
    def test_a_monthly_plan_has_twelve_days_a_year(self, year, nth):
        one = plan((3,), nth, starts_on=date(year, 1, 1), on_holidays=True)
        found = [day for day in days(date(year, 1, 1), date(year, 12, 31)) if one.falls_on(day)]
        assert [day.month for day in found] == list(range(1, 13))
        if nth == Repeats.LAST:
            assert all(day.day > calendar.monthrange(day.year, day.month)[1] - 7 for day in found)

    def test_every_other_week_goes_on_across_week_53(self):
        """2026 has 53 weeks: two weeks of odd numbers follow each other."""
        one = plan((1,), Repeats.FORTNIGHTLY, anchor=date(2026, 12, 17))
        found = [day for day in days(date(2026, 12, 1), date(2027, 1, 31)) if one.falls_on(day)]
        assert found == [
            date(2026, 12, 14),
            date(2026, 12, 28),
            date(2027, 1, 11),
            date(2027, 1, 25),
        ]

    def test_an_anchor_may_lie_later_than_the_days(self):
        later = plan((1,), Repeats.FORTNIGHTLY, anchor=date(2027, 1, 13))
        assert later.falls_on(date(2026, 12, 28))
        assert not later.falls_on(date(2026, 12, 21))

    @pytest.mark.parametrize(
        "values",
        [
            {"weekdays": (), "times_per_week": 2, "repeats": Repeats.FIRST},
            {"weekdays": (1,), "times_per_week": None, "repeats": Repeats.FORTNIGHTLY},
            {"weekdays": (1,), "times_per_week": None, "repeats": "fifth"},
        ],
    )
    def test_a_rhythm_that_means_nothing_is_refused(self, values):
        with pytest.raises(ValueError, match=r"weekdays|counted|fifth"):
            Plan(START, None, **values)


class TestHolidays:
    christmas = Week(2026, 52)  # 21 to 27 December: Friday and Saturday are holidays

    def test_are_taken_out_of_the_week(self):
        every_day = plan((1, 2, 3, 4, 5, 6, 7))
        assert expected_in_week(every_day, self.christmas) == 5
        assert expected_in_week(replace(every_day, on_holidays=True), self.christmas) == 7

    def test_times_a_week_keep_the_share_of_the_other_days(self):
        five = Plan(START, None, (), 5)
        assert expected_in_week(five, self.christmas) == 4
        assert expected_in_week(replace(five, on_holidays=True), self.christmas) == 5

    def test_are_named_where_something_was_left_out(self):
        friday, monday = plan((5,)), plan((1,))
        first, last = self.christmas.monday, self.christmas.sunday
        assert left_out_between([friday, monday], first, last) == [date(2026, 12, 25)]
        assert left_out_between([monday], first, last) == []
        resting = replace(friday, pauses=(Pause(first, None),))
        assert left_out_between([resting], first, last) == []

    def test_the_verdict_says_so(self):
        held = Counter({Week(2026, 50): 7, Week(2026, 51): 7, Week(2026, 52): 5})
        every_day = plan((1, 2, 3, 4, 5, 6, 7))
        log = Log(held + Counter({Week(2026, 49): 7, Week(2026, 48): 7}))
        with translation.override("da"):
            strip = strip_of([(every_day, log)], date(2026, 12, 29))
            assert strip.left_out == "Uge 52: 25. og 26. december er ikke talt med."
            assert strip.assessment.expected == strip.assessment.held == 26
            before = strip_of([(every_day, log)], date(2026, 12, 20))
            assert before.left_out == ""


class TestSparsePlans:
    today = date(2026, 11, 20)

    def test_every_other_week_is_not_stopped_by_a_week_without(self):
        one = plan((1,), Repeats.FORTNIGHTLY)
        mine = [Week.of(day) for day in days(START, self.today) if one.falls_on(day)]
        result = verdict(one, Log(Counter(mine)), self.today)
        assert result.verdict == Verdict.HOLDING
        assert (result.expected, result.held) == (4, 4)

    def test_every_other_week_has_stopped_after_three_times(self):
        one = plan((1,), Repeats.FORTNIGHTLY)
        mine = [Week.of(day) for day in days(START, self.today) if one.falls_on(day)]
        held, gone = mine[:-4], mine[-4:]
        log = Log(Counter(held), {week: Counter(weather=1) for week in gone})
        result = verdict(one, log, self.today)
        assert (result.verdict, result.since) == (Verdict.STALLED, held[-1])

    def test_once_a_month_holds_and_stops(self):
        one = plan((1,), Repeats.FIRST)
        mine = [Week.of(day) for day in days(START, self.today) if one.falls_on(day)]
        assert verdict(one, Log(Counter(mine)), self.today).verdict == Verdict.HOLDING
        missed = {week: Counter(weather=1) for week in mine[-3:]}
        stopped = verdict(one, Log(Counter(mine[:-3]), missed), self.today)
        assert stopped.verdict == Verdict.STALLED

    def test_the_figures_speak_of_times_not_of_weeks(self):
        one = plan((1,), Repeats.FORTNIGHTLY)
        mine = [Week.of(day) for day in days(START, self.today) if one.falls_on(day)]
        with translation.override("da"):
            strip = strip_of([(one, Log(Counter(mine)))], self.today)
            assert strip.figures == "4 af de seneste 4 planlagte gange"

    @pytest.mark.parametrize(
        ("repeats", "words"),
        [
            (Repeats.WEEKLY, "Mandag og torsdag"),
            (Repeats.FORTNIGHTLY, "Hver anden uge: mandag og torsdag"),
            (Repeats.FIRST, "Første mandag og torsdag i måneden"),
            (Repeats.LAST, "Sidste mandag og torsdag i måneden"),
        ],
    )
    def test_is_said_in_words(self, repeats, words):
        with translation.override("da"):
            assert rhythm_days("14", repeats) == words
