"""The status ladder of a success criterion."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.criteria.status import Facts, Judgement, Point, combine, disagrees, judge
from initiatives.enums import AssessmentLevel, CriterionStatus, Direction, Frequency, IndicatorKind

TODAY = dt.date(2026, 11, 21)
S = CriterionStatus


def points(*values, last=dt.date(2026, 9, 30)):
    """One a quarter, the last one on ``last``."""
    return tuple(
        Point(last - dt.timedelta(days=91 * back), Decimal(str(value)))
        for back, value in zip(reversed(range(len(values))), values, strict=True)
    )


def facts(*values, **changed):
    given = {
        "kind": IndicatorKind.SHARE,
        "direction": Direction.MORE,
        "frequency": Frequency.QUARTERLY,
        "starts_on": dt.date(2024, 1, 1),
        "baseline": Decimal(40),
        "baseline_on": dt.date(2024, 12, 31),
        "target": Decimal(60),
        "target_on": dt.date(2026, 12, 31),
        "points": points(*values),
    }
    return Facts(**{**given, **changed})


# By 30.09.2026 about 87 % of the way from 40 to 60 should be behind: 57.5.
@pytest.mark.parametrize(
    ("case", "status"),
    [
        (facts(starts_on=dt.date(2026, 11, 22)), S.NOT_STARTED),
        (facts(50, starts_on=dt.date(2026, 11, 22)), S.NOT_STARTED),
        (facts(starts_on=TODAY), S.NO_DATA),
        (facts(), S.NO_DATA),
        (facts(58, points=points(58, last=dt.date(2026, 6, 30))), S.OVERDUE),
        (facts(75, points=points(75, last=dt.date(2026, 6, 30))), S.OVERDUE),
        (facts(60), S.REACHED),
        (facts(61, 65), S.REACHED),
        (facts(57.5), S.ON_COURSE),
        (facts(56), S.ON_COURSE),
        (facts(55), S.AT_RISK),
        (facts(51), S.AT_RISK),
        (facts(50), S.OFF_COURSE),
        (facts(40), S.OFF_COURSE),
        (facts(38), S.OFF_COURSE),
        (facts(59, target_on=dt.date(2026, 11, 20)), S.OFF_COURSE),
        (facts(59, target_on=TODAY), S.ON_COURSE),
        (facts(60, target_on=dt.date(2025, 1, 1)), S.REACHED),
        # Less is better.
        (facts(30, direction="less", target=Decimal(30)), S.REACHED),
        (facts(31, direction="less", target=Decimal(30)), S.ON_COURSE),
        (facts(45, direction="less", target=Decimal(30)), S.OFF_COURSE),
        # A value to be reached lies above or below the baseline.
        (facts(60, direction="reach"), S.REACHED),
        (facts(62, direction="reach"), S.REACHED),
        (facts(20, direction="reach", target=Decimal(20)), S.REACHED),
        (facts(39, direction="reach", target=Decimal(20)), S.OFF_COURSE),
        # A level to be kept.
        (facts(60, direction="keep"), S.ON_COURSE),
        (facts(63, direction="keep"), S.ON_COURSE),
        (facts(60, direction="keep", target_on=TODAY), S.REACHED),
        (facts(66, direction="keep"), S.AT_RISK),
        (facts(50, direction="keep"), S.OFF_COURSE),
        (facts(40, direction="keep", target=None), S.ON_COURSE),
        (facts(1, direction="keep", target=Decimal(0)), S.OFF_COURSE),
        # Without a target's date any progress will do; without a target the baseline is the mark.
        (facts(41, target_on=None), S.ON_COURSE),
        (facts(40, target_on=None), S.AT_RISK),
        (facts(39, target_on=None), S.OFF_COURSE),
        (facts(41, target=None), S.ON_COURSE),
        (facts(40, target=None), S.AT_RISK),
        (facts(39, target=None), S.OFF_COURSE),
        # Without a baseline the first figure is where the way begins.
        (facts(30, baseline=None), S.ON_COURSE),
        (facts(30, 30, baseline=None, target_on=None), S.AT_RISK),
        (facts(30, 59, baseline=None), S.ON_COURSE),
        (facts(50, baseline_on=None), S.OFF_COURSE),
        # A target on the wrong side of the baseline has no way to it.
        (facts(35, target=Decimal(38)), S.OFF_COURSE),
        (facts(58, target_on=dt.date(2024, 12, 31)), S.OFF_COURSE),
    ],
)
def test_ladder(case, status):
    assert judge(case, TODAY).status is status


@pytest.mark.parametrize(
    ("case", "is_worse"),
    [
        (facts(60), False),
        (facts(55, 44), True),
        (facts(55, 55), False),
        (facts(54, 55), False),
        (facts(70, 60), True),
        (facts(30, 41, direction="less", target=Decimal(20)), True),
        (facts(31, 30, direction="less", target=Decimal(20)), False),
        (facts(60, 50, direction="keep"), True),
        (facts(58, 60, direction="keep"), False),
        (facts(58, 62, direction="keep"), False),
        (facts(30, 28, direction="reach", target=Decimal(20)), False),
    ],
)
def test_worsening_shows_whatever_the_status(case, is_worse):
    assert judge(case, TODAY).is_worse is is_worse


@pytest.mark.parametrize(
    ("frequency", "measured", "due_on"),
    [
        (Frequency.WEEKLY, (2026, 11, 15), (2026, 11, 25)),
        (Frequency.MONTHLY, (2026, 10, 31), (2026, 12, 7)),
        (Frequency.MONTHLY, (2027, 1, 31), (2027, 3, 7)),
        (Frequency.MONTHLY, (2026, 1, 30), (2026, 3, 7)),
        (Frequency.QUARTERLY, (2026, 9, 30), (2027, 1, 14)),
        (Frequency.HALF_YEARLY, (2026, 6, 30), (2027, 1, 14)),
        (Frequency.YEARLY, (2024, 2, 29), (2025, 3, 14)),
        (Frequency.YEARLY, (2025, 12, 31), (2027, 1, 14)),
    ],
)
def test_the_next_figure_is_due_a_period_and_some_days_later(frequency, measured, due_on):
    case = facts(points=(Point(dt.date(*measured), Decimal(50)),), frequency=frequency)
    due_on = dt.date(*due_on)
    assert judge(case, due_on).due_on == due_on
    assert not judge(case, due_on).is_overdue
    assert judge(case, due_on + dt.timedelta(days=1)).is_overdue


def test_never_measured_is_overdue_a_period_after_the_start():
    assert judge(facts(), TODAY) == Judgement(
        S.NO_DATA, due_on=dt.date(2024, 4, 15), is_overdue=True
    )


@pytest.mark.parametrize(
    ("followed_on", "due_on"),
    [
        ((2026, 8, 10), (2026, 11, 24)),
        ((2026, 8, 7), (2026, 11, 21)),
        # Whoever followed it before it was measured at all is asked from the start.
        ((2023, 5, 1), (2024, 4, 15)),
    ],
)
def test_a_first_figure_is_due_a_period_after_the_place_began(followed_on, due_on):
    found = judge(facts(followed_on=dt.date(*followed_on)), TODAY)
    assert (found.status, found.due_on) == (S.NO_DATA, dt.date(*due_on))
    assert found.is_overdue == (found.due_on < TODAY)


def test_with_a_figure_it_is_the_figure_that_counts():
    case = facts(58, followed_on=TODAY, points=points(58, last=dt.date(2026, 6, 30)))
    assert judge(case, TODAY) == replace(judge(replace(case, followed_on=None), TODAY))
    assert judge(case, TODAY).is_overdue


def test_a_count_from_the_log_that_nobody_aims_with_has_no_status():
    case = facts(9, 5, kind=IndicatorKind.LOG, baseline=None, target=None)
    assert judge(case, TODAY) == Judgement(None, is_worse=True)
    assert judge(replace(case, points=()), TODAY).status is S.NO_DATA
    assert judge(replace(case, baseline=Decimal(4)), TODAY).status is S.ON_COURSE


def test_figures_from_the_log_are_never_overdue():
    case = facts(58, kind=IndicatorKind.LOG, points=points(58, last=dt.date(2025, 1, 1)))
    assert judge(case, TODAY).due_on is None
    assert judge(case, TODAY).status is not S.OVERDUE


def test_what_is_assessed_in_dialogue_has_no_computed_status():
    assert judge(facts(kind=IndicatorKind.DIALOGUE), TODAY) == Judgement(None)


@pytest.mark.parametrize(
    ("found", "overall"),
    [
        ([], None),
        ([None], None),
        ([None, S.REACHED], S.REACHED),
        ([S.REACHED, S.ON_COURSE], S.ON_COURSE),
        ([S.REACHED, S.NO_DATA], S.NO_DATA),
        ([S.OVERDUE, S.NO_DATA], S.OVERDUE),
        ([S.AT_RISK, S.OVERDUE], S.AT_RISK),
        (list(S), S.OFF_COURSE),
    ],
)
def test_a_compound_criterion_stands_as_its_worst_indicator(found, overall):
    assert combine([Judgement(status) for status in found]) is overall


@pytest.mark.parametrize("level", AssessmentLevel)
@pytest.mark.parametrize("computed", [None, *S])
def test_disagreement_needs_a_reason(level, computed):
    agreeing = {
        ("met", "reached"),
        ("partly_met", "on_course"),
        ("partly_met", "at_risk"),
        ("not_met", "off_course"),
    }
    expected = not (
        computed is None
        or level == AssessmentLevel.NOT_ASSESSED
        or (level.value, computed.value) in agreeing
    )
    assert disagrees(level, computed) is expected


FIGURES = st.decimals(-1000, 1000, places=2)
CASES = st.builds(
    facts,
    direction=st.sampled_from(Direction),
    frequency=st.sampled_from(Frequency),
    baseline=st.none() | FIGURES,
    target=st.none() | FIGURES,
    target_on=st.none() | st.dates(dt.date(2024, 1, 1), dt.date(2028, 1, 1)),
    points=st.lists(FIGURES, max_size=5).map(lambda values: points(*values)),
)


@given(CASES)
def test_every_case_has_exactly_one_status_with_word_and_symbol(case):
    status = judge(case, TODAY).status
    assert status in S
    assert status.label
    assert status.symbol.startswith("i-")


@given(CASES, st.decimals(0, 100, places=2))
def test_a_better_figure_never_gives_a_worse_status(case, gain):
    order = [S.OFF_COURSE, S.AT_RISK, S.ON_COURSE, S.REACHED]
    if case.direction not in ("more", "less") or len(case.points) < 2:
        return
    up = gain if case.direction == "more" else -gain
    last = replace(case.points[-1], value=case.points[-1].value + up)
    before = judge(case, TODAY).status
    after = judge(replace(case, points=(*case.points[:-1], last)), TODAY).status
    if before in order:
        assert order.index(after) >= order.index(before)
